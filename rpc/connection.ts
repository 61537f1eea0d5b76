// The client's end of the wire: one TLS channel to a server and typed promise clients over it.
import { isIP } from "node:net";
import { checkServerIdentity } from "node:tls";
import { Client, type ClientOptions, credentials, Metadata } from "@grpc/grpc-js";
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
import { makeClient } from "./clients.ts";
import { splitAddress } from "./join-code.ts";

/** Where to and as whom. `address` is HOST:PORT, `ca` PEM, `key` a ppk_ or ppe_ key; without one only Enrol and health answer. */
export interface ConnectionOptions {
  readonly address: string;
  readonly ca: string;
  readonly key?: string;
  readonly userAgent?: string;
}

const CHANNEL_OPTIONS: ClientOptions = {
  // Its write buffer for retries leaks on long streams; we retry by idempotency key instead.
  "grpc.enable_retries": 0,
  "grpc.enable_channelz": 0,
  // HTTP/2's own 64 KiB would hold a download over a line of 50 ms at 1.3 MB/s.
  "grpc-node.flow_control_window": 2 * 1024 * 1024,
  // A peer that vanished without a word is noticed within half a minute, and only while a call is open.
  "grpc.keepalive_time_ms": 20_000,
  "grpc.keepalive_timeout_ms": 10_000,
  // Callers wait by themselves, with full jitter; the channel must not add its own minutes to that.
  "grpc.initial_reconnect_backoff_ms": 200,
  "grpc.min_reconnect_backoff_ms": 200,
  "grpc.max_reconnect_backoff_ms": 1_000,
  "grpc.use_local_subchannel_pool": 1,
};

/** Opens nothing yet: the channel connects with the first call. */
export function openConnection(options: ConnectionOptions) {
  const host = splitAddress(options.address)?.host ?? options.address;
  const tls = credentials.createSsl(Buffer.from(options.ca), null, null, {
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  });
  const channel = new Client(options.address, tls, {
    ...CHANNEL_OPTIONS,
    // TLS forbids an IP address as server name; the certificate is still checked against the address itself.
    ...(isIP(host) === 0 ? {} : { "grpc.ssl_target_name_override": "localhost" }),
    "grpc.primary_user_agent": options.userAgent ?? "pacpool",
  });
  const metadata = new Metadata();
  if (options.key !== undefined) {
    metadata.set("authorization", `Bearer ${options.key.trim()}`);
  }
  const close = (): void => {
    channel.close();
  };
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
