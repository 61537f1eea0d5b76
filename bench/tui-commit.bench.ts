import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openServer, type TestServer } from "../test/support/server.ts";
import type { Benchmark } from "./measure.ts";
import { openSeat, type Seat } from "./tui-latency/keyboard.ts";

const launcher = fileURLToPath(new URL("../cli/pacpool", import.meta.url));
const COMMITS = 40;
/** Longer than changes are gathered: each commit is one by itself. */
const APART_MS = 400;

export const benchmark: Benchmark = {
  name: "tui commit",
  async run() {
    await using server = await openServer();
    const home = mkdtempSync(join(tmpdir(), "pacpool-bench-commit-"));
    const watching = new AbortController();
    try {
      await using seat = await openTui(server, home);
      const told = watchLabels(server, watching.signal);
      const frames: number[] = [];
      const words: number[] = [];
      for (let commit = 0; commit < COMMITS; commit += 1) {
        await sleep(APART_MS);
        const value = `value-${String(commit)}-`;
        const shown = seat.shows(value);
        const heard = told(value);
        const startedAtMs = performance.now();
        await server.admin.endpoints.labelEndpoint({
          idempotencyKey: value,
          endpoint: "atlas",
          set: { commit: value },
        });
        frames.push((await shown) - startedAtMs);
        words.push((await heard) - startedAtMs);
      }
      return [
        row("commit to TUI frame, an isolated commit, p50", frames, words, 0.5),
        row("commit to TUI frame, an isolated commit, p99", frames, words, 0.99),
      ];
    } finally {
      watching.abort();
      rmSync(home, { recursive: true, force: true });
    }
  },
};

function row(what: string, frames: readonly number[], words: readonly number[], share: number) {
  const at = (values: readonly number[]): number =>
    values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) * share)] ?? Number.NaN;
  return { what, oursMs: at(frames), peer: "a bare watch is told of it", peerMs: at(words) };
}

async function openTui(server: TestServer, home: string): Promise<Seat> {
  await server.enrol("atlas", "unassigned");
  writeFileSync(join(home, "ca.pem"), server.ca);
  return openSeat({
    command: [launcher, "tui", "--endpoint", "atlas"],
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: home,
      TERM: "xterm-256color",
      LANG: "C.UTF-8",
      XDG_RUNTIME_DIR: home,
      PACPOOL_RUN_DIR: join(home, "run"),
      PACPOOL_TUI_THEME: "dark",
      PACPOOL_SERVER: server.address,
      PACPOOL_CA: join(home, "ca.pem"),
      PACPOOL_KEY: server.adminKey,
    },
    ready: "atlas",
  });
}

/** Answers with when a bare watch was told of an endpoint with that label. */
function watchLabels(server: TestServer, signal: AbortSignal): (label: string) => Promise<number> {
  let awaited: { readonly label: string; readonly resolve: (atMs: number) => void } | undefined;
  void (async () => {
    for await (const { event } of server.admin.watch.watch({}, { signal })) {
      if (event?.$case !== "batch") continue;
      const labels = event.value.items.map(({ item }) =>
        item?.$case === "endpoint" ? item.value.labels["commit"] : "",
      );
      if (awaited !== undefined && labels.includes(awaited.label)) awaited.resolve(performance.now());
    }
  })().catch(() => undefined);
  return (label) =>
    new Promise((resolve) => {
      awaited = { label, resolve };
    });
}
