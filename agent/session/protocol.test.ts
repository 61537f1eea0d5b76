import { expect, test } from "vitest";
import { EMPTY_PACKAGE_SET, makePackageSet } from "../../domain/package-set/package-set.ts";
import { setOf } from "../../test/support/sample-packages.ts";
import type { MachineFacts, MachineState } from "../machine.ts";
import { advance, greet, type StreamOutput, type StreamState } from "./protocol.ts";

const facts: MachineFacts = {
  held: [],
  apply: "ask",
  root: "/r",
  isRebootRequired: false,
  healthProblems: [],
  inbox: [],
};
const view = { architecture: "x86_64", class: "", databases: [] };

function machine(digest: string, more: Partial<MachineState> = {}): MachineState {
  return { set: EMPTY_PACKAGE_SET, digest, view, viewDigest: "v1", servers: [], facts, ...more };
}

const welcome = {
  $case: "welcome",
  value: {
    sessionEpoch: 1n,
    heartbeat: undefined,
    endpointId: "e",
    name: "n",
    poolId: "p",
    pool: "l",
    serverTime: undefined,
  },
} as const;

/** A stream that the server has welcomed. */
function live(start: MachineState): StreamState {
  return advance(greet(start), { kind: "received", body: welcome }).state;
}

function said(outputs: readonly StreamOutput[]): readonly string[] {
  return outputs.map((one) => (one.kind === "send" ? one.saying.$case : one.kind));
}

function reports(outputs: readonly StreamOutput[]) {
  return outputs.flatMap((one) =>
    one.kind === "send" && one.saying.$case === "stateReport" ? [one.saying.value] : [],
  );
}

test("before Welcome a change is kept back, after it the difference is sent", () => {
  const greeting = advance(greet(machine("a", { set: setOf("foo 1") })), {
    kind: "machine",
    machine: machine("b", { set: setOf("foo 2") }),
  });
  expect(greeting.outputs).toEqual([]);
  const welcomed = advance(greeting.state, { kind: "received", body: welcome });
  expect(said(welcomed.outputs)).toEqual(["welcomed", "stateReport"]);
  expect(reports(welcomed.outputs)).toMatchObject([{ baseDigest: "a", digest: "b", upserts: [{ name: "foo" }] }]);
});

test("each difference is based on what was sent before, not on what was acknowledged", () => {
  const first = advance(live(machine("a")), { kind: "machine", machine: machine("b", { set: setOf("foo 1") }) });
  const second = advance(first.state, { kind: "machine", machine: machine("c", { set: setOf("bar 1") }) });
  expect(reports(second.outputs)).toMatchObject([{ baseDigest: "b", digest: "c", removed: ["foo"] }]);
});

test("a reading that says nothing new is not sent", () => {
  const { outputs } = advance(live(machine("a")), { kind: "machine", machine: machine("a", { facts: { ...facts } }) });
  expect(outputs).toEqual([]);
});

test("new facts alone travel in a report without packages", () => {
  const rebooting = machine("a", { facts: { ...facts, isRebootRequired: true } });
  const { outputs } = advance(live(machine("a")), { kind: "machine", machine: rebooting });
  expect(reports(outputs)).toMatchObject([
    { baseDigest: "a", digest: "a", upserts: [], removed: [], facts: { rebootRequired: true } },
  ]);
});

test("a new view goes before the packages that came from it", () => {
  const { outputs } = advance(live(machine("a")), {
    kind: "machine",
    machine: machine("b", { set: setOf("foo 1"), viewDigest: "v2" }),
  });
  expect(said(outputs)).toEqual(["viewReport", "stateReport"]);
});

test("a full report of 4,500 packages has three chunks, the facts in the last", () => {
  const names = Array.from({ length: 4_500 }, (_, index) => `p${String(index).padStart(5, "0")}`);
  const set = makePackageSet(
    names.map((name) => ({ name, version: "1-1", architecture: "any", buildDate: 1, reason: "explicit" })),
  );
  const body = { $case: "requestFullState", value: { reason: "unknown" } } as const;
  const { outputs } = advance(live(machine("a", { set })), { kind: "received", body });
  const chunks = reports(outputs);
  expect(chunks.map(({ upserts, chunk }) => [chunk, upserts.length])).toEqual([
    [0, 2_000],
    [1, 2_000],
    [2, 500],
  ]);
  expect(
    new Set(chunks.map(({ reportId, baseDigest, chunks: count }) => `${reportId} ${baseDigest} ${String(count)}`)),
  ).toEqual(new Set(["r1  3"]));
  expect(chunks.map((one) => one.facts !== undefined)).toEqual([false, false, true]);
});

test("two reports of one stream never share an id", () => {
  const body = { $case: "requestFullState", value: { reason: "unknown" } } as const;
  const first = advance(live(machine("a")), { kind: "received", body });
  const second = advance(first.state, { kind: "received", body });
  expect(reports(first.outputs)[0]?.reportId).not.toBe(reports(second.outputs)[0]?.reportId);
});

test("asked for a view it says the view, asked for databases it uploads them", () => {
  const ask = (sha256: string[]) =>
    advance(live(machine("a")), { kind: "received", body: { $case: "requestView", value: { sha256 } } });
  expect(said(ask([]).outputs)).toEqual(["viewReport"]);
  expect(ask(["00"]).outputs).toEqual([{ kind: "upload", sha256: ["00"] }]);
});

test("after a drain it says goodbye and nothing more", () => {
  const body = { $case: "drain", value: { minDelay: undefined, maxDelay: undefined, reason: "upgrade" } } as const;
  const { state, outputs } = advance(live(machine("a")), { kind: "received", body });
  expect(said(outputs)).toEqual(["goodbye", "leave"]);
  expect(advance(state, { kind: "machine", machine: machine("b", { set: setOf("foo 1") }) }).outputs).toEqual([]);
});

test("a message of a newer server that this agent does not know is passed over", () => {
  const state = live(machine("a"));
  expect(advance(state, { kind: "received", body: undefined })).toEqual({ state, outputs: [] });
});
