// Sync of a whole pool: the plans of all who take part at once, and starting what was approved.
// Nothing is started before every plan is there and a person has seen what they add up to.
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { Deed, StartOperation } from "./deed.ts";
import type { Effect } from "./outcome.ts";
import { type DeedOptions, performOnce, say } from "./perform-deed.ts";
import { questionOf } from "./question.ts";
import { sentenceOf } from "./sentence.ts";
import { MAX_POOL_SYNC, startOf, takingPart, whyLeftOut } from "./starts.ts";

/** Plans at the same time: each is pacman at work on another machine, one line of wait for all is not needed. */
const MAX_AT_ONCE = 8;

export type PlanPool = Extract<Effect, { readonly kind: "plan-pool" }>;

/** Plans everybody who takes part, then asks. Who is named and does not take part is said to be left out. */
export async function planPool({ poolId, pool, endpointIds }: PlanPool, outer: DeedOptions): Promise<void> {
  const { store } = outer;
  using stopping = untilStopped(outer);
  const { signal } = stopping;
  const options = { ...outer, signal };
  const { endpoints: all, pools } = store.getState().fleet;
  const named = endpointIds?.flatMap((id) => all.get(id) ?? []);
  const leftOut: string[] = [];
  for (const one of named ?? []) {
    const why = whyLeftOut(one);
    if (why !== undefined) leftOut.push(`${one.name}: ${why}`);
  }
  const endpoints = (named?.filter((one) => whyLeftOut(one) === undefined) ?? takingPart(all.values(), poolId)).slice(
    0,
    MAX_POOL_SYNC,
  );
  const starts: StartOperation[] = [];
  await eachBounded(endpoints, async (endpoint) => {
    const answer = await planOne(endpoint, options);
    if (typeof answer === "string") leftOut.push(`${endpoint.name}: ${answer}`);
    else starts.push(answer);
  });
  if (signal.aborted) return;
  const byName = (one: StartOperation, other: StartOperation): number => (one.endpoint < other.endpoint ? -1 : 1);
  store.together(() => {
    store.dispatch({ kind: "doing-changed", doing: undefined });
    if (starts.length === 0) {
      const asleep = `who is behind in ${pool} is asleep`;
      say(options, "notice", leftOut.length === 0 ? asleep : leftOut.toSorted().join("; "));
      return;
    }
    const deed: Deed = { kind: "start-many", pool, starts: starts.toSorted(byName), leftOut: leftOut.toSorted() };
    store.dispatch({ kind: "dialog-changed", dialog: questionOf(deed, pools.get(poolId)) });
  });
}

/** A person may stop it: then what was said to be done is not said any more. */
function untilStopped({ store, signal }: DeedOptions): Disposable & { readonly signal: AbortSignal } {
  const stopped = new AbortController();
  const { doing } = store.getState();
  const unsubscribe = store.subscribe(() => {
    if (store.getState().doing !== doing) stopped.abort(new Error("the person stopped it"));
  });
  return { signal: AbortSignal.any([signal, stopped.signal]), [Symbol.dispose]: unsubscribe };
}

/** What would be started, or why not. */
async function planOne(endpoint: EndpointView, { server, signal }: DeedOptions): Promise<StartOperation | string> {
  try {
    const answer = await server.plan(endpoint.id, false, signal);
    if (answer.kind === "no-plan") return answer.because;
    if (answer.kind !== "plan") return "the endpoint answered without a plan";
    if (endpoint.apply === "never") return "its owner allows plans only";
    return startOf(endpoint, answer.plan);
  } catch (error) {
    return sentenceOf(error);
  }
}

/** Starts all of them; one that is refused does not keep the others. */
export async function startMany(
  deed: Extract<Deed, { readonly kind: "start-many" }>,
  options: DeedOptions,
): Promise<void> {
  const refused: string[] = [];
  await eachBounded(deed.starts, async (start) => {
    try {
      await performOnce(start, options);
    } catch (error) {
      refused.push(`${start.endpoint}: ${sentenceOf(error)}`);
    }
  });
  if (options.signal.aborted) return;
  const started = deed.starts.length - refused.length;
  options.store.together(() => {
    options.store.dispatch({ kind: "doing-changed", doing: undefined });
    const words = `${started} of ${deed.starts.length} operations started in ${deed.pool}`;
    if (refused.length === 0) say(options, "good", `${words}; the list shows how far they are`);
    else say(options, "danger", `${words}; ${refused.toSorted().join("; ")}`);
  });
}

async function eachBounded<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(MAX_AT_ONCE, items.length) }, worker));
}
