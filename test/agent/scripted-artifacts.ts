// The store of the scripted server: what it was sent, and what a test puts there. Keeps no promise but those of the
// contract that agents rely on.
import { createHash } from "node:crypto";
import {
  type Artifact,
  type ArtifactHeader,
  ArtifactKind,
  ArtifactServiceService,
  type PackageKey,
} from "../../proto/generated/pacpool/v1/artifact.ts";
import { type Edge, type Implementation, implement } from "../../rpc/handlers.ts";

export interface ScriptedArtifacts {
  /** Files by SHA-256, uploaded or put there for download. */
  readonly files: Map<string, Buffer>;
  /** Package files that it admits to have; their bytes are in `files`. */
  readonly packages: { readonly key: PackageKey; readonly artifact: Artifact }[];
  /** Headers of uploads that were taken, in order. */
  readonly uploads: ArtifactHeader[];
  /** Offsets of downloads, in order. */
  readonly offsets: number[];
  readonly service: (edge: Edge) => Implementation;
}

export function scriptArtifacts(): ScriptedArtifacts {
  const store: Omit<ScriptedArtifacts, "service"> = { files: new Map(), packages: [], uploads: [], offsets: [] };
  const { files, packages, uploads, offsets } = store;
  const service = (edge: Edge): Implementation =>
    implement(
      ArtifactServiceService,
      {
        hasArtifacts: (request) =>
          Promise.resolve({ missingSha256: request.sha256.filter((one) => !files.has(one)), partial: [] }),
        upload: async (messages) => {
          const chunks: Uint8Array[] = [];
          let header: ArtifactHeader | undefined;
          for await (const { part } of messages) {
            if (part?.$case === "header") header = part.value;
            if (part?.$case === "chunk") chunks.push(part.value);
          }
          const bytes = Buffer.concat(chunks);
          const sha256 = createHash("sha256").update(bytes).digest("hex");
          files.set(sha256, bytes);
          if (header !== undefined) uploads.push(header);
          return { sha256 };
        },
        download: async function* (request) {
          offsets.push(Number(request.offset));
          const bytes = files.get(request.sha256) ?? Buffer.alloc(0);
          for (let at = Number(request.offset); at < bytes.length; at += 65_536) {
            yield { chunk: bytes.subarray(at, at + 65_536) };
          }
        },
        describeArtifacts: (request) =>
          Promise.resolve({
            artifacts: packages.map(({ artifact }) => artifact).filter(({ sha256 }) => request.sha256.includes(sha256)),
          }),
        findPackages: (request) =>
          Promise.resolve({
            packages: packages
              .filter(({ key }) => request.packages.some((wanted) => isWanted(key, wanted)))
              .map(({ key, artifact }) => ({ package: key, artifact })),
          }),
      },
      edge,
    );
  return { ...store, service };
}

/** Puts a package file there, as if some endpoint had given it. */
export function storePackage(
  store: Pick<ScriptedArtifacts, "files" | "packages">,
  file: { readonly key: PackageKey; readonly filename: string; readonly bytes: Buffer; readonly signature?: Buffer },
): string {
  const sha256 = createHash("sha256").update(file.bytes).digest("hex");
  const { key, filename, bytes, signature = Buffer.alloc(0) } = file;
  store.files.set(sha256, bytes);
  const artifact = { sha256, size: BigInt(bytes.length), kind: ArtifactKind.PACKAGE, filename, signature };
  store.packages.push({ key, artifact });
  return sha256;
}

function isWanted(key: PackageKey, wanted: PackageKey): boolean {
  const isBuild = wanted.buildDate === 0n || wanted.buildDate === key.buildDate;
  return (
    isBuild && wanted.name === key.name && wanted.version === key.version && wanted.architecture === key.architecture
  );
}
