// The reach of a target between wire and domain.
import type { EndpointReach, LackingFile, LackWhy, TargetReach } from "../../domain/files/target-reach.ts";
import {
  LackingFile_Why,
  type VerifyTargetResponse,
  type EndpointReach as WireEndpointReach,
  type LackingFile as WireLackingFile,
} from "../../proto/generated/pacpool/v1/target.ts";

const WHY = {
  nowhere: LackingFile_Why.NOWHERE,
  "sha256-unknown": LackingFile_Why.SHA256_UNKNOWN,
  unsigned: LackingFile_Why.UNSIGNED,
  class: LackingFile_Why.CLASS,
  "no-space": LackingFile_Why.NO_SPACE,
} as const satisfies Record<LackWhy, LackingFile_Why>;

const WHY_BY_NUMBER: ReadonlyMap<LackingFile_Why, LackWhy> = new Map(
  (Object.keys(WHY) as LackWhy[]).map((why) => [WHY[why], why]),
);

export function encodeTargetReach(reach: TargetReach): VerifyTargetResponse {
  return {
    pool: reach.pool,
    revision: BigInt(reach.revision),
    fetching: reach.fetching,
    endpoints: reach.endpoints.map(encodeEndpoint),
    files: reach.files,
    filesKept: reach.filesKept,
    bytesKept: BigInt(reach.bytesKept),
    filesMissing: reach.filesMissing,
  };
}

function encodeEndpoint(one: EndpointReach): WireEndpointReach {
  return { ...one, lacking: one.lacking.map((file) => ({ ...file, why: WHY[file.why] })) };
}

export function decodeTargetReach(wire: VerifyTargetResponse): TargetReach {
  return {
    pool: wire.pool,
    revision: Number(wire.revision),
    fetching: wire.fetching,
    endpoints: wire.endpoints.map((one) => ({ ...one, lacking: one.lacking.map(decodeFile) })),
    files: wire.files,
    filesKept: wire.filesKept,
    bytesKept: Number(wire.bytesKept),
    filesMissing: wire.filesMissing,
  };
}

/** A why that only a newer server knows is at least a file that is not there. */
function decodeFile({ name, version, filename, why }: WireLackingFile): LackingFile {
  return { name, version, filename, why: WHY_BY_NUMBER.get(why) ?? "nowhere" };
}
