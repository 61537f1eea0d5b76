// The screens of the whole fleet: pools with what is under way, waits and changed, all endpoints, inbox, operations, connection.
import { afterEach, describe, expect, it } from "vitest";
import { ENTER, ESCAPE, openApp as openUndisposed, snapshotOf } from "../test/support/tui-app.tsx";
import { anEndpoint, anOperation, aPool, counts, NOW_MS } from "../test/support/tui-data.ts";
import { type Recording, recordedServer } from "../test/support/tui-server.ts";
import type { LoadedValue } from "./store/state.ts";

const studio = aPool();
const kiosks = aPool("kiosks", { endpoints: 1, online: 1 });
const kiosk = anEndpoint("kiosk", { poolId: "p-kiosks", pool: "kiosks", status: "degraded" });
const borealis = anEndpoint("borealis", { status: "behind", counts: counts({ older: 12 }) });
const done = anOperation("op-1", { state: "succeeded", percent: 100, finishedAtMs: NOW_MS - 120_000 });
const failed = anOperation("op-2", { state: "failed", problems: ["the disk is full"], finishedAtMs: NOW_MS - 60_000 });
const running = anOperation("op-3", { endpoint: "kiosk", endpointId: "e-kiosk", poolId: "p-kiosks", percent: 43 });
const entries = [
  {
    endpointId: "e-kiosk",
    endpoint: "kiosk",
    pool: "kiosks",
    items: [
      { kind: "reboot", subject: "linux", what: "linux was replaced: reboot when it suits", digest: "" },
      { kind: "approval", subject: "firefox", what: "decide about firefox", digest: "" },
    ],
  },
  {
    endpointId: "e-borealis",
    endpoint: "borealis",
    pool: "studio",
    items: [{ kind: "reboot", subject: "glibc", what: "glibc was replaced: reboot when it suits", digest: "" }],
  },
] as const;

const answers: Readonly<Record<string, LoadedValue>> = {
  overview: { kind: "overview", entries, operations: [failed, done] },
  "inbox  ": { kind: "inbox", entries },
  "inbox  e-borealis": { kind: "inbox", entries: [entries[1]] },
  "operations  ": { kind: "operations", operations: [failed, done, { ...running, percent: 10 }] },
  "conflicts  e-kiosk": { kind: "conflicts", conflicts: [] },
  connection: {
    kind: "connection",
    caller: { name: "ada", role: "operator", serverVersion: "0.1.0", protocolVersion: 1, fingerprint: "q4Uu" },
  },
  "drift e-borealis": { kind: "drift", targetRevision: 4, items: [] },
  "drift e-kiosk": { kind: "drift", targetRevision: 4, items: [] },
};

const open: Disposable[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one[Symbol.dispose]();
});

function openApp(more: Partial<Recording> = {}) {
  const events = [
    { kind: "snapshot-item", poolId: "p-studio", item: { kind: "operation", operation: running } } as const,
    ...snapshotOf([studio, kiosks], [borealis, kiosk]),
  ];
  const server = recordedServer({ pools: [studio, kiosks], events, answers, ...more });
  const app = openUndisposed(server, { columns: 110, rows: 32 });
  open.push(app);
  const keys = (text: string): void => {
    app.stdin.write(text);
  };
  return { ...app, keys };
}

describe("the fleet at a glance", () => {
  it("says beside the pools what is under way, what waits and what changed lately, the newest first", async () => {
    const { shows, plain } = openApp();
    await shows(/kiosk ━+─+ 43 %/);
    await shows(/⏻ 2 reboot/);
    await shows(/✗ .* failed, /);
    expect(plain().indexOf("failed, ")).toBeLessThan(plain().indexOf("succeeded, "));
  });

  it("leads to everything that waits, kind by kind, and from there to the endpoint or the decision", async () => {
    const { shows, keys } = openApp();
    await shows(/⏻ 2 reboot/);
    keys("i");
    await shows("Inbox of the whole fleet");
    await shows("waits for a decision (1)");
    await shows("reboot due (2)");
    keys(ENTER);
    await shows("Conflicts on kiosk");
    keys(ESCAPE);
    await shows("Inbox of the whole fleet");
    keys("jj");
    keys(ENTER);
    await shows("Drift");
  });

  it("has every endpoint with its pool in one list that fields filter", async () => {
    const { shows, keys, plain } = openApp();
    await shows("Fleet");
    keys("F");
    await shows(/borealis +studio +↓ behind/);
    await shows(/kiosk +kiosks +! degraded/);
    keys("/pool:kio");
    await shows("1 of 1 that match");
    expect(plain()).not.toMatch(/borealis +studio/);
  });

  it("tells the inbox of one endpoint alone", async () => {
    const { shows, keys, plain } = openApp();
    await shows("Fleet");
    keys(":endpoint borealis");
    await shows(":endpoint borealis");
    keys(ENTER);
    await shows("Drift");
    keys("i");
    await shows("Inbox of borealis");
    await shows("glibc was replaced");
    expect(plain()).not.toContain("linux was replaced");
  });

  it("shows what was done as a history, with what is under way as it is now", async () => {
    const { shows, keys } = openApp();
    await shows("Fleet");
    keys("O");
    await shows("under way (1)");
    await shows("43 %");
    keys("G");
    keys("k");
    await shows("the disk is full");
  });
});

describe("the connection", () => {
  it("says which server it is, as whom it is asked, and that there is no profile to change to", async () => {
    const { shows, keys } = openApp();
    await shows("Fleet");
    keys("C");
    await shows(/key +ada, operator/);
    await shows("no profile is configured");
  });
});
