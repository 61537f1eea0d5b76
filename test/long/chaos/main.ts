// `make chaos`: at least KILLS random SIGKILLs (204 unless said), reproduced by SEED. Exits 1 when a machine was lost.
import { randomInt } from "node:crypto";
import { runChaos, summaryOf } from "./run-chaos.ts";

const { SEED, KILLS } = process.env;
const seed = SEED === undefined || SEED === "" ? randomInt(1_000_000) : Number(SEED);
const kills = KILLS === undefined || KILLS === "" ? 204 : Number(KILLS);
if (!Number.isInteger(seed) || !Number.isInteger(kills)) throw new Error("SEED and KILLS are whole numbers");

const results = await runChaos({ seed, kills, onLine: (line) => process.stdout.write(`${line}\n`) });
const lost = results.flatMap((one) => one.lost);
for (const one of lost) process.stdout.write(`lost: ${one}\n`);
process.stdout.write(`${summaryOf(seed, results)}\n`);
process.exitCode = lost.length === 0 ? 0 : 1;
