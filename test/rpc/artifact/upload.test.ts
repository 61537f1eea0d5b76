import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArtifactHeader, ArtifactKind, type UploadRequest } from "../../../proto/generated/pacpool/v1/artifact.ts";
import { type EnrolledEndpoint, openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { sha256 } from "../../support/sync-database.ts";

type Part = NonNullable<UploadRequest["part"]>;

describe("Upload", () => {
  let server: TestServer;
  let endpoint: EnrolledEndpoint;
  beforeAll(async () => {
    server = await openServer();
    endpoint = await server.enrol("one");
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const header = (digest: string, size: number, kind: ArtifactKind = ArtifactKind.SYNC_DATABASE): Part => ({
    $case: "header",
    value: ArtifactHeader.fromPartial({ sha256: digest, size: BigInt(size), kind }),
  });
  const chunk = (value: Buffer): Part => ({ $case: "chunk", value });
  const upload = (...parts: Part[]) => {
    async function* messages() {
      for (const part of parts) {
        yield { part };
      }
    }
    return endpoint.connection.artifacts.upload(messages(), { timeoutMs: 10_000 });
  };
  const isThere = async (digest: string): Promise<boolean> =>
    (await server.admin.artifacts.hasArtifacts({ sha256: [digest] })).missingSha256.length === 0;

  it("stores a file that comes in chunks", async () => {
    const bytes = Buffer.alloc(600_000, "a");
    const digest = sha256(bytes);
    const sent = await upload(
      header(digest, bytes.length),
      chunk(bytes.subarray(0, 250_000)),
      chunk(bytes.subarray(250_000, 500_000)),
      chunk(bytes.subarray(500_000)),
    );
    expect(sent.sha256).toBe(digest);
    expect(await isThere(digest)).toBe(true);
  });

  it("succeeds at once for what is there already, and for two at once", async () => {
    const bytes = Buffer.from("twice");
    const once = () => upload(header(sha256(bytes), bytes.length), chunk(bytes));
    await Promise.all([once(), once(), once()]);
    expect((await upload(header(sha256(bytes), bytes.length))).sha256).toBe(sha256(bytes));
  });

  it("stores an empty file", async () => {
    expect((await upload(header(sha256(Buffer.alloc(0)), 0))).sha256).toBe(sha256(Buffer.alloc(0)));
  });

  it("keeps nothing of a file with other bytes, fewer or more than announced", async () => {
    const bytes = Buffer.from("announced");
    const digest = sha256(bytes);
    expect(await reasonOf(upload(header(digest, bytes.length), chunk(Buffer.from("otherwise"))))).toBe(
      "ARTIFACT_CORRUPT",
    );
    expect(await reasonOf(upload(header(digest, bytes.length), chunk(bytes.subarray(1))))).toBe("ARTIFACT_CORRUPT");
    expect(await reasonOf(upload(header(digest, bytes.length), chunk(bytes), chunk(Buffer.from("!"))))).toBe(
      "ARTIFACT_CORRUPT",
    );
    expect(await isThere(digest)).toBe(false);
    expect((await upload(header(digest, bytes.length), chunk(bytes))).sha256).toBe(digest);
  });

  it("refuses a stream without header, with a second one, with a chunk or a file that is too big", async () => {
    const digest = "0".repeat(64);
    expect(await reasonOf(upload(chunk(Buffer.from("x"))))).toBe("INVALID_FIELD");
    expect(await reasonOf(upload())).toBe("INVALID_FIELD");
    expect(await reasonOf(upload(header(digest, 10), header(digest, 10)))).toBe("INVALID_FIELD");
    expect(await reasonOf(upload(header(digest, 1_000_000), chunk(Buffer.alloc(300_000))))).toBe("TOO_LARGE");
    expect(await reasonOf(upload(header(digest, 300 * 1024 * 1024)))).toBe("TOO_LARGE");
    expect(await reasonOf(upload(header("../../etc/passwd", 10)))).toBe("INVALID_FIELD");
    expect(await reasonOf(upload(header(digest, 10, ArtifactKind.UNSPECIFIED)))).toBe("INVALID_FIELD");
  });

  it("is for endpoints", async () => {
    async function* nothing(): AsyncGenerator<never> {}
    expect(await reasonOf(server.admin.artifacts.upload(nothing(), { timeoutMs: 5_000 }))).toBe("PERMISSION_DENIED");
    expect(await reasonOf(server.connect().artifacts.upload(nothing(), { timeoutMs: 5_000 }))).toBe("UNAUTHENTICATED");
  });
});
