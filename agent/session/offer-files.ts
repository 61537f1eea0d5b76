// Answers FilesWanted: looks what of it this machine has, uploads that at its owner's rate, and says what became of each
// file. Runs beside the stream. Must not know where the files lie.
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import type { Logger } from "pino";
import { MAX_WANTED_FILES } from "../../domain/limits.ts";
import type { FilesWanted, WantedFile as WireFile } from "../../proto/generated/pacpool/v1/agent.ts";
import { ArtifactKind } from "../../proto/generated/pacpool/v1/artifact.ts";
import type { Connection } from "../../rpc/connection.ts";
import type { Offer, WantedFile, WhyNot } from "../files/offer-files.ts";
import type { Machine } from "../machine.ts";
import type { Saying } from "./protocol.ts";
import type { RateLimit } from "./rate-limit.ts";

export interface OfferParts {
  readonly machine: Pick<Machine, "findOffers" | "isMetered">;
  readonly uploads: RateLimit;
  readonly log: Logger;
  readonly connection: Connection;
  readonly send: (saying: Saying) => Promise<void>;
  readonly signal: AbortSignal;
}

export interface OfferQueue {
  readonly take: (request: FilesWanted) => void;
}

/** The contract allows four times as much; this paces more evenly. */
const CHUNK_BYTES = 64 * 1024;
/** The server asks one at a time; a second one is of a server that forgot the first. */
const MAX_WAITING = 2;
/** Besides what the rate makes of its size. */
const UPLOAD_TIMEOUT_MS = 5 * 60_000;

/** One request after the other, each answered once; none is answered after the stream. */
export function makeOfferQueue(parts: OfferParts): OfferQueue {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    take: (request) => {
      if (waiting >= MAX_WAITING) {
        void tell(parts, request, new Map(), "failed");
        return;
      }
      waiting++;
      last = last
        .then(() => answer(parts, request))
        .catch((error: unknown) => {
          if (!parts.signal.aborted) parts.log.warn({ err: error }, "answering a request for files failed");
        })
        .finally(() => waiting--);
    },
  };
}

async function answer(parts: OfferParts, request: FilesWanted): Promise<void> {
  const { machine, log, signal } = parts;
  signal.throwIfAborted();
  if (await machine.isMetered()) {
    await tell(parts, request, new Map(), "metered");
    return;
  }
  const wanted = request.files.slice(0, MAX_WANTED_FILES).map(decodeWanted);
  const offers = await machine.findOffers(wanted);
  const outcomes = new Map<number, Outcome>();
  for (const [at, offer] of offers.entries()) {
    signal.throwIfAborted();
    outcomes.set(at, offer.kind === "refused" ? { why: offer.why } : await give(parts, offer));
  }
  const given = [...outcomes.values()].filter((outcome) => "sha256" in outcome).length;
  log.info({ wanted: request.files.length, given }, "package files given to the server");
  await tell(parts, request, outcomes, "failed");
}

/** The digest of what was uploaded, or why not. */
type Outcome = { readonly sha256: string } | { readonly why: WhyNot };

type Offered = Extract<Offer, { readonly kind: "offered" }>;

/** A file that cannot be given costs only itself. */
async function give(parts: OfferParts, offer: Offered): Promise<Outcome> {
  const { machine, log, signal } = parts;
  try {
    // A laptop may have been carried away meanwhile.
    if (await machine.isMetered()) return { why: "metered" };
    await upload(parts, offer);
    return { sha256: offer.sha256 };
  } catch (cause) {
    signal.throwIfAborted();
    log.warn({ err: cause, file: offer.path }, "a package file could not be given to the server");
    return { why: "failed" };
  }
}

async function upload({ connection, uploads, signal }: OfferParts, offer: Offered): Promise<void> {
  const { path, sha256, size } = offer;
  const timeoutMs = UPLOAD_TIMEOUT_MS + (2 * size * 1_000) / uploads.bytesPerSecond;
  const { partial } = await connection.artifacts.hasArtifacts({ sha256: [sha256] }, { signal });
  const offset = Number(partial.find((one) => one.sha256 === sha256)?.size ?? 0n);
  async function* parts() {
    const signature = Buffer.from(offer.signature ?? []);
    const header = { sha256, size: BigInt(size), kind: ArtifactKind.PACKAGE, signature, filename: basename(path) };
    yield { part: { $case: "header" as const, value: { ...header, offset: BigInt(offset) } } };
    for await (const chunk of createReadStream(path, { start: offset, highWaterMark: CHUNK_BYTES })) {
      const bytes = chunk as Buffer;
      await uploads.pass(bytes.length, signal);
      yield { part: { $case: "chunk" as const, value: bytes } };
    }
  }
  await connection.artifacts.upload(parts(), { signal, timeoutMs });
}

function decodeWanted({ sha256, size, buildDate, ...rest }: WireFile): WantedFile {
  return { ...rest, sha256: sha256 === "" ? undefined : sha256, size: Number(size), buildDate: Number(buildDate) };
}

/** Every file is in one of the two lists; what has no outcome was not offered for the given reason. */
async function tell(
  { send }: OfferParts,
  { requestId, files }: FilesWanted,
  outcomes: ReadonlyMap<number, Outcome>,
  otherwise: WhyNot,
): Promise<void> {
  const uploadedSha256 = [...outcomes.values()].flatMap((outcome) => ("sha256" in outcome ? outcome.sha256 : []));
  const notOffered = files.flatMap(({ name, version }, at) => {
    const outcome = outcomes.get(at) ?? { why: otherwise };
    return "why" in outcome ? [{ name, version, why: outcome.why }] : [];
  });
  await send({ $case: "filesDone", value: { requestId, uploadedSha256, notOffered } });
}
