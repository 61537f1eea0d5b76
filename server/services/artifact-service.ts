// pacpool.v1.ArtifactService: streams of bytes, bounded by what their header announced.
import type { PackageKey } from "../../domain/files/package-information.ts";
import { MAX_DATABASE_BYTES, MAX_PACKAGE_BYTES, MAX_SIGNATURE_BYTES } from "../../domain/limits.ts";
import { invalidField, Refusal, tooLarge } from "../../domain/refusal.ts";
import {
  type Artifact,
  type ArtifactHeader,
  ArtifactKind,
  ArtifactServiceService,
  type DownloadResponse,
  type UploadRequest,
  type PackageKey as WirePackageKey,
} from "../../proto/generated/pacpool/v1/artifact.ts";
import { type Edge, type Implementation, implement } from "../../rpc/handlers.ts";
import type { ArtifactRecord, UploadHeader } from "../operations/records.ts";
import { atMost, line, packageFilename, packageNames, revision, sha256 } from "./fields.ts";
import type { ArtifactCases } from "./use-cases.ts";

const MAX_CHUNK_BYTES = 256 * 1024;
const MAX_ASKED = 1_000;
/** Signatures of so many files still fit a message. */
const MAX_DESCRIBED_BYTES = 2 * 1024 * 1024;

export function artifactService(cases: ArtifactCases, edge: Edge): Implementation {
  return implement(
    ArtifactServiceService,
    {
      hasArtifacts: async (request) => {
        const missing = await cases.missing(digests(request.sha256));
        const partial = await Promise.all(
          missing.map(async (one) => ({ sha256: one, size: BigInt(await cases.beginning(one)) })),
        );
        return { missingSha256: [...missing], partial: partial.filter(({ size }) => size > 0n) };
      },
      upload: async (messages) => {
        const reader = messages[Symbol.asyncIterator]();
        const header = readHeader(await reader.next());
        if (!(await cases.has(header.sha256))) {
          await cases.store(header, chunks(reader, header));
        }
        return { sha256: header.sha256 };
      },
      download: (request) => download(cases, sha256("sha256", request.sha256), revision("offset", request.offset)),
      describeArtifacts: async (request) => {
        const found = await cases.describeArtifacts(digests(request.sha256));
        return { artifacts: withinMessage(found.map(encodeArtifact), (one) => one.signature.length) };
      },
      findPackages: async (request) => {
        atMost("packages", request.packages.length, MAX_ASKED, "packages");
        const found = await cases.findPackages(request.packages.map(decodeKey));
        const packages = found.map(({ key, artifact }) => ({
          package: { ...key, buildDate: BigInt(key.buildDate) },
          artifact: encodeArtifact(artifact),
        }));
        return { packages: withinMessage(packages, (one) => one.artifact.signature.length) };
      },
    },
    edge,
  );
}

function digests(values: readonly string[]): readonly string[] {
  atMost("sha256", values.length, MAX_ASKED, "digests");
  return values.map((digest) => sha256("sha256", digest));
}

/** Refused rather than cut: who asks for fewer gets all of them. */
function withinMessage<One>(items: One[], bytesOf: (one: One) => number): One[] {
  if (items.reduce((sum, one) => sum + bytesOf(one), 0) > MAX_DESCRIBED_BYTES) {
    throw tooLarge("signatures in the answer; ask for fewer files at once", MAX_DESCRIBED_BYTES);
  }
  return items;
}

function encodeArtifact({ sha256: digest, size, kind, filename, signature }: ArtifactRecord): Artifact {
  return {
    sha256: digest,
    size: BigInt(size),
    kind: kind === "package" ? ArtifactKind.PACKAGE : ArtifactKind.SYNC_DATABASE,
    filename,
    signature: Buffer.from(signature),
  };
}

function decodeKey({ name, version, architecture, buildDate }: WirePackageKey): PackageKey {
  packageNames("packages.name", [name], 1);
  return {
    name,
    version: line("packages.version", version, 255),
    architecture: line("packages.architecture", architecture, 64),
    buildDate: revision("packages.build_date", buildDate),
  };
}

function readHeader(first: IteratorResult<UploadRequest>): UploadHeader {
  const part = first.done === true ? undefined : first.value.part;
  if (part?.$case !== "header") {
    throw invalidField("part", part?.$case ?? "nothing", "the header first");
  }
  const { kind, size, offset } = part.value;
  const head = {
    sha256: sha256("header.sha256", part.value.sha256),
    size: revision("header.size", size),
    offset: revision("header.offset", offset),
  };
  switch (kind) {
    case ArtifactKind.SYNC_DATABASE:
      requireAtMost(head.size, MAX_DATABASE_BYTES);
      return { kind: "sync-database", ...head };
    case ArtifactKind.PACKAGE:
      requireAtMost(head.size, MAX_PACKAGE_BYTES);
      return { kind: "package", ...head, ...packageFields(part.value) };
    default:
      throw invalidField("header.kind", String(kind), "SYNC_DATABASE or PACKAGE");
  }
}

function requireAtMost(size: number, limit: number): void {
  if (size > limit) {
    throw tooLarge("header.size", limit);
  }
}

function packageFields({ filename, signature }: ArtifactHeader) {
  if (signature.length > MAX_SIGNATURE_BYTES) {
    throw tooLarge("header.signature", MAX_SIGNATURE_BYTES);
  }
  return { filename: packageFilename("header.filename", filename), signature };
}

/** Ends with ARTIFACT_CORRUPT as soon as more comes than was announced; what is short is for the store to notice. */
async function* chunks(reader: AsyncIterator<UploadRequest>, header: UploadHeader): AsyncGenerator<Uint8Array> {
  let bytes = header.offset ?? 0;
  for (;;) {
    const next = await reader.next();
    if (next.done === true) {
      break;
    }
    const { part } = next.value;
    if (part?.$case !== "chunk") {
      throw invalidField("part", part?.$case ?? "nothing", "chunks after the header");
    }
    if (part.value.length > MAX_CHUNK_BYTES) {
      throw tooLarge("chunk", MAX_CHUNK_BYTES);
    }
    bytes += part.value.length;
    if (bytes > header.size) {
      throw new Refusal("ARTIFACT_CORRUPT", { sha256: header.sha256 });
    }
    yield part.value;
  }
}

async function* download(cases: ArtifactCases, digest: string, offset: number): AsyncGenerator<DownloadResponse> {
  for await (const bytes of cases.read(digest, offset)) {
    for (let at = 0; at < bytes.length; at += MAX_CHUNK_BYTES) {
      yield { chunk: bytes.subarray(at, at + MAX_CHUNK_BYTES) };
    }
  }
}
