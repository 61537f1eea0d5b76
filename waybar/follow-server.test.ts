import { expect, it } from "vitest";
import type { BarSummary } from "../domain/status-line/bar-summary.ts";
import { eventually } from "../test/support/eventually.ts";
import { followServer } from "./follow-server.ts";
import type { Beat, Pulse } from "./pulse.ts";

type Options = Parameters<typeof followServer>[0];
type Watch = Options["connection"]["watch"]["watch"];

/** A server that a test lets speak, each watch of it until it is aborted. */
function open(greet: boolean) {
  const beats = new Set<(beat: Beat) => void>();
  const pulse: Pulse = {
    follow: (listener, signal) => {
      beats.add(listener);
      signal.addEventListener("abort", () => beats.delete(listener));
    },
    [Symbol.dispose]: () => undefined,
  };
  let watches = 0;
  const watch: Watch = async function* (_request, options) {
    watches += 1;
    if (!greet && watches === 1) throw new Error("no route");
    yield { event: { $case: "snapshotEnd", value: { poolId: "p", revision: 1n, incarnation: "i", snapshotsLeft: 0 } } };
    await new Promise<void>((_resolve, reject) => {
      options?.signal?.addEventListener("abort", () => reject(new Error("cancelled")));
    });
  };
  const shown: BarSummary[] = [];
  const lost: (BarSummary | undefined)[] = [];
  const stop = new AbortController();
  const over = followServer({
    connection: { watch: { watch } } as Options["connection"],
    scope: { kind: "fleet" },
    show: (summary) => void shown.push(summary),
    lost: (_error, known) => void lost.push(known),
    pulse,
    signal: stop.signal,
  });
  const beat = (hasJumped: boolean): void => {
    for (const listener of beats) listener({ hasJumped });
  };
  const end = async (): Promise<void> => {
    stop.abort();
    await over;
  };
  return { shown, lost, beat, end, watches: () => watches, listeners: () => beats.size };
}

it("asks again at once when the machine was asleep: the old connection only looks alive", async () => {
  const server = open(true);
  await eventually("a summary", () => server.shown[0]);
  server.beat(false);
  expect(server.watches()).toBe(1);
  server.beat(true);
  await eventually("another watch", () => server.watches() === 2 || undefined);
  expect(server.lost).toEqual([]);
  await server.end();
  expect(server.listeners()).toBe(0);
});

it("says that the server is lost, with nothing known yet, and comes back", async () => {
  const server = open(false);
  await eventually("a summary", () => server.shown[0]);
  expect(server.lost).toEqual([undefined]);
  await server.end();
});
