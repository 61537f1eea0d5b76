// The server's store of package files over the agent's own connection. Must not know what files are wanted for.

import { Refusal } from "../../domain/refusal.ts";
import type { Artifact } from "../../proto/generated/pacpool/v1/artifact.ts";
import type { Connection } from "../../rpc/connection.ts";
import { refusalSentence } from "../../rpc/errors.ts";
import type { FileStore, StoredFile } from "../files/file-store.ts";
import { Miss } from "../files/miss.ts";

/** Names of a thousand files with their signatures are half a megabyte. */
const ASK_TIMEOUT_MS = 30_000;

/** Usable as long as the connection is. */
export function openServerStore({ artifacts }: Connection): FileStore {
  return {
    describe: (sha256, signal) =>
      inWords(async () => {
        const request = { sha256: [...sha256] };
        const answer = await artifacts.describeArtifacts(request, { signal, timeoutMs: ASK_TIMEOUT_MS });
        return answer.artifacts.map(decodeArtifact);
      }),
    find: (keys, signal) =>
      inWords(async () => {
        const packages = keys.map(({ buildDate, ...key }) => ({ ...key, buildDate: BigInt(buildDate) }));
        const answer = await artifacts.findPackages({ packages }, { signal, timeoutMs: ASK_TIMEOUT_MS });
        return answer.packages.flatMap(({ package: found, artifact }) => {
          if (found === undefined || artifact === undefined) return [];
          const { name, version, architecture, buildDate } = found;
          return [
            { key: { name, version, architecture, buildDate: Number(buildDate) }, file: decodeArtifact(artifact) },
          ];
        });
      }),
    // Whoever receives watches over its pace.
    async *download(sha256, offset, signal) {
      try {
        for await (const { chunk } of artifacts.download({ sha256, offset: BigInt(offset) }, { signal })) yield chunk;
      } catch (cause) {
        throw missOf(cause);
      }
    },
  };
}

function decodeArtifact({ sha256, size, filename, signature }: Artifact): StoredFile {
  return { sha256, size: Number(size), filename, signature: signature.length === 0 ? undefined : signature };
}

async function inWords<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw missOf(cause);
  }
}

/** A refusal is an answer; anything else is a server in trouble. */
function missOf(cause: unknown): unknown {
  if (!(cause instanceof Refusal)) return cause;
  const fault = cause.reason === "ARTIFACT_NOT_FOUND" ? "absent" : "broken";
  return new Miss(fault, refusalSentence(cause), { cause });
}
