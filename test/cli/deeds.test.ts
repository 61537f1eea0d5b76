// Deeds against a server that plays along: what is shown, what runs, and what the exit code says.
import { afterEach, describe, expect, test } from "vitest";
import { SyncStatus } from "../../proto/generated/pacpool/v1/drift.ts";
import { OperationState } from "../../proto/generated/pacpool/v1/operation.ts";
import { openPerson, type Person } from "./run-pacpool.ts";
import { openScriptedFleet, SCRIPTED_KEY, type ScriptedEndpoint, type ScriptedFleet } from "./scripted-fleet.ts";

const { BEHIND, IN_SYNC, AHEAD, DIVERGED } = SyncStatus;

let opened = new AsyncDisposableStack();
afterEach(async () => {
  await opened.disposeAsync();
  opened = new AsyncDisposableStack();
});

async function open(...endpoints: readonly ScriptedEndpoint[]): Promise<{ fleet: ScriptedFleet; person: Person }> {
  const fleet = opened.use(await openScriptedFleet(endpoints));
  const person = opened.use(openPerson({ server: fleet.address, ca: fleet.ca, key: SCRIPTED_KEY }));
  return { fleet, person };
}

interface OperationShape {
  readonly endpoint: string;
  readonly outcome: string;
}

describe("sync", () => {
  test("shows removals first, runs exactly the plan that was shown and exits 0 when it is proven", async () => {
    const { fleet, person } = await open({ name: "borealis", status: BEHIND, removes: ["old"] });
    const shown = (await person.json("plan", "borealis")) as { readonly planDigest: string };
    const { code, stdout } = await person.pacpool("sync", "--endpoint", "borealis", "--yes");
    expect(code).toBe(0);
    expect(stdout.indexOf("remove")).toBeLessThan(stdout.indexOf("upgrade"));
    expect(stdout).toContain("borealis: transaction 60%");
    expect(stdout).toContain("borealis: succeeded");
    expect(fleet.started).toEqual([{ endpoint: "borealis", planDigest: shown.planDigest }]);
  });

  test("of a pool takes who is behind or diverged, and says why the others stay", async () => {
    const { fleet, person } = await open(
      { name: "a", status: IN_SYNC },
      { name: "b", status: BEHIND },
      { name: "c", status: DIVERGED },
      { name: "d", status: AHEAD },
    );
    const { code, stderr } = await person.pacpool("sync", "--pool", "main", "--yes");
    expect(code).toBe(0);
    expect(fleet.started.map(({ endpoint }) => endpoint).toSorted()).toEqual(["b", "c"]);
    expect(stderr).toContain("d: left as it is: it is ahead");
  });

  test("brings a machine that is ahead back only when that is asked for, and offers to publish it", async () => {
    const { fleet, person } = await open({ name: "d", status: AHEAD });
    const left = await person.pacpool("sync", "--endpoint", "d", "--yes");
    expect(left.code).toBe(4);
    expect(left.stderr).toContain("publish it for the pool: pacpool set-latest --endpoint d");
    expect(left.stderr).toContain("pacpool sync --endpoint d --downgrade");
    expect(fleet.started).toEqual([]);
    expect((await person.pacpool("sync", "--endpoint", "d", "--yes", "--downgrade")).code).toBe(0);
    expect(fleet.started).toHaveLength(1);
  });

  test("without a terminal and without --yes exits 2 and starts nothing", async () => {
    const { fleet, person } = await open({ name: "b", status: BEHIND });
    const { code, stderr } = await person.pacpool("sync", "--endpoint", "b");
    expect(code).toBe(2);
    expect(stderr).toContain("--yes");
    expect(fleet.started).toEqual([]);
  });

  test("with nothing to do exits 0 and starts nothing", async () => {
    const { fleet, person } = await open({ name: "a", status: IN_SYNC });
    expect((await person.pacpool("sync", "--endpoint", "a", "--yes")).code).toBe(0);
    expect(fleet.started).toEqual([]);
  });

  test("exits 4 with every detail when the endpoint has no plan", async () => {
    const { person } = await open({ name: "b", status: BEHIND, refuses: "FILES_MISSING" });
    const { code, stderr } = await person.pacpool("sync", "--endpoint", "b", "--yes");
    expect(code).toBe(4);
    expect(stderr).toContain("b: no plan: it cannot");
    expect(stderr).toContain("linux-6.9");
  });

  test("exits 1 when it ended degraded, and names the problem and what to do", async () => {
    const { person } = await open({ name: "b", status: BEHIND, ends: OperationState.DEGRADED });
    const { code, stderr } = await person.pacpool("sync", "--endpoint", "b", "--yes");
    expect(code).toBe(1);
    expect(stderr).toContain("b has a problem");
    expect(stderr).toContain("pacpool operation show op-b");
  });

  test("exits 4 when the agent refused the operation", async () => {
    const { person } = await open({ name: "b", status: BEHIND, ends: OperationState.REFUSED });
    expect((await person.pacpool("sync", "--endpoint", "b", "--yes")).code).toBe(4);
  });

  test("follows an operation through a break of its stream", async () => {
    const { person } = await open({ name: "b", status: BEHIND, breaks: true });
    const operations = (await person.json("sync", "--endpoint", "b", "--yes")) as readonly OperationShape[];
    expect(operations).toMatchObject([{ endpoint: "b", outcome: "succeeded" }]);
  });

  test("starts although the server learns the machine's newest report a moment after the plan", async () => {
    const { fleet, person } = await open({ name: "b", status: BEHIND, staleStarts: 2 });
    expect((await person.pacpool("sync", "--endpoint", "b", "--yes")).code).toBe(0);
    expect(fleet.started).toHaveLength(1);
  });

  test("exits 4 when the machine has really moved on since the plan", async () => {
    const { fleet, person } = await open({ name: "b", status: BEHIND, staleStarts: 1_000 });
    const { code, stderr } = await person.pacpool("sync", "--endpoint", "b", "--yes");
    expect(code).toBe(4);
    expect(stderr).toContain("b: starting the operation: endpoint b has changed since the plan was made");
    expect(fleet.started).toEqual([]);
  });

  test("detached prints the operations' ids and does not wait", async () => {
    const { person } = await open({ name: "b", status: BEHIND }, { name: "c", status: BEHIND });
    const { code, stdout } = await person.pacpool("sync", "--endpoint", "b", "--endpoint", "c", "--yes", "--detach");
    expect(code).toBe(0);
    expect(stdout.trim().split("\n").slice(-2)).toEqual(["op-b", "op-c"]);
  });
});

test("revert asks for the way back and runs it", async () => {
  const { fleet, person } = await open({ name: "b", status: BEHIND });
  const back = (await person.json("plan", "b", "--revert")) as { readonly planDigest: string };
  expect((await person.pacpool("revert", "--endpoint", "b", "--yes")).code).toBe(0);
  expect(fleet.started).toEqual([{ endpoint: "b", planDigest: back.planDigest }]);
});

test("operation watch follows to the end and exits with the outcome", async () => {
  const { person } = await open(
    { name: "good", status: BEHIND },
    { name: "bad", status: BEHIND, ends: OperationState.FAILED },
  );
  expect((await person.pacpool("operation", "watch", "op-good")).code).toBe(0);
  expect((await person.pacpool("operation", "watch", "op-bad")).code).toBe(1);
});

describe("operation repair", () => {
  test("without an operation shows what is installed again, needs consent, runs it and exits with the outcome", async () => {
    const { fleet, person } = await open({ name: "torn", status: SyncStatus.BLOCKED });
    expect((await person.pacpool("operation", "repair", "--endpoint", "torn")).code).toBe(2);
    expect(fleet.started).toEqual([]);
    const { code, stdout } = await person.pacpool("operation", "repair", "--endpoint", "torn", "--yes");
    expect(code).toBe(0);
    expect(stdout).toContain("torn: succeeded");
    expect(fleet.started).toMatchObject([{ endpoint: "torn" }]);
  });

  test("of what cannot be installed again exits 4, says why and starts nothing", async () => {
    const { fleet, person } = await open({ name: "torn", status: SyncStatus.BLOCKED, refuses: "FILES_MISSING" });
    const { code, stderr } = await person.pacpool("operation", "repair", "--endpoint", "torn", "--yes");
    expect(code).toBe(4);
    expect(stderr).toContain("linux-6.9");
    expect(fleet.started).toEqual([]);
  });
});
