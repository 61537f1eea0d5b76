// pacpool.v1.AgentService: enrolment, and the stream that an agent lives on (server/session).
import { Refusal } from "../../domain/refusal.ts";
import {
  AgentServiceService,
  type ConnectRequest,
  type ConnectResponse,
} from "../../proto/generated/pacpool/v1/agent.ts";
import { type CallContext, type Edge, type Implementation, implement } from "../../rpc/handlers.ts";
import type { Metrics } from "../ops/metrics.ts";
import { AgentSession } from "../session/agent-session.ts";
import type { SessionDesk } from "../session/desk.ts";
import { Outbox } from "../session/outbox.ts";
import type { SessionRegistry } from "../session/registry.ts";
import { endpointName, idempotencyKey, line, optionalReference } from "./fields.ts";
import type { EnrolCases } from "./use-cases.ts";

export interface AgentServiceParts {
  readonly cases: EnrolCases;
  readonly desk: SessionDesk;
  readonly registry: SessionRegistry;
  readonly heartbeatMs: number;
  readonly metrics: Pick<Metrics, "reports" | "commands" | "results">;
}

export function agentService(parts: AgentServiceParts, edge: Edge): Implementation {
  return implement(
    AgentServiceService,
    {
      enrol: (request) =>
        parts.cases.enrol({
          idempotencyKey: idempotencyKey(request.idempotencyKey),
          token: line("token", request.token, 200),
          name: endpointName("name", request.name),
          pool: optionalReference("pool", request.pool),
          replace: request.replace,
        }),
      connect: (messages, context, send) => connect(parts, messages, context, send),
    },
    edge,
  );
}

async function connect(
  parts: AgentServiceParts,
  messages: AsyncIterable<ConnectRequest>,
  { principal }: CallContext,
  send: (message: ConnectResponse) => Promise<void>,
): Promise<void> {
  if (principal.kind !== "endpoint") {
    throw new Refusal("PERMISSION_DENIED", { role: "of an agent" });
  }
  if (parts.registry.isDraining) {
    throw new Refusal("DRAINING");
  }
  const reader = messages[Symbol.asyncIterator]();
  const session = await AgentSession.open(reader, principal.endpointId, {
    desk: parts.desk,
    outbox: new Outbox(send),
    heartbeatMs: parts.heartbeatMs,
    now: () => new Date(),
    onCommand: (outcome) => parts.metrics.commands.inc({ outcome }),
    onReport: (kind) => parts.metrics.reports.inc({ kind }),
    onResult: (state) => parts.metrics.results.inc({ state }),
  });
  using _entry = parts.registry.add(session);
  try {
    await session.run(reader);
  } finally {
    // When the database is away the lease runs out by itself; the stream's own end must not be hidden by that.
    await parts.desk.close(session.opened).catch(() => undefined);
  }
}
