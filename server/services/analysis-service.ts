// pacpool.v1.AnalysisService: decode, call, encode.
import { invalidField } from "../../domain/refusal.ts";
import { AnalysisServiceService, PackageKind } from "../../proto/generated/pacpool/v1/analysis.ts";
import { decodePackageKind, encodeAnalysedPackage, encodeAnalysis } from "../../rpc/codec/analysis.ts";
import { type Edge, type Implementation, implement } from "../../rpc/handlers.ts";
import { page, reference } from "./fields.ts";
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
    },
    edge,
  );
}
