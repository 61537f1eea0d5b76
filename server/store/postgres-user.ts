// PostgreSQL refuses to run as root: as root it gets a system user of its own.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

/** Named by packaging/sysusers.conf as well. */
export const POSTGRES_USER = "pacpool-postgres";

/** Undefined when this process is not root: then PostgreSQL runs as the same user. */
export async function findPostgresUser(): Promise<PostgresUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const found = await lookUp();
  if (found !== undefined) return found;
  try {
    await run("useradd", ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", POSTGRES_USER]);
  } catch (cause) {
    // Another server may have made it in the same moment.
    const made = await lookUp();
    if (made !== undefined) return made;
    throw new Error(
      `making the system user ${POSTGRES_USER} for the embedded database; make it by hand, or run the server as an ordinary user`,
      { cause },
    );
  }
  const made = await lookUp();
  if (made === undefined) throw new Error(`the system user ${POSTGRES_USER} was made but is not in /etc/passwd`);
  return made;
}

async function lookUp(): Promise<PostgresUser | undefined> {
  const line = (await readFile("/etc/passwd", "utf8")).split("\n").find((one) => one.startsWith(`${POSTGRES_USER}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}
