import { readFileSync } from "node:fs";
import { compareVersions } from "../domain/version/compare.ts";
import { type Benchmark, contest, runProgram } from "./measure.ts";

const casesFile = new URL("../test/golden/vercmp-cases.tsv", import.meta.url);

/** Every pair of the golden table, again and again. */
function pairs(): readonly (readonly [string, string])[] {
  const lines = readFileSync(casesFile, "utf8").split("\n");
  return lines
    .filter((line) => line !== "")
    .map((line) => [line.split("\t")[0] ?? "", line.split("\t")[1] ?? ""] as const);
}

export const benchmark: Benchmark = {
  name: "version order",
  async run() {
    const cases = pairs();
    const spawned = cases.slice(0, 20);
    const row = await contest({
      what: "10,000 version comparisons",
      peer: "spawning vercmp",
      rounds: 5,
      ours() {
        let sum = 0;
        for (let call = 0; call < 10_000; call += 1) {
          const [a, b] = cases[call % cases.length] ?? ["", ""];
          sum += compareVersions(a, b);
        }
        return sum;
      },
      theirs() {
        for (const [a, b] of spawned) runProgram("vercmp", [a, b]);
      },
    });
    return [{ ...row, peerMs: (row.peerMs / spawned.length) * 10_000 }];
  },
};
