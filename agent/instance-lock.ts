// One agent per state folder. Locks are numbered and only ever grow: taking over from a dead holder means making the next
// number, which the file system lets exactly one process do. Nothing has to be cleaned up by hand after a kill.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readIfPresent } from "./durable-file.ts";
import { bootId } from "./pacman/process.ts";

/** Another living agent has the state folder. */
export class StateInUseError extends Error {
  override readonly name = "StateInUseError";
  readonly exitCode = 1;
}

/** Each round that fails means that someone else got on. */
const MAX_ROUNDS = 32;

const LOCK = /^agent\.lock\.(\d{1,15})$/;

/** Takes the lock of a state folder. Throws StateInUseError when another living process has it. */
export async function openInstanceLock(stateDir: string): Promise<AsyncDisposable> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const draft = join(stateDir, `agent.lock.${randomBytes(6).toString("hex")}.new`);
  await writeFile(draft, describe(process.pid) ?? "", { mode: 0o600 });
  try {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const newest = Math.max(0, ...(await numbersIn(stateDir)));
      await refuseWhenHeld(stateDir, newest);
      const mine = newest + 1;
      if (await taken(stateDir, draft, mine)) {
        const path = pathOf(stateDir, mine);
        // Emptied, not deleted: a starter that is on its way must not find its number free again.
        return { [Symbol.asyncDispose]: () => writeFile(path, "") };
      }
    }
    throw new StateInUseError(`locking ${stateDir} failed: other agents keep starting on it`);
  } finally {
    await rm(draft, { force: true });
  }
}

async function refuseWhenHeld(stateDir: string, newest: number): Promise<void> {
  const holder = await readIfPresent(pathOf(stateDir, newest));
  const pid = Number(holder?.split(" ")[0]);
  if (holder !== undefined && holder !== "" && describe(pid) === holder) {
    throw new StateInUseError(
      `another agent (pid ${String(pid)}) works with ${stateDir}; stop it first, or give this one its own --state-dir`,
    );
  }
}

async function taken(stateDir: string, draft: string, mine: number): Promise<boolean> {
  try {
    // link() refuses to replace, and the file appears with its content.
    await link(draft, pathOf(stateDir, mine));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") {
      return false;
    }
    throw new Error(`locking ${stateDir}`, { cause });
  }
  const others = (await numbersIn(stateDir)).filter((number) => number !== mine);
  // Someone had taken this number before, was followed by another, and was tidied away by it.
  const isLate = others.some((number) => number > mine);
  const superfluous = isLate ? [mine] : others;
  await Promise.all(superfluous.map((number) => rm(pathOf(stateDir, number), { force: true })));
  return !isLate;
}

async function numbersIn(stateDir: string): Promise<readonly number[]> {
  return (await readdir(stateDir)).flatMap((name) => {
    const [, number] = LOCK.exec(name) ?? [];
    return number === undefined ? [] : [Number(number)];
  });
}

function pathOf(stateDir: string, number: number): string {
  return join(stateDir, `agent.lock.${String(number)}`);
}

/** What a lock says of its holder: pid, start time and boot; undefined when there is no such process. */
function describe(pid: number): string | undefined {
  const startTime = startTimeOf(pid);
  return startTime === undefined ? undefined : `${String(pid)} ${startTime} ${bootId()}\n`;
}

/** In clock ticks since boot; a pid that is used again has another one. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    // The name in parentheses may hold anything; the numbered fields follow the last one.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
