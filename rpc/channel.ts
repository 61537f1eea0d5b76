// One TLS channel to a server and whom to call over it as whom; which services is the caller's affair.
import { isIP } from "node:net";
import { checkServerIdentity } from "node:tls";
import { Client, type ClientOptions, credentials, Metadata } from "@grpc/grpc-js";
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

export interface Channel {
  readonly channel: Client;
  readonly metadata: Metadata;
  readonly close: () => void;
}

/** Opens nothing yet: the channel connects with the first call. */
export function openChannel(options: ConnectionOptions): Channel {
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
  return {
    channel,
    metadata,
    close: () => {
      channel.close();
    },
  };
}
