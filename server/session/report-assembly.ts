// Puts the chunks of a state report together. Bounded: one report at a time, and never more than a whole package set.
import { MAX_PACKAGES, MAX_PACKAGES_PER_CHUNK } from "../../domain/limits.ts";
import type { InstalledPackage } from "../../domain/package-set/package-set.ts";
import { invalidField, tooLarge } from "../../domain/refusal.ts";
import { isSha256 } from "../../domain/view/view.ts";
import type { MachineFacts, StateReport } from "../../proto/generated/pacpool/v1/agent.ts";
import { decodePackage } from "../../rpc/codec/package-set.ts";

/** A whole report. An empty base digest means that upserts are the whole set. */
export interface WholeReport {
  readonly reportId: string;
  readonly baseDigest: string;
  readonly digest: string;
  readonly upserts: readonly InstalledPackage[];
  readonly removed: readonly string[];
  readonly facts: MachineFacts | undefined;
}

/** Twice what a whole set and the removal of another need. */
const MAX_CHUNKS = Math.ceil((4 * MAX_PACKAGES) / MAX_PACKAGES_PER_CHUNK);

export class ReportAssembly {
  #first: StateReport | undefined;
  #next = 0;
  #upserts: InstalledPackage[] = [];
  #removed: string[] = [];
  #facts: MachineFacts | undefined;

  /** The whole report once its last chunk is there, else undefined. Throws Refusal INVALID_FIELD or TOO_LARGE. */
  add(chunk: StateReport): WholeReport | undefined {
    checkChunk(chunk);
    // A first chunk starts over: the agent gave up the report before it, for example because it was asked for the whole.
    if (chunk.chunk === 0) {
      this.#start(chunk);
    }
    const first = this.#first;
    if (first === undefined || chunk.chunk !== this.#next || !isSameReport(first, chunk)) {
      throw invalidField(
        "state_report.chunk",
        String(chunk.chunk),
        `chunk ${String(this.#next)} of the report under way`,
      );
    }
    for (const one of chunk.upserts) {
      this.#upserts.push(decodePackage(one));
    }
    this.#removed.push(...chunk.removed);
    if (this.#upserts.length > MAX_PACKAGES || this.#removed.length > MAX_PACKAGES) {
      throw tooLarge("state_report", MAX_PACKAGES);
    }
    this.#facts = chunk.facts ?? this.#facts;
    this.#next += 1;
    return this.#next === first.chunks ? this.#finish(first) : undefined;
  }

  #start(chunk: StateReport): void {
    this.#first = { ...chunk, upserts: [], removed: [] };
    this.#next = 0;
    this.#upserts = [];
    this.#removed = [];
    this.#facts = undefined;
  }

  #finish(first: StateReport): WholeReport {
    const whole = {
      reportId: first.reportId,
      baseDigest: first.baseDigest,
      digest: first.digest,
      upserts: this.#upserts,
      removed: this.#removed,
      facts: this.#facts,
    };
    this.#first = undefined;
    this.#upserts = [];
    this.#removed = [];
    return whole;
  }
}

function isSameReport(first: StateReport, chunk: StateReport): boolean {
  return (
    first.reportId === chunk.reportId &&
    first.baseDigest === chunk.baseDigest &&
    first.digest === chunk.digest &&
    first.chunks === chunk.chunks
  );
}

function checkChunk(chunk: StateReport): void {
  if (chunk.reportId === "" || chunk.reportId.length > 64) {
    throw invalidField("state_report.report_id", chunk.reportId, "1 to 64 characters");
  }
  if (!isSha256(chunk.digest)) {
    throw invalidField("state_report.digest", chunk.digest, "64 lower-case hexadecimal digits");
  }
  if (chunk.baseDigest !== "" && !isSha256(chunk.baseDigest)) {
    throw invalidField(
      "state_report.base_digest",
      chunk.baseDigest,
      "64 lower-case hexadecimal digits, or empty for a full report",
    );
  }
  if (chunk.chunks < 1 || chunk.chunks > MAX_CHUNKS) {
    throw invalidField("state_report.chunks", String(chunk.chunks), `1 to ${String(MAX_CHUNKS)}`);
  }
  if (chunk.chunk < 0 || chunk.chunk >= chunk.chunks) {
    throw invalidField("state_report.chunk", String(chunk.chunk), "a number from 0, below chunks");
  }
  if (chunk.upserts.length > MAX_PACKAGES_PER_CHUNK || chunk.removed.length > MAX_PACKAGES_PER_CHUNK) {
    throw tooLarge("packages of one chunk", MAX_PACKAGES_PER_CHUNK);
  }
  if (chunk.baseDigest === "" && chunk.removed.length > 0) {
    throw invalidField("state_report.removed", chunk.removed[0] ?? "", "nothing in a full report");
  }
}
