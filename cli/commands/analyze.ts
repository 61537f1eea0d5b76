// `pacpool analyze`: what the repositories of a pool's machines have in common, where they part, and what to do about it.
import { PACKAGE_KINDS, type PackageKind } from "../../domain/analysis/list-packages.ts";
import { encodePackageKind } from "../../rpc/codec/analysis.ts";
import { decodeAnalysedPackage, decodeAnalysis } from "../../rpc/codec/analysis-view.ts";
import type { Connection } from "../../rpc/connection.ts";
import { withServer } from "../connect.ts";
import { analysisJson, type PoolAnalysis } from "../output/analysis.ts";
import { printAnalysis } from "../output/analysis-table.ts";
import { UsageError } from "../usage-error.ts";
import { verb } from "../verb.ts";
import { findPool } from "./target.ts";

interface Asked {
  readonly pool: string;
  readonly kind: PackageKind;
  readonly across: boolean;
  readonly all: boolean;
  /** Undefined for all of them. */
  readonly limit: number | undefined;
}

/** A whole moment of a distribution that the server meets for the first time takes it half a second; 64 are its most. */
const TIMEOUT_MS = 60_000;

const PAGE_SIZE = 2_000;

/** Rows of a table that a person still reads. */
const SHOWN = 20;

export const analyze = verb({
  options: (yargs) =>
    yargs
      .positional("pool", { type: "string", describe: "name or id; this machine's when left out" })
      .option("kind", {
        choices: PACKAGE_KINDS,
        default: "different" as const,
        requiresArg: true,
        describe: "packages to list: missing from some views, of another version, another file, another signer, ...",
      })
      .option("across", {
        type: "boolean",
        default: false,
        describe: "differences between classes too, not only inside one",
      })
      .option("all", { type: "boolean", default: false, describe: "packages that no machine has installed too" })
      .option("limit", {
        type: "number",
        requiresArg: true,
        describe: `at most that many packages; ${String(SHOWN)} for people, all for machines`,
      })
      .example("$0 analyze studio", "who can be the next source, who can follow, and what stands in the way")
      .example("$0 analyze studio --kind missing", "packages that some machines' repositories do not have")
      .example("$0 analyze studio --kind version --across", "which class is behind the others")
      .example("$0 analyze studio -o json | jq '.suggestions[].advice'", "for scripts")
      .epilog(
        "Views are the sync databases that machines last reported; machines with equal ones share a view. " +
          "A class is what makes packages interchangeable: only machines of one class can follow one view.",
      ),
  run: async (context) =>
    await withServer(context, async (connection, access) => {
      const { options, terminal, signal } = context;
      const isForPeople = options.output !== "json";
      const limit = checkLimit(options.limit ?? (isForPeople ? SHOWN : undefined));
      const pool = await findPool(context, connection, access, options.pool);
      const { kind, across, all } = options;
      const found = await ask(connection, { pool, kind, across, all, limit }, signal);
      if (isForPeople) printAnalysis(terminal, found, { kind, across, all });
      else terminal.printJson(analysisJson(found));
      return undefined;
    }),
});

function checkLimit(limit: number | undefined): number | undefined {
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 0)) {
    throw new UsageError("--limit takes a whole number of packages");
  }
  return limit;
}

async function ask(connection: Connection, asked: Asked, signal: AbortSignal): Promise<PoolAnalysis> {
  const { pool, kind, across, all, limit = Number.POSITIVE_INFINITY } = asked;
  const request = { pool, kind: encodePackageKind(kind), withinClass: !across, installed: !all };
  const options = { signal, timeoutMs: TIMEOUT_MS };
  const pageSize = Math.min(PAGE_SIZE, Math.max(1, limit));
  const first = await connection.analyses.analyzePool({ ...request, pageSize }, options);
  if (first.analysis === undefined) throw new Error("the server answered without an analysis");
  const packages = first.packages.slice(0, limit).map(decodeAnalysedPackage);
  let pageToken = first.nextPageToken;
  while (pageToken !== "" && packages.length < limit) {
    const page = await connection.analyses.analyzePool({ ...request, pageSize, pageToken }, options);
    packages.push(...page.packages.slice(0, limit - packages.length).map(decodeAnalysedPackage));
    pageToken = page.nextPageToken;
  }
  const { pool: name, digest, totalPackages } = first;
  return { pool: name, digest, summary: decodeAnalysis(first.analysis), packages, totalPackages };
}
