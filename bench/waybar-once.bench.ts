import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NO_DRIFT } from "../domain/drift/drift.ts";
import { statusLine } from "../domain/status-line/status-line.ts";
import type { StatusSummary } from "../domain/status-line/status-summary.ts";
import { CHECK_UPDATES } from "./check-updates.ts";
import { largeRepository, openLargeRoot } from "./large-root.ts";
import { type Benchmark, type Contest, contest, type Row, runProgram } from "./measure.ts";

const launcher = fileURLToPath(new URL("../cli/pacpool", import.meta.url));

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
          what: "waybar --once, with a template of one's own (whole process)",
          peer,
          ours: () => runProgram(launcher, ["waybar", "--once", "--text", "{behind}"], env),
          theirs,
        }),
        await besideAgent(env, runtime, summary, { peer, theirs }),
      ];
    } finally {
      rmSync(runtime, { recursive: true, force: true });
    }
  },
};

/** The file is an hour old: the machine slept, and its agent has to be asked. */
async function besideAgent(
  env: NodeJS.ProcessEnv,
  runtime: string,
  summary: StatusSummary,
  theirs: Pick<Contest, "peer" | "theirs">,
): Promise<Row> {
  const folder = join(runtime, "pacpool");
  writeFileSync(join(folder, "status"), "0\n{}\n");
  writeFileSync(join(folder, "status.json"), JSON.stringify({ ...summary, reportedAtMs: Date.now() - 3_600_000 }));
  const agent = spawn(process.execPath, ["-e", AGENT, join(folder, "agent.sock"), JSON.stringify(summary)]);
  await once(agent.stdout, "data");
  const ours = (): string => runProgram(launcher, ["waybar", "--once"], env);
  if (ours().includes("stale")) throw new Error("the agent was not asked");
  const row = await contest({ what: "waybar --once, asking the agent (whole process)", ours, ...theirs });
  agent.kill("SIGKILL");
  return row;
}

/** In a process of its own: this one waits for the module without turning its loop. */
const AGENT = `const [path, summary] = process.argv.slice(1);
const answer = () => JSON.stringify({ ok: true, answer: { ...JSON.parse(summary), reportedAtMs: Date.now() } }) + "\\n";
require("node:net").createServer((s) => s.on("data", () => s.write(answer())).on("error", () => 0)).listen(path, () => console.log("up"));`;

function environment(runtime: string): NodeJS.ProcessEnv {
  mkdirSync(join(runtime, "pacpool"));
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PACPOOL_"));
  return { ...Object.fromEntries(inherited), XDG_RUNTIME_DIR: runtime, PACPOOL_RUN_DIR: join(runtime, "pacpool") };
}
