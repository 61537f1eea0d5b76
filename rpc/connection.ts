// The client's end of the wire: one TLS channel to a server and typed promise clients over it.
import { AccessServiceService } from "../proto/generated/pacpool/v1/access.ts";
import { AgentServiceService } from "../proto/generated/pacpool/v1/agent.ts";
import { AnalysisServiceService } from "../proto/generated/pacpool/v1/analysis.ts";
import { ArtifactServiceService } from "../proto/generated/pacpool/v1/artifact.ts";
import { EndpointServiceService } from "../proto/generated/pacpool/v1/endpoint.ts";
import { InboxServiceService } from "../proto/generated/pacpool/v1/inbox.ts";
import { OperationServiceService } from "../proto/generated/pacpool/v1/operation.ts";
import { PolicyServiceService } from "../proto/generated/pacpool/v1/policy.ts";
import { PoolServiceService } from "../proto/generated/pacpool/v1/pool.ts";
import { TargetServiceService } from "../proto/generated/pacpool/v1/target.ts";
import { WatchServiceService } from "../proto/generated/pacpool/v1/watch.ts";
import { type ConnectionOptions, openChannel } from "./channel.ts";
import { makeClient } from "./clients.ts";

export type { ConnectionOptions } from "./channel.ts";

/** Opens nothing yet: the channel connects with the first call. */
export function openConnection(options: ConnectionOptions) {
  const { channel, metadata, close } = openChannel(options);
  return {
    access: makeClient(AccessServiceService, channel, metadata),
    agent: makeClient(AgentServiceService, channel, metadata),
    analyses: makeClient(AnalysisServiceService, channel, metadata),
    artifacts: makeClient(ArtifactServiceService, channel, metadata),
    endpoints: makeClient(EndpointServiceService, channel, metadata),
    inbox: makeClient(InboxServiceService, channel, metadata),
    operations: makeClient(OperationServiceService, channel, metadata),
    policies: makeClient(PolicyServiceService, channel, metadata),
    pools: makeClient(PoolServiceService, channel, metadata),
    targets: makeClient(TargetServiceService, channel, metadata),
    watch: makeClient(WatchServiceService, channel, metadata),
    close,
    [Symbol.dispose]: close,
  };
}

export type Connection = ReturnType<typeof openConnection>;
