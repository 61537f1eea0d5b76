import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArtifactKind } from "../proto/generated/pacpool/v1/artifact.ts";
import type { Connection } from "../rpc/connection.ts";
import { FakeAgent } from "../test/support/fake-agent.ts";
import { SIGNATURE } from "../test/support/files-world.ts";
import { openMirror } from "../test/support/mirror.ts";
import { buildPackage, type PackageArchive } from "../test/support/package-archive.ts";
import { type EnrolledEndpoint, openServer } from "../test/support/server.ts";
import { type Benchmark, contest, median, type Row } from "./measure.ts";

/** Between a compiler and a kernel; long enough that what a call costs by itself does not count. */
const FILE_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
const ROUNDS = 9;

async function upload({ connection }: EnrolledEndpoint, archive: PackageArchive): Promise<void> {
  await using agent = new FakeAgent(connection, { packages: [], databases: [] });
  const { sha256, fileName: filename, bytes } = archive;
  const header = { kind: ArtifactKind.PACKAGE, sha256, filename, signature: SIGNATURE };
  await agent.uploadFile(header, bytes, CHUNK_BYTES);
}

/** To its end, hashed on the way as every receiver of a package does. */
async function hashed(bytes: AsyncIterable<Uint8Array>, expected: string): Promise<void> {
  const hash = createHash("sha256");
  for await (const chunk of bytes) hash.update(chunk);
  if (hash.digest("hex") !== expected) throw new Error("the transfer brought other bytes");
}

async function* chunksOf(connection: Connection, sha256: string): AsyncGenerator<Uint8Array> {
  for await (const { chunk } of connection.artifacts.download({ sha256 })) yield chunk;
}

async function overHttp(url: string, sha256: string): Promise<void> {
  const { body } = await fetch(url);
  if (body === null) throw new Error("the mirror answered without a body");
  await hashed(body, sha256);
}

/** Processor time of both ends, which are this process. */
async function cpuMs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function cpuContest(what: string, peer: string, ours: () => Promise<void>, theirs: () => Promise<void>) {
  const measured: { readonly ours: number[]; readonly theirs: number[] } = { ours: [], theirs: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    measured.ours.push(await cpuMs(ours));
    measured.theirs.push(await cpuMs(theirs));
  }
  return { what, oursMs: median(measured.ours), peer, peerMs: median(measured.theirs) } satisfies Row;
}

export const benchmark: Benchmark = {
  name: "file-transfer",
  async run() {
    const directory = mkdtempSync(join(tmpdir(), "pacpool-transfer-"));
    try {
      const files = { "usr/share/big": randomBytes(FILE_BYTES) };
      const archive = await buildPackage({ name: "big", version: "1-1", files });
      writeFileSync(join(directory, archive.fileName), archive.bytes);
      await using mirror = await openMirror({ directory });
      await using server = await openServer();
      const endpoint = await server.enrol("bench");
      await upload(endpoint, archive);
      const ours = () => hashed(chunksOf(endpoint.connection, archive.sha256), archive.sha256);
      const theirs = () => overHttp(`${mirror.url}/${archive.fileName}`, archive.sha256);
      const what = "download of a package of 64 MiB from the server (gRPC, TLS), hashed";
      return [
        await contest({ what, peer: "plain HTTP from the same disk, hashed", rounds: ROUNDS, ours, theirs }),
        await cpuContest(`${what}: CPU of both ends`, "plain HTTP: CPU of both ends", ours, theirs),
      ];
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
