// `make bench`: runs every *.bench.ts of this folder and prints one table. `make bench ONLY=word` runs those whose name has it.
import { readdirSync } from "node:fs";
import Table from "cli-table3";
import type { Benchmark, Row } from "./measure.ts";

async function main(): Promise<void> {
  const only = process.env["ONLY"] ?? "";
  const files = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(".bench.ts"))
    .toSorted();
  const rows: Row[] = [];
  for (const file of files) {
    const { benchmark } = (await import(`./${file}`)) as { benchmark: Benchmark };
    if (!benchmark.name.includes(only)) continue;
    process.stderr.write(`${benchmark.name} ...\n`);
    rows.push(...(await benchmark.run()));
  }
  const table = new Table({
    head: ["what", "ours, ms", "peer", "peer, ms", "ours / peer"],
    style: { head: [], border: [] },
  });
  for (const row of rows)
    table.push([row.what, figure(row.oursMs), row.peer, figure(row.peerMs), figure(row.oursMs / row.peerMs)]);
  console.log(table.toString());
}

/** Three significant digits. */
function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

await main();
