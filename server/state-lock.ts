// One server per state folder. The lock is an abstract socket, which the kernel frees with the process however it ends, so
// nothing stale is ever left; PostgreSQL's own lock would come too late, after the second server had talked to the first's.
import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { createServer } from "node:net";
import { ConfigurationError } from "./config.ts";

/** Held until disposed. Throws ConfigurationError when another server of this machine holds it. */
export async function lockStateDir(stateDir: string): Promise<AsyncDisposable> {
  const name = createHash("sha256")
    .update(await realpath(stateDir))
    .digest("hex")
    .slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const isHeld = cause.code === "EADDRINUSE";
      const why = isHeld
        ? "another pacpool server is using it; stop that one, or give this one its own folder with PACPOOL_STATE_DIR"
        : cause.message;
      reject(new ConfigurationError(`locking the state folder ${stateDir} failed: ${why}`, { cause }));
    });
    server.listen({ path: `\0pacpool-server-${name}` }, resolve);
  });
  server.unref();
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}
