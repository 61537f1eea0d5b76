// Long computations that can pause: generators that yield where somebody else may have a turn, and return their result.
// Whoever has an event loop runs them in slices; who has nothing else to do finishes them at once.

export type Steps<Result> = Generator<undefined, Result>;

export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
