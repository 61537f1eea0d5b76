import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArtifactHeader, ArtifactKind } from "../../../proto/generated/pacpool/v1/artifact.ts";
import { type EnrolledEndpoint, openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { sha256 } from "../../support/sync-database.ts";

describe("Download", () => {
  const bytes = randomBytes(700_000);
  const digest = sha256(bytes);
  let server: TestServer;
  let endpoint: EnrolledEndpoint;
  beforeAll(async () => {
    server = await openServer();
    endpoint = await server.enrol("one");
    async function* parts() {
      yield {
        part: {
          $case: "header" as const,
          value: ArtifactHeader.fromPartial({
            sha256: digest,
            size: BigInt(bytes.length),
            kind: ArtifactKind.SYNC_DATABASE,
          }),
        },
      };
      for (let at = 0; at < bytes.length; at += 200_000) {
        yield { part: { $case: "chunk" as const, value: bytes.subarray(at, at + 200_000) } };
      }
    }
    await endpoint.connection.artifacts.upload(parts(), { timeoutMs: 10_000 });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const download = async (request: { readonly sha256: string; readonly offset?: bigint }): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    for await (const { chunk } of endpoint.connection.artifacts.download(request)) {
      expect(chunk.length).toBeLessThanOrEqual(256 * 1024);
      chunks.push(Buffer.from(chunk));
    }
    return Buffer.concat(chunks);
  };

  it("gives the whole file", async () => {
    expect((await download({ sha256: digest })).equals(bytes)).toBe(true);
  });

  it("resumes after an offset", async () => {
    expect((await download({ sha256: digest, offset: 500_001n })).equals(bytes.subarray(500_001))).toBe(true);
    expect(await download({ sha256: digest, offset: BigInt(bytes.length) })).toHaveLength(0);
  });

  it("refuses what is not there, what is no digest, and a negative offset", async () => {
    expect(await reasonOf(download({ sha256: "0".repeat(64) }))).toBe("ARTIFACT_NOT_FOUND");
    expect(await reasonOf(download({ sha256: "../x" }))).toBe("INVALID_FIELD");
    expect(await reasonOf(download({ sha256: digest, offset: -1n }))).toBe("INVALID_FIELD");
  });

  it("refuses strangers", async () => {
    const stream = server.connect().artifacts.download({ sha256: digest });
    expect(await reasonOf(stream[Symbol.asyncIterator]().next())).toBe("UNAUTHENTICATED");
  });
});
