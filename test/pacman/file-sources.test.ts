// Where package files come from: each source with its failures, on real files and a real web server. What one source does
// wrong costs only that source.
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { fetchFiles } from "../../agent/files/fetch-files.ts";
import { ALONE, type FileSurroundings } from "../../agent/files/file-source.ts";
import { locateFiles } from "../../agent/files/locate-files.ts";
import { TRANSFER_LIMITS, type TransferLimits } from "../../agent/files/transfer.ts";
import { openInstallationReader } from "../../agent/installation.ts";
import { type PacmanConfiguration, parseConfiguration } from "../../agent/pacman/configuration.ts";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import { type Mirror, type Mood, openMirror } from "../support/mirror.ts";
import type { PackageRecipe } from "../support/package-archive.ts";
import { openPacmanRoot, type PacmanRoot } from "../support/pacman-root.ts";
import { openRepository, type Repository, sha256Of } from "../support/repository.ts";

/** Not compressible, so that the file is as large and half of it is half. */
const noise = createHash("shake256", { outputLength: 200_000 }).update("noise").digest();
const recipes: readonly PackageRecipe[] = [
  { name: "big", version: "1:2.0-1", files: { "usr/share/big": noise } },
  { name: "one", version: "1-1" },
  { name: "two", version: "1-1" },
  { name: "three", version: "1-1" },
  { name: "four", version: "1-1" },
];
const quick: TransferLimits = { ...TRANSFER_LIMITS, stallMs: 300, floorWindowMs: 300, floorBytesPerSecond: 100_000 };

let folder: string;
let repository: Repository;
let root: PacmanRoot;
let items: ReadonlyMap<string, SyncPackage>;
let configuration: PacmanConfiguration;
let into: string;
let stack: AsyncDisposableStack;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-sources-"));
  repository = await openRepository({ directory: join(folder, "core"), name: "core", packages: recipes });
  root = await openPacmanRoot({ repositories: [repository] });
  const installation = await openInstallationReader(root.configFile).read();
  items = installation.own.index.packages;
  configuration = installation.configuration;
  return async () => {
    await root[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  };
});
beforeEach(() => {
  stack = new AsyncDisposableStack();
  into = mkdtempSync(join(folder, "into-"));
});
afterEach(() => stack.disposeAsync());

function item(name: string): SyncPackage {
  const found = items.get(name);
  if (found === undefined) throw new Error(`the repository has no ${name}`);
  return found;
}

async function mirror(mood?: Mood, more: object = {}): Promise<Mirror> {
  return stack.use(
    await openMirror({ directory: repository.directory, ...(mood === undefined ? {} : { mood }), ...more }),
  );
}

function surroundings(mirrors: readonly Mirror[], more: Partial<FileSurroundings> = {}): FileSurroundings {
  const servers = mirrors.map(({ url }) => url);
  const repositories = configuration.repositories.map((one) => ({ ...one, servers }));
  return {
    configuration: { ...configuration, cacheDirs: [], repositories },
    keptDir: join(into, "kept"),
    limits: quick,
    ...more,
  };
}

async function get(name: string, mirrors: readonly Mirror[], more: Partial<FileSurroundings> = {}): Promise<string[]> {
  const { missing } = await fetchFiles([item(name)], into, surroundings(mirrors, more));
  if (missing.length === 0) expect(sha256Of(join(into, item(name).filename))).toBe(item(name).sha256);
  return missing.flatMap(({ lookedFor }) => lookedFor);
}

test.for<[string, Mood, RegExp]>([
  ["lacks the file", { kind: "missing" }, /: HTTP 404$/],
  ["is broken", { kind: "broken", status: 503 }, /: HTTP 503$/],
  ["answers with a page", { kind: "page" }, /: an HTML page instead of the file$/],
  ["sends other bytes", { kind: "garbage" }, /: its SHA-256 is [0-9a-f]{64} instead of [0-9a-f]{64}$/],
  [
    "breaks off half-way",
    { kind: "half", bytes: 10_000 },
    /: (?:it broke off after|other side closed|terminated|aborted)/,
  ],
  ["stalls again and again", { kind: "stall", bytes: 10_000 }, /[ (]no byte for 0\.3 s\)?$/],
  ["never answers", { kind: "silent" }, /: no byte for 0\.3 s$/],
])("a mirror that %s costs only itself, and the refusal tells it", async ([, mood, words]) => {
  const [bad, good] = [await mirror(mood), await mirror()];
  expect(await get("big", [bad, good])).toEqual([]);
  rmSync(into, { recursive: true });
  const lookedFor = await get("big", [bad]);
  expect(lookedFor.filter((line) => line.startsWith(bad.url))).toEqual([expect.stringMatching(words)]);
  expect(existsSync(join(into, item("big").filename))).toBe(false);
});

test("what one mirror gave before it stalled is not asked for again, of it or of another", async () => {
  const [bad, good] = [await mirror({ kind: "stall", bytes: 70_000 }), await mirror()];
  expect(await get("big", [bad, good])).toEqual([]);
  expect(good.asked).toEqual([expect.stringMatching(/^GET \S+ [1-9]\d*-$/)]);
});

test("a download that was cut off goes on where it stopped, also in the next attempt", async () => {
  const bad = await mirror({ kind: "half", bytes: 10_000 });
  expect(await get("big", [bad])).not.toEqual([]);
  // A connection that is cut may take some or all of what an attempt brought with it; what did arrive is kept.
  const { size } = statSync(join(into, `${item("big").filename}.part`));
  expect(size).toBeGreaterThan(0);
  bad.mood = { kind: "good" };
  expect(await get("big", [bad])).toEqual([]);
  expect(bad.asked.at(-1)).toBe(`GET ${item("big").filename} ${size}-`);
});

test("a line that breaks again and again is no reason to give up what it brings each time", async () => {
  expect(await get("big", [await mirror({ kind: "half", bytes: 70_000 })])).toEqual([]);
});

test("a server that forbids HEAD is asked for the first byte", async () => {
  const shy = await mirror(undefined, { forbidsHead: true });
  const { found } = await locateFiles([item("big")], surroundings([shy]));
  expect(found).toHaveLength(1);
  expect(shy.asked).toEqual([`HEAD ${item("big").filename}`, `GET ${item("big").filename} 0-0`]);
});

test("a mirror without ranges gives the whole file again", async () => {
  const [bad, good] = [await mirror({ kind: "half", bytes: 70_000 }), await mirror(undefined, { knowsRanges: false })];
  expect(await get("big", [bad, good])).toEqual([]);
});

test("a beginning that was wrong is not held against the mirror that goes on from it", async () => {
  writeFileSync(join(into, `${item("big").filename}.part`), Buffer.alloc(50_000, "x"));
  expect(await get("big", [await mirror()])).toEqual([]);
});

test("a part that is longer than the file is thrown away", async () => {
  writeFileSync(join(into, `${item("big").filename}.part`), Buffer.alloc(1_000_000, "x"));
  expect(await get("big", [await mirror()])).toEqual([]);
});

test("a crawling mirror is left for a quick one, and borne when there is no other", async () => {
  const [slow, quickOne] = [await mirror({ kind: "crawl", bytes: 3_000 }), await mirror()];
  expect(await get("big", [slow, quickOne])).toEqual([]);
  expect(quickOne.asked).toHaveLength(1);
  rmSync(into, { recursive: true });
  slow.mood = { kind: "crawl", bytes: 4_500 };
  expect(await get("big", [slow])).toEqual([]);
  expect(slow.asked.filter((line) => / \d+-$/.test(line))).toHaveLength(1);
});

test("a host that failed again and again is skipped for the rest of the run, one that only lacks files is not", async () => {
  const [broken, empty] = [await mirror({ kind: "broken", status: 500 }), await mirror({ kind: "missing" })];
  const many = Array.from({ length: 30 }, (_, at) => ({ ...item("one"), filename: `one-${at}-1-any.pkg.tar.zst` }));
  const { missing } = await fetchFiles(many, into, surroundings([broken, empty]));
  // Those that were asked at once, before the third failure was known.
  expect(broken.asked.length).toBeLessThan(10);
  expect(empty.asked).toHaveLength(30);
  expect(missing.at(-1)?.lookedFor).toEqual([
    expect.stringMatching(/kept: not there$/),
    "the server: not connected",
    expect.stringMatching(/: skipped, 127\.0\.0\.1:\d+ failed \d times in a row \(HTTP 500\)$/),
    `${empty.url}: HTTP 404`,
  ]);
});

test("looking asks without fetching, and says per place what is wrong there", async () => {
  const [bad, good] = [await mirror({ kind: "page" }), await mirror()];
  good.moods.set(item("one").filename, { kind: "missing" });
  const cache = join(into, "cache");
  mkdirSync(cache);
  copyFileSync(repository.path("two"), join(cache, item("two").filename));
  writeFileSync(join(cache, item("three").filename), "short");
  const { configuration: base, ...rest } = surroundings([bad, good]);
  const here = { ...rest, configuration: { ...base, cacheDirs: [cache] } };
  const located = await locateFiles(["big", "one", "two", "three"].map(item), here);
  expect(located.found.map(({ item: { name }, downloadBytes }) => [name, downloadBytes])).toEqual([
    ["big", item("big").compressedSize],
    ["two", 0],
    ["three", item("three").compressedSize],
  ]);
  expect(located.missing).toMatchObject([
    {
      item: { name: "one" },
      lookedFor: [
        `${cache}: not there`,
        `${here.keptDir}: not there`,
        "the server: not connected",
        `${bad.url}: an HTML page instead of the file`,
        `${good.url}: HTTP 404`,
      ],
    },
  ]);
  expect(new Set([...bad.asked, ...good.asked].map((line) => line.split(" ")[0]))).toEqual(new Set(["HEAD"]));
});

test("an archive is asked last, and only when the owner names one", async () => {
  const [empty, archive] = [await mirror({ kind: "missing" }), await mirror()];
  expect(await get("big", [empty])).not.toEqual([]);
  const template = `${archive.url}/{name}/{arch}/{version}/{filename}`;
  expect(await get("big", [empty], { access: { ...ALONE, archive: template } })).toEqual([]);
  expect(archive.asked).toEqual([`GET ${item("big").filename}`]);
});

test("a file of a database without digests is judged by its own metadata", async () => {
  const bare = { ...item("big"), sha256: undefined, compressedSize: 0 };
  const [page, other, good] = [await mirror({ kind: "garbage" }), await mirror(), await mirror()];
  const wrong = mkdtempSync(join(folder, "wrong-"));
  copyFileSync(repository.path("one"), join(wrong, item("big").filename));
  const { configuration: base, ...rest } = surroundings([page, good]);
  const { missing } = await fetchFiles([bare], into, { ...rest, configuration: { ...base, cacheDirs: [wrong] } });
  expect(missing).toEqual([]);
  expect(sha256Of(join(into, bare.filename))).toBe(item("big").sha256);
  const none = await fetchFiles([bare], join(into, "again"), {
    ...rest,
    configuration: { ...surroundings([page]).configuration, cacheDirs: [wrong] },
  });
  expect(none.missing[0]?.lookedFor).toEqual([
    `${wrong}: it is one 1-1`,
    expect.stringContaining("not there"),
    "the server: not connected",
    `${page.url}: not a package file`,
  ]);
  expect(other.asked).toEqual([]);
});

test("progress counts bytes, never more than there are, and ends with all of them", async () => {
  const bad = await mirror({ kind: "half", bytes: 70_000 });
  const good = await mirror(undefined, { knowsRanges: false });
  const told: number[] = [];
  const all = ["big", "one"].map(item);
  await fetchFiles(all, into, { ...surroundings([bad, good]), onProgress: ({ bytes }) => told.push(bytes) });
  const total = all.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
  expect(Math.max(...told)).toBe(total);
  expect(told.at(-1)).toBe(total);
});

test("an aborted run ends at once and leaves what came for the next one", async () => {
  const slow = await mirror({ kind: "stall", bytes: 70_000 });
  const controller = new AbortController();
  const { limits: _, ...patient } = surroundings([slow]);
  const options = { ...patient, signal: controller.signal, onProgress: () => controller.abort(new Error("enough")) };
  await expect(fetchFiles([item("big")], into, options)).rejects.toThrow("enough");
  expect(readFileSync(join(into, `${item("big").filename}.part`)).length).toBeGreaterThan(0);
});

test("user and password of a mirror's URL reach the mirror and nobody else", async () => {
  const guarded = await mirror();
  const url = guarded.url.replace("http://", "http://ada:s%40cret@");
  const withPassword = { ...guarded, url, asked: guarded.asked };
  expect(await get("big", [withPassword])).toEqual([]);
  expect(guarded.authorizations.at(-1)).toBe(`Basic ${Buffer.from("ada:s@cret").toString("base64")}`);
  guarded.mood = { kind: "missing" };
  rmSync(into, { recursive: true });
  expect((await get("big", [withPassword])).join("\n")).not.toMatch(/ada|cret/);
});

test("a full disk is nobody's fault but this machine's, and ends the run at once", async () => {
  const [first, second] = [await mirror(), await mirror()];
  symlinkSync("/dev/full", join(into, `${item("big").filename}.part`));
  await expect(fetchFiles([item("big")], into, surroundings([first, second]))).rejects.toMatchObject({
    code: "ENOSPC",
  });
  expect([...first.asked, ...second.asked]).toHaveLength(1);
});

test("the CacheServer lines of pacman 7 are asked before its servers", () => {
  const text = "[core]\nServer = https://mirror.invalid/core\nCacheServer = http://cache.invalid/core/\n";
  expect(parseConfiguration("pacman.conf", text).repositories[0]?.servers).toEqual([
    "http://cache.invalid/core",
    "https://mirror.invalid/core",
  ]);
});
