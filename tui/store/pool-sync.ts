// Sync of a whole pool: the plans of all who take part at once, and starting what was approved.
// Nothing is started before every plan is there and a person has seen what they add up to.
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { Deed, StartOperation } from "./deed.ts";
import { type DeedOptions, performOnce, say } from "./perform-deed.ts";
import { sentenceOf } from "./sentence.ts";
import { MAX_POOL_SYNC, startOf, takingPart } from "./starts.ts";

/** Plans at the same time: each is pacman at work on another machine, one line of wait for all is not needed. */
const MAX_AT_ONCE = 8;
/** Plans everybody, then asks. */
export async function planPool(poolId: string, pool: string, options: DeedOptions): Promise<void> {
  const { store, signal } = options;
  const endpoints = takingPart(store.getState().fleet.endpoints.values(), poolId).slice(0, MAX_POOL_SYNC);
  const starts: StartOperation[] = [];
  const leftOut: string[] = [];
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
      say(
        options,
        "notice",
        leftOut.length === 0 ? `who is behind in ${pool} is asleep` : leftOut.toSorted().join("; "),
      );
      return;
    }
    const deed: Deed = { kind: "start-many", pool, starts: starts.toSorted(byName), leftOut: leftOut.toSorted() };
    store.dispatch({ kind: "dialog-changed", dialog: { kind: "confirm", deed } });
  });
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
