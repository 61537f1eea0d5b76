// pacpool.v1.ArtifactService: streams of bytes, bounded by what their header announced.
import { MAX_DATABASE_BYTES } from "../../domain/limits.ts";
import { invalidField, Refusal, tooLarge } from "../../domain/refusal.ts";
import {
  ArtifactKind,
  ArtifactServiceService,
  type DownloadResponse,
  type UploadRequest,
} from "../../proto/generated/pacpool/v1/artifact.ts";
import { type Edge, type Implementation, implement } from "../../rpc/handlers.ts";
import { atMost, revision, sha256 } from "./fields.ts";
import type { ArtifactCases } from "./use-cases.ts";

const MAX_CHUNK_BYTES = 256 * 1024;
const MAX_ASKED = 1_000;

export function artifactService(cases: ArtifactCases, edge: Edge): Implementation {
  return implement(
    ArtifactServiceService,
    {
      hasArtifacts: async (request) => {
        atMost("sha256", request.sha256.length, MAX_ASKED, "digests");
        const wanted = request.sha256.map((digest) => sha256("sha256", digest));
        return { missingSha256: [...(await cases.missing(wanted))] };
      },
      upload: async (messages) => {
        const reader = messages[Symbol.asyncIterator]();
        const header = readHeader(await reader.next());
        if (!(await cases.has(header.sha256))) {
          await cases.store(header, chunks(reader, header));
        }
        return { sha256: header.sha256 };
      },
      describeArtifacts: () => Promise.resolve({ artifacts: [] }),
      findPackages: () => Promise.resolve({ packages: [] }),
      download: (request) => download(cases, sha256("sha256", request.sha256), revision("offset", request.offset)),
    },
    edge,
  );
}

interface Header {
  readonly sha256: string;
  readonly size: number;
}

function readHeader(first: IteratorResult<UploadRequest>): Header {
  const part = first.done === true ? undefined : first.value.part;
  if (part?.$case !== "header") {
    throw invalidField("part", part?.$case ?? "nothing", "the header first");
  }
  if (part.value.kind !== ArtifactKind.SYNC_DATABASE) {
    throw invalidField("header.kind", String(part.value.kind), "SYNC_DATABASE");
  }
  const size = revision("header.size", part.value.size);
  if (size > MAX_DATABASE_BYTES) {
    throw tooLarge("header.size", MAX_DATABASE_BYTES);
  }
  return { sha256: sha256("header.sha256", part.value.sha256), size };
}

/** Ends with ARTIFACT_CORRUPT as soon as more comes than was announced; what is short is for the store to notice. */
async function* chunks(reader: AsyncIterator<UploadRequest>, header: Header): AsyncGenerator<Uint8Array> {
  let bytes = 0;
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
  if (bytes !== header.size) {
    throw new Refusal("ARTIFACT_CORRUPT", { sha256: header.sha256 });
  }
}

async function* download(cases: ArtifactCases, digest: string, offset: number): AsyncGenerator<DownloadResponse> {
  for await (const bytes of cases.read(digest, offset)) {
    for (let at = 0; at < bytes.length; at += MAX_CHUNK_BYTES) {
      yield { chunk: Buffer.from(bytes.subarray(at, at + MAX_CHUNK_BYTES)) };
    }
  }
}
