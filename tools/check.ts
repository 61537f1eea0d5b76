// Runs every gate of the tree, two at a time, and shows the output of those that fail.
// Argument: what the contract is compared with, in buf's words (`.git#branch=main`).
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { performance } from "node:perf_hooks";

type Gate = { readonly name: string; readonly command: readonly [string, ...string[]] };
type Verdict = { readonly gate: Gate; readonly passed: boolean; readonly output: string; readonly seconds: number };

// The machines that run this have two cores.
const atOnce = 2;

const shellScripts = ["cli/pacpool", ".ci/run", ...globSync("tools/*.sh")];

/** A comparison needs a main branch that already holds the contract: the first commits and shallow clones have none. */
function breakingGate(against: string): readonly Gate[] {
  return [
    {
      name: "contract breaks",
      command: [
        "sh",
        "-c",
        `git cat-file -e main:buf.yaml 2>/dev/null && git cat-file -e main:proto/pacpool 2>/dev/null || exit 0
         exec buf breaking --against "$1"`,
        "sh",
        against,
      ],
    },
  ];
}

function gates(against: string): readonly Gate[] {
  return [
    // The slow ones first, so that the short ones fill the second core.
    { name: "types", command: ["tsc", "-b"] },
    { name: "lint", command: ["oxlint"] },
    { name: "unused", command: ["knip", "--no-progress"] },
    { name: "generated", command: ["node", "tools/generate.ts", "--check"] },
    { name: "format", command: ["biome", "ci", "--colors=off", "--linter-enabled=false", "--log-level=warn", "."] },
    { name: "contract", command: ["buf", "lint"] },
    ...breakingGate(against),
    { name: "lock", command: ["node", "tools/lock-stubs.ts", "--check"] },
    { name: "shell", command: ["sh", "-c", 'for f in "$@"; do sh -n "$f" || exit 1; done', "sh", ...shellScripts] },
  ];
}

function run(gate: Gate): Promise<Verdict> {
  const started = performance.now();
  const [program, ...args] = gate.command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    const finish = (passed: boolean, extra: string) =>
      resolve({
        gate,
        passed,
        output: Buffer.concat(chunks).toString() + extra,
        seconds: (performance.now() - started) / 1000,
      });
    child.on("error", (error) => finish(false, `${program} could not be started: ${error.message}\n`));
    child.on("close", (code) => finish(code === 0, ""));
  });
}

async function main(): Promise<void> {
  const waiting = [...gates(process.argv[2] ?? ".git#branch=main")];
  const failed: string[] = [];
  const work = async () => {
    for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift()) {
      const verdict = await run(gate);
      console.log(`${verdict.passed ? "ok    " : "FAILED"} ${gate.name.padEnd(16)} ${verdict.seconds.toFixed(1)} s`);
      if (verdict.passed) continue;
      failed.push(gate.name);
      console.log(verdict.output.trimEnd().replace(/^/gm, "  | "));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (failed.length === 0) return;
  console.log(`\nmake check failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}

await main();
