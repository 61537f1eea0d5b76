import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeSchema } from "../../../server/store/describe-schema.ts";
import { openStore } from "../../../server/store/store.ts";
import { eventually } from "../../support/eventually.ts";

let stateDir: string;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "pacpool-embedded-"));
  chmodSync(stateDir, 0o755);
});

afterEach(() => {
  rmSync(stateDir, { recursive: true, force: true });
});

test("what was committed is there after a stop and a start, and the incarnation stays", async () => {
  const incarnation = await (async () => {
    await using store = await openStore({ stateDir });
    await store.database.query("insert into package_set (digest, packages, body) values ('d', 1, '')");
    return store.database.incarnation;
  })();
  await using store = await openStore({ stateDir });
  expect(await store.database.query("select digest from package_set")).toEqual([{ digest: "d" }]);
  expect(store.database.incarnation).toBe(incarnation);
});

test("only its user may enter the folder of the socket, and nothing listens on the network", async () => {
  await using store = await openStore({ stateDir });
  expect(statSync(join(stateDir, "database", "socket")).mode & 0o777).toBe(0o700);
  expect(await store.database.query("show listen_addresses")).toEqual([{ listen_addresses: "" }]);
});

test("a kill of the server takes the database along, loses no commit, and the next start works", async () => {
  const script = `
    import { openStore } from ${JSON.stringify(fileURLToPath(new URL("../../../server/store/store.ts", import.meta.url)))};
    const store = await openStore({ stateDir: ${JSON.stringify(stateDir)} });
    await store.database.query("insert into package_set (digest, packages, body) values ('kept', 1, '')");
    console.log("committed");
    setInterval(() => undefined, 1000);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const postmaster = Number(readFileSync(join(stateDir, "database", "data", "postmaster.pid"), "utf8").split("\n")[0]);
  child.kill("SIGKILL");
  await once(child, "exit");
  await eventually("the database to end", () => !isAlive(postmaster) || undefined);
  await using store = await openStore({ stateDir });
  expect(await store.database.query("select digest from package_set")).toEqual([{ digest: "kept" }]);
});

test("a kill while the first start makes the database leaves nothing that a second start trips over", async () => {
  const script = `
    import { openStore } from ${JSON.stringify(fileURLToPath(new URL("../../../server/store/store.ts", import.meta.url)))};
    await openStore({ stateDir: ${JSON.stringify(stateDir)} });
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
  // initdb writes this one early.
  const begun = (folder: string): boolean => existsSync(join(stateDir, "database", folder, "PG_VERSION"));
  await eventually("the first file of the database", () => begun("data.new") || begun("data") || undefined);
  child.kill("SIGKILL");
  await once(child, "exit");
  await using store = await openStore({ stateDir });
  expect(await store.database.query("select count(*) as pools from pool")).toEqual([{ pools: 0 }]);
  expect(existsSync(join(stateDir, "database", "data.new"))).toBe(false);
});

test("two servers that start at once migrate one after the other", async () => {
  await using store = await openStore({ stateDir });
  const url = `postgres://pacpool@/postgres?host=${encodeURIComponent(join(stateDir, "database", "socket"))}`;
  await store.database.query("drop schema public cascade");
  await store.database.query("create schema public");
  const other = mkdtempSync(join(tmpdir(), "pacpool-replica-"));
  try {
    const open = () => openStore({ stateDir: other, databaseUrl: url });
    const [a, b] = await Promise.all([open(), open()]);
    expect(a.database.incarnation).toBe(b.database.incarnation);
    await Promise.all([a[Symbol.asyncDispose](), b[Symbol.asyncDispose]()]);
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
});

test("a database that cannot be reached is refused by that name", async () => {
  const opening = openStore({ stateDir, databaseUrl: "postgres://nobody@127.0.0.1:1/none" });
  await expect(opening).rejects.toMatchObject({ reason: "DATABASE_UNAVAILABLE" });
});

test("schema.sql is what the migrations make", async () => {
  await using store = await openStore({ stateDir });
  const golden = readFileSync(fileURLToPath(new URL("../../../server/store/schema.sql", import.meta.url)), "utf8");
  expect(golden.split("\n").slice(2).join("\n")).toBe(await describeSchema(store.database));
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie that nobody reaps is dead as well.
    return !readFileSync(`/proc/${String(pid)}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}
