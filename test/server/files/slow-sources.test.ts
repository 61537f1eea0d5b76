// Sources that keep a caller waiting, with a patience short enough for a test.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { askHttp, type HttpAnswer, type HttpQuestion, originOf } from "../../../server/operations/files/http-source.ts";
import { type Mirror, openMirror } from "../../support/mirror.ts";

const BYTES = Buffer.alloc(100_000, "a");
const PATIENCE = { headersMs: 10_000, stallMs: 300, bytesPerSecond: 20_000 };

let directory: string;
let mirror: Mirror;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "pacpool-slow-"));
  writeFileSync(join(directory, "file"), BYTES);
  mirror = await openMirror({ directory });
});
afterEach(async () => {
  await mirror[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

function ask(more: Partial<Pick<HttpQuestion, "offset" | "maxBytes" | "isExact" | "signal" | "patience">> = {}) {
  const usual = { offset: 0, maxBytes: BYTES.length, signal: new AbortController().signal, patience: PATIENCE };
  return askHttp({ url: `${mirror.url}/file`, ...usual, ...more });
}

const whole = async (answer: HttpAnswer): Promise<Buffer> =>
  answer.kind === "absent" ? Buffer.alloc(0) : buffer(answer.bytes);

test("a source that behaves gives the file, or its rest", async () => {
  expect((await whole(await ask())).equals(BYTES)).toBe(true);
  const rest = await ask({ offset: 99_000 });
  expect(rest).toMatchObject({ kind: "body", offset: 99_000 });
  expect(await whole(rest)).toHaveLength(1_000);
});

test("one that never answers is given up", async () => {
  mirror.mood = { kind: "silent" };
  await expect(ask({ patience: { ...PATIENCE, headersMs: 300 } })).rejects.toThrow("did not answer within 0.3 seconds");
});

test("one that falls silent, or crawls, is given up in the middle", async () => {
  mirror.mood = { kind: "stall", bytes: 50_000 };
  await expect(ask().then(whole)).rejects.toThrow("is too slow");
  mirror.mood = { kind: "crawl", bytes: 100 };
  await expect(ask().then(whole)).rejects.toThrow("is too slow");
});

test("one that sends more than there can be is given up", async () => {
  await expect(ask({ maxBytes: 60_000 }).then(whole)).rejects.toThrow("sent more than 60000 bytes");
});

test("one that has a file of another length is not even read", async () => {
  await expect(ask({ maxBytes: 99_999, isExact: true })).rejects.toThrow("has 100000 bytes instead of 99999");
  expect((await whole(await ask({ isExact: true, offset: 5 }))).length).toBe(99_995);
});

test("one without ranges sends the whole again and is taken at its word", async () => {
  await using plain = await openMirror({ directory, knowsRanges: false });
  const answer = await askHttp({
    url: `${plain.url}/file`,
    offset: 10,
    maxBytes: BYTES.length,
    signal: new AbortController().signal,
    patience: PATIENCE,
  });
  expect(answer).toMatchObject({ kind: "body", offset: 0 });
  expect((await whole(answer)).equals(BYTES)).toBe(true);
});

test("asking ends when the caller stops, and a log names no path and no password", async () => {
  mirror.mood = { kind: "silent" };
  const stop = new AbortController();
  const asking = ask({ signal: stop.signal });
  stop.abort();
  await expect(asking).rejects.toThrow();
  expect(originOf("https://user:secret@mirror.example/core/os/file")).toBe("https://mirror.example");
});
