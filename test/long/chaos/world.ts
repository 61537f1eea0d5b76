// The machines of the chaos: one moment of a repository and the next, with everything in it that an operation can do
// (install, upgrade, downgrade, rebuild, replace, remove, reasons, edited files, scriptlets, hooks), served over http.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { DeliveredTarget } from "../../../agent/machine.ts";
import { openEndpoint, type TestEndpoint, targetFrom } from "../../support/endpoint.ts";
import type { PackageRecipe } from "../../support/package-archive.ts";
import { openPacmanRoot, type PacmanRoot } from "../../support/pacman-root.ts";
import { openRepository, sha256Of } from "../../support/repository.ts";

export const EDITED = "etc/app.conf";
export const EDIT = "edited by its owner\n";

const many = (name: string, text: string, count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`usr/share/${name}/${index}`, `${text} ${index}\n`]));
/** Long enough to be hit. */
const scriptlet = "post_upgrade() { busybox sleep 0.02; }\npost_install() { busybox sleep 0.02; }\n";

const BEFORE: readonly PackageRecipe[] = [
  { name: "base", version: "1-1" },
  { name: "lib", version: "1-1", files: many("lib", "one", 60), provides: ["lib.so=1"] },
  {
    name: "app",
    version: "1-1",
    depends: ["lib.so=1"],
    backup: [EDITED],
    files: { [EDITED]: "one\n", ...many("app", "one", 200) },
  },
  { name: "falls", version: "2-1", files: many("falls", "two", 80) },
  { name: "gone", version: "1-1", files: many("gone", "one", 40), depends: ["lib.so=1"] },
  { name: "meta", version: "1-1", files: {}, depends: ["app"] },
  { name: "old-name", version: "1-1", files: { "usr/share/named": "old\n" } },
  { name: "same", version: "1-1", files: { "usr/share/same/text": "built\n" } },
  { name: "tool", version: "1-1", files: many("tool", "one", 30), install: scriptlet },
];
const AFTER: readonly PackageRecipe[] = [
  { name: "base", version: "1-1" },
  { name: "lib", version: "2-1", files: many("lib", "two", 70), provides: ["lib.so=2"] },
  {
    name: "app",
    version: "2-1",
    depends: ["lib.so=2", "fresh"],
    backup: [EDITED],
    files: { [EDITED]: "two\n", ...many("app", "two", 220) },
  },
  { name: "falls", version: "1-1", files: many("falls", "one", 60) },
  { name: "fresh", version: "1-1", files: many("fresh", "one", 50), install: scriptlet },
  { name: "meta", version: "2-1", files: {}, depends: ["app"] },
  {
    name: "new-name",
    version: "1-1",
    files: { "usr/share/named": "new\n" },
    replaces: ["old-name"],
    conflicts: ["old-name"],
  },
  { name: "same", version: "1-1", files: { "usr/share/same/text": "rebuilt\n" }, buildDate: 1_750_000_000 },
  { name: "tool", version: "2-1", files: many("tool", "two", 90), install: scriptlet },
];

export interface World extends AsyncDisposable {
  readonly target: DeliveredTarget;
  openMachine(): Promise<ChaosMachine>;
}

/** What a machine must be, to the last file. */
export interface Moment {
  readonly packages: readonly string[];
  readonly explicit: readonly string[];
  readonly recipes: readonly PackageRecipe[];
  /** Of the sync database. */
  readonly databaseSha256: string;
}

export function databaseOf({ dbPath }: PacmanRoot): string {
  return join(dbPath, "sync/core.db");
}

async function momentOf(root: PacmanRoot, recipes: readonly PackageRecipe[]): Promise<Moment> {
  const databaseSha256 = sha256Of(databaseOf(root));
  return { packages: await root.query(), explicit: await root.explicit(), recipes, databaseSha256 };
}

export interface ChaosMachine extends AsyncDisposable {
  readonly root: PacmanRoot;
  readonly endpoint: TestEndpoint;
  readonly before: Moment;
  readonly after: Moment;
}

export async function openWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "pacpool-chaos-"));
  const first = await openRepository({ directory: join(folder, "first"), name: "core", packages: BEFORE });
  const second = await openRepository({ directory: join(folder, "second"), name: "core", packages: AFTER });
  const source = await openPacmanRoot({
    repositories: [second],
    installed: AFTER.map(({ name }) => name),
    explicit: ["base", "meta", "same", "new-name"],
  });
  const after = await momentOf(source, AFTER);
  const target = await targetFrom(source, join(folder, "views"), { mode: "mirror" });
  await source[Symbol.asyncDispose]();
  const mirror = await openMirror(second.directory);
  return {
    target,
    async openMachine() {
      const installed = BEFORE.map(({ name }) => name);
      const root = await openPacmanRoot({
        repositories: [first],
        installed,
        explicit: ["base", "meta", "gone", "tool"],
      });
      writeFileSync(join(root.rootDir, EDITED), EDIT);
      mkdirSync(root.hookDir, { recursive: true });
      writeFileSync(join(root.hookDir, "trace.hook"), HOOK);
      const configuration = readFileSync(root.configFile, "utf8");
      writeFileSync(root.configFile, configuration.replace(first.server, mirror.url));
      const before = await momentOf(root, BEFORE);
      const endpoint = openEndpoint(root);
      return {
        root,
        endpoint,
        before,
        after,
        async [Symbol.asyncDispose]() {
          endpoint[Symbol.dispose]();
          await root[Symbol.asyncDispose]();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await mirror.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const HOOK = `[Trigger]
Operation = Upgrade
Operation = Install
Type = Package
Target = *
[Action]
When = PostTransaction
Exec = /usr/bin/busybox touch /tmp/hook-ran
`;

/** Slow enough that a kill can hit a download: one file takes some milliseconds, in two halves. */
async function openMirror(directory: string) {
  const answer = async ({ url = "", method }: IncomingMessage, response: ServerResponse): Promise<void> => {
    const bytes = readFileSync(join(directory, decodeURIComponent(url).slice(1)));
    response.writeHead(200, { "content-length": bytes.length });
    if (method === "HEAD") return void response.end();
    response.write(bytes.subarray(0, bytes.length / 2));
    await delay(10);
    response.end(bytes.subarray(bytes.length / 2));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(404).end());
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(done);
      }),
  };
}
