// The agent's Unix socket: status and plan for the people on this machine, without the server. Who may ask is decided
// by the socket's mode and group. Must not know how an answer is made.
import { chmod, chown, mkdir, readFile, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { type Answer, badQuestion, MAX_QUESTION_BYTES, parseQuestion, type Question } from "./protocol.ts";

export interface LocalSocketOptions {
  readonly runDir: string;
  /** Never rejects; `signal` ends with the connection. */
  readonly answer: (question: Question, signal: AbortSignal) => Promise<Answer>;
}

/** Bars, terminals and scripts of one machine; more at once is a loop gone wrong. */
const MAX_CONNECTIONS = 32;
/** A connection that says nothing for that long is closed. */
const IDLE_MS = 60_000;

export function socketPath(runDir: string): string {
  return join(runDir, "agent.sock");
}

/** Listens until disposed. The caller holds the state folder's lock, so a socket that is there already is a leftover. */
export async function openLocalSocket(options: LocalSocketOptions): Promise<AsyncDisposable> {
  const path = socketPath(options.runDir);
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await rm(path, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    serve(socket, options.answer);
  });
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, path);
  await chmod(path, 0o660);
  const group = await groupId("pacpool");
  if (group !== undefined && process.getuid?.() === 0) {
    await chown(path, 0, group);
  }
  return {
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) {
        socket.destroy();
      }
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

function serve(socket: Socket, answer: LocalSocketOptions["answer"]): void {
  const gone = new AbortController();
  let pending = "";
  let isBusy = false;
  socket.setEncoding("utf8");
  socket.setTimeout(IDLE_MS, () => {
    if (!isBusy) {
      socket.destroy();
    }
  });
  socket.on("error", () => socket.destroy());
  socket.once("close", () => {
    gone.abort();
  });
  const next = (): void => {
    const end = pending.indexOf("\n");
    if (isBusy || end === -1) {
      return;
    }
    const line = pending.slice(0, end);
    pending = pending.slice(end + 1);
    isBusy = true;
    void reply(line, answer, gone.signal).then((text) => {
      isBusy = false;
      if (!gone.signal.aborted) {
        socket.write(text);
        next();
      }
    });
  };
  socket.on("data", (chunk: string) => {
    pending += chunk;
    if (Buffer.byteLength(pending) > MAX_QUESTION_BYTES) {
      const limit = String(MAX_QUESTION_BYTES);
      socket.end(`${JSON.stringify(badQuestion(`a question has at most ${limit} bytes`))}\n`);
      pending = "";
      return;
    }
    next();
  });
}

async function reply(line: string, answer: LocalSocketOptions["answer"], signal: AbortSignal): Promise<string> {
  const question = parseQuestion(line);
  return `${JSON.stringify("ok" in question ? question : await answer(question, signal))}\n`;
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      reject(new Error(`listening on ${path}; the folder must be writable and the path at most 107 bytes`, { cause }));
    });
    server.listen(path, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

/** Node has no getgrnam; a group that only a directory service knows is not found, and root alone may ask then. */
async function groupId(name: string): Promise<number | undefined> {
  const text = await readFile("/etc/group", "utf8").catch(() => "");
  const line = text.split("\n").find((entry) => entry.startsWith(`${name}:`));
  const id = Number(line?.split(":")[2]);
  return line === undefined || !Number.isInteger(id) ? undefined : id;
}
