// The live streams of this process by endpoint. A newer stream of an endpoint ends the older one; a stop drains all.
import { Refusal } from "../../domain/refusal.ts";
import type { FilesDone, FilesWanted, PlanReport, PlanRequest } from "../../proto/generated/pacpool/v1/agent.ts";
import type { AgentSession } from "./agent-session.ts";

/** Milliseconds of comeback window per agent: TLS costs a server 1.5 ms each, and other work must go on. */
const COMEBACK_MS_PER_AGENT = 6;
const COMEBACK_MIN_MS = 500;
const COMEBACK_MAX_MS = 60_000;

export class SessionRegistry {
  readonly #sessions = new Map<string, AgentSession>();
  readonly #onCount: (count: number) => void;
  #isDraining = false;

  constructor(onCount: (count: number) => void) {
    this.#onCount = onCount;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Held while the session runs; disposing forgets it. */
  add(session: AgentSession): Disposable {
    const { endpointId } = session.opened;
    this.#sessions.get(endpointId)?.stop(new Refusal("SUPERSEDED"));
    this.#sessions.set(endpointId, session);
    this.#onCount(this.#sessions.size);
    return {
      [Symbol.dispose]: () => {
        if (this.#sessions.get(endpointId) === session) {
          this.#sessions.delete(endpointId);
          this.#onCount(this.#sessions.size);
        }
      },
    };
  }

  /** Endpoint ids with a live stream here. */
  endpointIds(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  /** Ends the endpoint's stream, for example because its identity is gone. */
  end(endpointId: string, error: Refusal): void {
    this.#sessions.get(endpointId)?.stop(error);
  }

  /** Asks the endpoint's agent for a plan. Rejects with ENDPOINT_OFFLINE when it has no stream here, or none any more. */
  requestPlan(
    endpoint: { readonly id: string; readonly name: string },
    question: Omit<PlanRequest, "requestId">,
    signal: AbortSignal,
  ): Promise<PlanReport> {
    const session = this.#sessions.get(endpoint.id);
    return session === undefined
      ? Promise.reject(new Refusal("ENDPOINT_OFFLINE", { endpoint: endpoint.name }))
      : session.requestPlan(question, signal);
  }

  /** Asks the endpoint's agent to upload files. Rejects with ENDPOINT_OFFLINE when it has no stream here, or none any more. */
  requestFiles(endpointId: string, files: FilesWanted["files"], signal: AbortSignal): Promise<FilesDone> {
    const session = this.#sessions.get(endpointId);
    return session === undefined
      ? Promise.reject(new Refusal("ENDPOINT_OFFLINE", { endpoint: endpointId }))
      : session.requestFiles(files, signal);
  }

  /** Every agent is told when to come back; their streams end. New ones are refused from now on. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    const sessions = [...this.#sessions.values()];
    const maxDelayMs = Math.min(COMEBACK_MAX_MS, Math.max(COMEBACK_MIN_MS, sessions.length * COMEBACK_MS_PER_AGENT));
    await Promise.all(sessions.map((session) => session.drain(maxDelayMs)));
  }
}
