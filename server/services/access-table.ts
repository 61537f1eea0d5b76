// Who may call which rpc, the whole table. A method that is not here is refused, so a new one starts closed.
import { Refusal } from "../../domain/refusal.ts";
import type { Principal, RoleName } from "../../rpc/principal.ts";

/** `anyone` needs no key, `agent` an endpoint's, `member` any key at all; a role also admits the higher ones. */
export type Need = "anyone" | "agent" | "member" | "viewer-or-agent" | RoleName;

const RANK: Readonly<Record<RoleName, number>> = { viewer: 1, operator: 2, administrator: 3 };

const TABLE: Readonly<Record<string, Need>> = {
  "/pacpool.v1.AccessService/CreateToken": "administrator",
  "/pacpool.v1.AccessService/CreateKey": "administrator",
  "/pacpool.v1.AccessService/ListKeys": "administrator",
  "/pacpool.v1.AccessService/RevokeKey": "administrator",
  "/pacpool.v1.AccessService/WhoAmI": "member",
  // The token in the request is what authenticates.
  "/pacpool.v1.AgentService/Enrol": "anyone",
  "/pacpool.v1.AgentService/Connect": "agent",
  "/pacpool.v1.AnalysisService/AnalyzePool": "viewer",
  "/pacpool.v1.AnalysisService/GetPackage": "viewer",
  "/pacpool.v1.ArtifactService/HasArtifacts": "viewer-or-agent",
  "/pacpool.v1.ArtifactService/Upload": "agent",
  "/pacpool.v1.ArtifactService/Download": "viewer-or-agent",
  "/pacpool.v1.ArtifactService/DescribeArtifacts": "viewer-or-agent",
  "/pacpool.v1.ArtifactService/FindPackages": "viewer-or-agent",
  "/pacpool.v1.EndpointService/GetEndpoint": "viewer",
  "/pacpool.v1.EndpointService/ListEndpoints": "viewer",
  "/pacpool.v1.EndpointService/GetDrift": "viewer",
  "/pacpool.v1.EndpointService/GetPackageSet": "viewer",
  // A dry run reads; what it finds changes nothing until an operator approves it.
  "/pacpool.v1.EndpointService/ComputePlan": "viewer",
  "/pacpool.v1.EndpointService/MoveEndpoint": "operator",
  "/pacpool.v1.EndpointService/LabelEndpoint": "operator",
  "/pacpool.v1.EndpointService/RemoveEndpoint": "operator",
  "/pacpool.v1.InboxService/ListInbox": "viewer",
  "/pacpool.v1.OperationService/StartOperation": "operator",
  "/pacpool.v1.OperationService/GetOperation": "viewer",
  "/pacpool.v1.OperationService/ListOperations": "viewer",
  "/pacpool.v1.OperationService/WatchOperation": "viewer",
  "/pacpool.v1.OperationService/ApproveOperation": "operator",
  "/pacpool.v1.OperationService/CancelOperation": "operator",
  "/pacpool.v1.OperationService/RepairOperation": "operator",
  "/pacpool.v1.PolicyService/ListRules": "viewer",
  "/pacpool.v1.PolicyService/AddRule": "operator",
  "/pacpool.v1.PolicyService/RemoveRule": "operator",
  "/pacpool.v1.PolicyService/ListConflicts": "viewer",
  "/pacpool.v1.PolicyService/ResolveConflicts": "operator",
  "/pacpool.v1.PoolService/CreatePool": "operator",
  "/pacpool.v1.PoolService/GetPool": "viewer",
  "/pacpool.v1.PoolService/ListPools": "viewer",
  "/pacpool.v1.PoolService/UpdatePool": "operator",
  "/pacpool.v1.PoolService/DeletePool": "operator",
  "/pacpool.v1.TargetService/SetLatest": "operator",
  "/pacpool.v1.TargetService/GetTarget": "viewer",
  "/pacpool.v1.TargetService/ListTargets": "viewer",
  "/pacpool.v1.TargetService/DiffTargets": "viewer",
  "/pacpool.v1.TargetService/RestoreTarget": "operator",
  "/pacpool.v1.TargetService/VerifyTarget": "viewer",
  "/pacpool.v1.WatchService/Watch": "viewer",
  "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo": "member",
  "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo": "member",
};

export function needOf(path: string): Need | undefined {
  return TABLE[path];
}

/** Throws UNAUTHENTICATED for a stranger and PERMISSION_DENIED for everybody else who may not. */
export function admit(principal: Principal, path: string): void {
  const need = TABLE[path];
  if (need === "anyone") {
    return;
  }
  if (principal.kind === "stranger") {
    throw new Refusal("UNAUTHENTICATED");
  }
  if (need === undefined || !isEnough(principal, need)) {
    throw new Refusal("PERMISSION_DENIED", { role: roleWord(need) });
  }
}

function isEnough(principal: Exclude<Principal, { kind: "stranger" }>, need: Exclude<Need, "anyone">): boolean {
  switch (need) {
    case "member":
      return true;
    case "agent":
      return principal.kind === "endpoint";
    case "viewer-or-agent":
      return true;
    default:
      return principal.kind === "operator" && RANK[principal.role] >= RANK[need];
  }
}

function roleWord(need: Need | undefined): string {
  if (need === "agent") {
    return "of an agent (an endpoint's own key)";
  }
  return need === undefined || need === "member" || need === "viewer-or-agent" ? "of a member" : need;
}
