// One agent per state folder. The lock names its holder by pid and start time, so that a kill leaves nothing to clean
// up by hand and a reused pid is not taken for the holder.
import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readIfPresent } from "./durable-file.ts";
import { markOf } from "./pacman/process.ts";

/** Another living agent has the state folder. */
export class StateInUseError extends Error {
  override readonly name = "StateInUseError";
  readonly exitCode = 1;
}

/** Several starters may find the same stale lock; each round at least one of them gets on. */
const MAX_ROUNDS = 8;

/** Takes the lock of a state folder. Throws StateInUseError when another living process has it. */
export async function openInstanceLock(stateDir: string): Promise<AsyncDisposable> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const path = join(stateDir, "agent.lock");
  const own = describe(process.pid) ?? `${String(process.pid)}\n`;
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, own, { mode: 0o600 });
  try {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      // link() is atomic and refuses to replace: the lock appears with its content or not at all.
      if (await linked(draft, path)) {
        return { [Symbol.asyncDispose]: () => release(path, own) };
      }
      const holder = await readIfPresent(path);
      if (holder !== undefined && isAlive(holder)) {
        const pid = holder.split(" ")[0] ?? "?";
        throw new StateInUseError(
          `another agent (pid ${pid}) works with ${stateDir}; stop it first, or give this one its own --state-dir`,
        );
      }
      if (holder !== undefined) {
        await takeAway(path, holder);
      }
    }
    throw new StateInUseError(`taking ${path} failed: other agents keep starting on ${stateDir}`);
  } finally {
    await rm(draft, { force: true });
  }
}

/** What a lock says of its holder: pid, start time and boot; undefined when there is no such process. */
function describe(pid: number): string | undefined {
  const mark = markOf(pid);
  return mark === undefined ? undefined : `${String(mark.pid)} ${mark.startTime} ${mark.bootId}\n`;
}

function isAlive(lock: string): boolean {
  const pid = Number(lock.split(" ")[0]);
  return Number.isInteger(pid) && describe(pid) === lock;
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") {
      return false;
    }
    throw new Error(`writing ${to}`, { cause });
  }
}

/** Moves a dead holder's lock aside, and puts it back when someone alive had replaced it in between. */
async function takeAway(path: string, dead: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString("hex")}.dead`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, "utf8")) !== dead) {
    await linked(aside, path);
  }
  await rm(aside, { force: true });
}

async function release(path: string, own: string): Promise<void> {
  if ((await readIfPresent(path)) === own) {
    await rm(path, { force: true });
  }
}
