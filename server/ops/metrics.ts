// Counters for operators of the server, in Prometheus' form. Values are given by whoever does the deed.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface Metrics {
  readonly agentStreams: Gauge;
  readonly watches: Gauge;
  readonly rpcs: Counter<"method" | "status">;
  readonly rpcSeconds: Histogram<"method">;
  readonly reports: Counter<"kind">;
  readonly commands: Counter<"outcome">;
  readonly watchItems: Counter<"kind">;
  readonly results: Counter<"state">;
  readonly artifacts: Gauge<"kind">;
  readonly artifactBytes: Gauge<"kind">;
  /** The page of /metrics and its content type. */
  readonly render: () => Promise<{ readonly text: string; readonly contentType: string }>;
}

/** Unary calls take milliseconds; a plan may take two minutes. */
const SECONDS = [0.002, 0.005, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 120];

export function makeMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    agentStreams: new Gauge({ name: "pacpool_agent_streams", help: "Agents with a live stream", registers }),
    watches: new Gauge({ name: "pacpool_watches", help: "Live watches", registers }),
    rpcs: new Counter({
      name: "pacpool_rpcs_total",
      help: "Finished calls",
      labelNames: ["method", "status"],
      registers,
    }),
    rpcSeconds: new Histogram({
      name: "pacpool_rpc_seconds",
      help: "Duration of calls that answer once",
      labelNames: ["method"],
      buckets: SECONDS,
      registers,
    }),
    reports: new Counter({
      name: "pacpool_reports_total",
      help: "State and view reports stored",
      labelNames: ["kind"],
      registers,
    }),
    commands: new Counter({
      name: "pacpool_commands_total",
      help: "Commands sent to agents and what became of them",
      labelNames: ["outcome"],
      registers,
    }),
    watchItems: new Counter({
      name: "pacpool_watch_items_total",
      help: "Items sent to watchers",
      labelNames: ["kind"],
      registers,
    }),
    results: new Counter({
      name: "pacpool_operation_results_total",
      help: "Operations that ended",
      labelNames: ["state"],
      registers,
    }),
    artifacts: new Gauge({ name: "pacpool_artifacts", help: "Files kept by content", labelNames: ["kind"], registers }),
    artifactBytes: new Gauge({
      name: "pacpool_artifact_bytes",
      help: "Bytes of the files kept by content",
      labelNames: ["kind"],
      registers,
    }),
    render: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
  };
}
