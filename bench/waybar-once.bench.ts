import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NO_DRIFT } from "../domain/drift/drift.ts";
import { statusLine } from "../domain/status-line/status-line.ts";
import type { StatusSummary } from "../domain/status-line/status-summary.ts";
import { largeRepository, openLargeRoot } from "./large-root.ts";
import { type Benchmark, contest, runProgram } from "./measure.ts";

const launcher = fileURLToPath(new URL("../cli/pacpool", import.meta.url));

/** What checkupdates does: a private copy of the databases, refreshed, then asked. */
const CHECK_UPDATES =
  'd=$(mktemp -d) && ln -s "$1/local" "$d/local" && pacman --config "$2" --dbpath "$d" --logfile /dev/null -Sy >/dev/null; pacman --config "$2" --dbpath "$d" -Qu; rm -r "$d"';

export const benchmark: Benchmark = {
  name: "waybar once",
  async run() {
    using root = openLargeRoot();
    writeFileSync(join(root.mirror, "extra.db"), await largeRepository());
    const runtime = mkdtempSync(join(tmpdir(), "pacpool-bench-run-"));
    try {
      const env = environment(runtime);
      const summary: StatusSummary = {
        endpoint: "atlas",
        pool: "main",
        status: "behind",
        counts: { ...NO_DRIFT, older: 3 },
        targetRevision: 1,
        reasons: ["3 packages are older"],
        reportedAtMs: Date.now(),
      };
      const line = statusLine(summary, Date.now());
      writeFileSync(join(runtime, "pacpool", "status"), `${String(Math.floor(Date.now() / 1_000) + 100)}\n${line}\n`);
      writeFileSync(join(runtime, "pacpool", "status.json"), JSON.stringify(summary));
      const theirs = () => runProgram("sh", ["-c", CHECK_UPDATES, "sh", root.dbPath, root.configFile]);
      const peer = "the checkupdates way, repository on disk";
      return [
        await contest({
          what: "waybar --once, the agent's line fresh (whole process)",
          peer,
          ours: () => runProgram(launcher, ["waybar", "--once"], env),
          theirs,
        }),
        await contest({
          what: "waybar --once, from the agent's summary (whole process)",
          peer,
          ours: () => runProgram(launcher, ["waybar", "--once", "--no-color"], env),
          theirs,
        }),
      ];
    } finally {
      rmSync(runtime, { recursive: true, force: true });
    }
  },
};

function environment(runtime: string): NodeJS.ProcessEnv {
  mkdirSync(join(runtime, "pacpool"));
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PACPOOL_"));
  return { ...Object.fromEntries(inherited), XDG_RUNTIME_DIR: runtime, PACPOOL_RUN_DIR: join(runtime, "pacpool") };
}
