// One connection to the server for all bars of a person: the first copy leads and hands what it learns to the others over
// a socket; when it ends, one of them takes over. Must not know what is handed on, nor where the leader has it from.
import { lstatSync, mkdirSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import type { BarSummary } from "../domain/status-line/bar-summary.ts";
import { pause } from "./pause.ts";

/** Feeds `publish` until the signal aborts or there is nothing more to come. */
export type Lead = (publish: (summary: BarSummary) => void, signal: AbortSignal) => Promise<void>;

export interface SharedSource {
  /** Where copies meet, in a folder of this person only. Undefined: there is no such folder, and each is on its own. */
  readonly path: string | undefined;
  readonly lead: Lead;
  readonly show: (summary: BarSummary) => void;
  readonly signal: AbortSignal;
}

/** A leader says something at least every minute (BOOKMARKS in follow-server.ts); one that does not hangs. */
const SILENCE_MS = 150_000;
/** So that copies that lose their leader together do not all try to take over in the same moment. */
const TAKEOVER_JITTER_MS = 150;
/** Bars of one person: a few monitors, a follower for notifications. */
const MAX_FOLLOWERS = 64;
/** A summary is a few KiB; a thousand pools are some hundred. */
const MAX_MESSAGE_CHARS = 2 * 1024 * 1024;
/** Tries to take a place that somebody else has and does not answer at. After that each is on its own. */
const MAX_FRUITLESS = 20;

/** Leads or follows, whatever is needed, until the signal aborts or the leading is over by itself. */
export async function shareSource(source: SharedSource): Promise<void> {
  const { path, lead, show, signal } = source;
  if (path === undefined || !isOurFolder(dirname(path))) return await lead(show, signal);
  let fruitless = 0;
  while (!signal.aborted) {
    const outcome = await followLeader(path, show, signal);
    if (signal.aborted) return;
    if (outcome.kind === "lost") {
      fruitless = 0;
      await pause(Math.random() * TAKEOVER_JITTER_MS, signal);
      continue;
    }
    await using desk = await openDesk(path, outcome.leftover);
    if (desk === undefined) {
      fruitless += 1;
      if (fruitless > MAX_FRUITLESS) return await lead(show, signal);
      await pause(TAKEOVER_JITTER_MS * (0.5 + Math.random()), signal);
      continue;
    }
    const publish = (summary: BarSummary): void => {
      desk.publish(summary);
      show(summary);
    };
    await lead(publish, AbortSignal.any([signal, desk.replaced]));
    if (!desk.replaced.aborted) return;
  }
}

type Followed = { readonly kind: "absent"; readonly leftover: string | undefined } | { readonly kind: "lost" };

/** Until the leader goes, hangs, or was never there. */
function followLeader(path: string, show: SharedSource["show"], signal: AbortSignal): Promise<Followed> {
  const leftover = identityOf(path);
  return new Promise((resolve) => {
    const socket = connect(path);
    let received = "";
    let isLeaderThere = false;
    const end = (outcome: Followed): void => {
      signal.removeEventListener("abort", stop);
      socket.destroy();
      resolve(outcome);
    };
    const stop = (): void => {
      end({ kind: "lost" });
    };
    signal.addEventListener("abort", stop);
    socket.setEncoding("utf8");
    // Whoever is silent that long has to make room: its place is taken from it.
    socket.setTimeout(SILENCE_MS, () => {
      end({ kind: "absent", leftover });
    });
    socket.once("error", () => {
      end(isLeaderThere ? { kind: "lost" } : { kind: "absent", leftover });
    });
    socket.once("close", () => {
      end({ kind: "lost" });
    });
    socket.once("connect", () => {
      isLeaderThere = true;
    });
    socket.on("data", (part: string) => {
      received += part;
      const lines = received.split("\n");
      received = lines.pop() ?? "";
      // Only the newest counts.
      const summary = parseMessage(lines.at(-1));
      if (summary !== undefined) show(summary);
      if (received.length > MAX_MESSAGE_CHARS) end({ kind: "lost" });
    });
  });
}

/** Copies of another version meet elsewhere, and nobody else can write here: what parses is right. */
function parseMessage(line: string | undefined): BarSummary | undefined {
  if (line === undefined) return undefined;
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === "object" && message !== null && "kind" in message ? (message as BarSummary) : undefined;
  } catch {
    return undefined;
  }
}

/** The leader's side. */
interface Desk extends AsyncDisposable {
  readonly publish: (summary: BarSummary) => void;
  /** Aborts when another copy has taken the place: two of them found the same leftover at once. */
  readonly replaced: AbortSignal;
}

/** How often a leader looks whether the place is still its own. */
const LOOK_MS = 30_000;
const FIRST_LOOK_MS = 1_000;

/** Undefined when somebody else is there. `leftover` is a socket that nobody answers at. */
async function openDesk(path: string, leftover: string | undefined): Promise<Desk | undefined> {
  const followers = new Set<Socket>();
  let last = "";
  const server = createServer((socket) => {
    followers.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => followers.delete(socket));
    // Nothing is asked here; reading is how the end of a follower is noticed.
    socket.resume();
    if (last !== "") socket.write(last);
  });
  server.maxConnections = MAX_FOLLOWERS;
  if (!(await listenAt(server, path, leftover))) return undefined;
  const identity = identityOf(path);
  const replaced = new AbortController();
  const look = (): void => {
    if (identityOf(path) !== identity) replaced.abort();
  };
  const timers = [setTimeout(look, FIRST_LOOK_MS), setInterval(look, LOOK_MS)];
  for (const timer of timers) timer.unref();
  return {
    replaced: replaced.signal,
    publish(summary) {
      last = `${JSON.stringify(summary)}\n`;
      for (const socket of followers) {
        // One that does not read gets the newest when it comes back.
        if (socket.writableLength > MAX_MESSAGE_CHARS) socket.destroy();
        else socket.write(last);
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const timer of timers) clearInterval(timer);
      // Closing removes the path, which is another's when the place was taken; nobody finds this server there then.
      const closed = new Promise<void>((resolve) => {
        if (replaced.signal.aborted) resolve();
        else server.close(() => resolve());
      });
      // What was published last still has to leave.
      await Promise.all([...followers].map(endSocket));
      await closed;
    },
  };
}

function endSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.destroy(), 200);
    socket.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
    socket.end();
  });
}

async function listenAt(server: Server, path: string, leftover: string | undefined): Promise<boolean> {
  if (await tryListen(server, path)) return true;
  return leftover !== undefined && (await takePlace(server, path, leftover));
}

/** Longer than any copy needs to take a place: a lock that is older is of one that was killed meanwhile. */
const OLD_LOCK_MS = 5_000;

/** One copy at a time: between a look at the leftover and its removal another may have taken the place. */
async function takePlace(server: Server, path: string, leftover: string): Promise<boolean> {
  const lock = `${path}.lock`;
  try {
    mkdirSync(lock);
  } catch {
    const lockedAtMs = lstatSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Math.abs(Date.now() - lockedAtMs) > OLD_LOCK_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
  try {
    if (identityOf(path) !== leftover) return false;
    rmSync(path, { force: true });
    return await tryListen(server, path);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function tryListen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const failed = (): void => {
      resolve(false);
    };
    server.once("error", failed);
    // Bound before listen returns: nobody else may write here, not even for a moment.
    const mask = process.umask(0o177);
    server.listen(path, () => {
      server.removeListener("error", failed);
      resolve(true);
    });
    process.umask(mask);
  });
}

/** Which socket lies there: numbers of inodes are given again at once. */
function identityOf(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? undefined : `${String(stat.ino)} ${String(stat.ctimeNs)}`;
}

/** Made when absent. What others may write in would let them speak in the leader's name. */
function isOurFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(folder);
    return uid === process.getuid?.() && (mode & 0o022) === 0;
  } catch {
    return false;
  }
}
