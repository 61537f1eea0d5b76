// pacpool.v1.AnalysisService: decode, call, encode.
import { invalidField } from "../../domain/refusal.ts";
import {
  AnalysisServiceService,
  type GetPackageResponse,
  PackageKind,
} from "../../proto/generated/pacpool/v1/analysis.ts";
import { decodePackageKind, encodeAnalysedPackage, encodeAnalysis } from "../../rpc/codec/analysis.ts";
import { encodeDriftKind } from "../../rpc/codec/drift.ts";
import { type Edge, type Implementation, implement } from "../../rpc/handlers.ts";
import type { PackageRecord } from "../operations/analysis/get-package.ts";
import { optionalReference, packageName, page, reference } from "./fields.ts";
import type { AnalysisCases } from "./use-cases.ts";

export function analysisService(cases: AnalysisCases, edge: Edge): Implementation {
  return implement(
    AnalysisServiceService,
    {
      analyzePool: async (request) => {
        const kind = request.kind === PackageKind.UNSPECIFIED ? "different" : decodePackageKind(request.kind);
        if (kind === undefined) throw invalidField("kind", String(request.kind), "a kind of PackageKind");
        const { withinClass, installed } = request;
        const found = await cases.analyzePool(
          reference("pool", request.pool),
          { kind, withinClass, installed },
          page(request, 100, 2_000),
        );
        return {
          poolId: found.poolId,
          pool: found.pool,
          digest: found.digest,
          analysis: request.pageToken === "" ? encodeAnalysis(found.analysis) : undefined,
          packages: found.page.packages.map(encodeAnalysedPackage),
          totalPackages: found.page.total,
          nextPageToken: found.page.nextToken ?? "",
        };
      },
      getPackage: async (request) =>
        encodePackage(
          await cases.getPackage(
            packageName("name", request.name),
            optionalReference("pool", request.pool),
            page(request, 500, 2_000),
          ),
        ),
    },
    edge,
  );
}

function encodePackage(found: PackageRecord): GetPackageResponse {
  return {
    name: found.name,
    builds: found.builds.map((one) => ({
      ...one,
      buildDate: BigInt(one.buildDate),
      keptBytes: BigInt(one.keptBytes),
    })),
    wants: found.wants.map((one) => ({
      ...one,
      targetRevision: BigInt(one.targetRevision),
      version: one.version ?? "",
      buildDate: BigInt(one.buildDate),
      pinned: one.isPinned,
      required: one.isRequired,
    })),
    endpoints: found.endpoints.map(encodePackageEndpoint),
    totalEndpoints: found.total,
    without: found.without,
    unreported: found.unreported,
    nextPageToken: found.nextToken ?? "",
  };
}

function encodePackageEndpoint(one: PackageRecord["endpoints"][number]): GetPackageResponse["endpoints"][number] {
  const { installed } = one;
  return {
    endpointId: one.id,
    endpoint: one.name,
    poolId: one.poolId,
    pool: one.pool,
    online: one.isOnline,
    reported: one.isReported,
    version: installed?.version ?? "",
    architecture: installed?.architecture ?? "",
    buildDate: BigInt(installed?.buildDate ?? 0),
    explicit: installed?.reason === "explicit",
    targetVersion: one.wanted ?? "",
    drift: encodeDriftKind(one.drift),
    why: one.why,
  };
}
