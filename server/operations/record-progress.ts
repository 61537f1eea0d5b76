// Progress of running operations: the newest value in memory and on the bell, in the row at most about once a second, and
// never a revision. A server that restarts reads the row once and goes on.
import { type OperationState, transitionOperation } from "../../domain/operation/lifecycle.ts";
import type { ProgressBell } from "../live/progress-bell.ts";
import type { Store } from "../store/store.ts";
import { beginRunning, type RunProgress } from "./agent-work.ts";
import { LOG_INTERVAL_MS } from "./operation-log.ts";
import type { SessionRef } from "./sessions.ts";

export interface ProgressRecorder {
  /** Late words are dropped. Throws SUPERSEDED. */
  readonly record: (session: SessionRef, progress: RunProgress) => Promise<void>;
  /** Of an operation that is over. */
  readonly forget: (operationId: string) => void;
}

interface Running {
  readonly epoch: number;
  readonly fence: number;
  readonly poolId: string;
  readonly state: OperationState;
  readonly writtenMs: number;
  readonly loggedMs: number;
}

/** A little less than the second between two words of an agent, so that none is skipped for coming early. */
const WRITE_INTERVAL_MS = 900;
/** One per endpoint with an operation under way; one that was dropped is read again. */
const MAX_RUNNING = 10_000;

export function makeProgressRecorder(store: Store, bell: ProgressBell): ProgressRecorder {
  const running = new Map<string, Running>();
  const remember = (operationId: string, one: Running): void => {
    running.delete(operationId);
    running.set(operationId, one);
    const [oldest] = running.keys();
    if (running.size > MAX_RUNNING && oldest !== undefined) running.delete(oldest);
  };
  const ring = ({ endpointId }: SessionRef, poolId: string, progress: RunProgress): void => {
    const { operationId, step, percent, message } = progress;
    bell.ring({ operationId, endpointId, poolId, step, percent, message });
  };
  const begin = async (session: SessionRef, progress: RunProgress): Promise<void> => {
    const row = await beginRunning(store, session, progress);
    if (row === undefined) return;
    const { fence, step, percent } = progress;
    const state = { kind: "running", step, percent } as const;
    const { epoch } = session;
    const nowMs = performance.now();
    remember(progress.operationId, { epoch, fence, poolId: row.pool_id, state, writtenMs: nowMs, loggedMs: nowMs });
    ring(session, row.pool_id, progress);
  };
  return {
    async record(session, progress) {
      const { operationId, fence, step, percent } = progress;
      const known = running.get(operationId);
      if (known === undefined || known.fence !== fence || known.epoch !== session.epoch) {
        return begin(session, progress);
      }
      const moved = transitionOperation(known.state, { kind: "progressed", step, percent });
      if (moved.kind === "refused") return;
      const nowMs = performance.now();
      // Each step is worth a line, however short it was.
      const isNewStep = known.state.kind === "running" && known.state.step !== step;
      const isLogged = isNewStep || nowMs - known.loggedMs >= LOG_INTERVAL_MS;
      const isDue = isLogged || nowMs - known.writtenMs >= WRITE_INTERVAL_MS;
      if (isDue && !(await writeProgress(store, session, progress, isLogged))) {
        running.delete(operationId);
        return begin(session, progress);
      }
      const writtenMs = isDue ? nowMs : known.writtenMs;
      const loggedMs = isLogged ? nowMs : known.loggedMs;
      remember(operationId, { ...known, state: moved.state, writtenMs, loggedMs });
      ring(session, known.poolId, progress);
    },
    forget: (operationId) => void running.delete(operationId),
  };
}

/** False when the operation does not run any more, is another's, or the session was superseded. */
async function writeProgress(
  store: Store,
  session: SessionRef,
  progress: RunProgress,
  isLogged: boolean,
): Promise<boolean> {
  const { operationId, fence, step, percent, message } = progress;
  const written = await store.database.query(
    // Whoever reports progress sends no heartbeat, so this is the sign of life.
    `with seen as (update endpoint set last_seen = now() where id = $3 and session_epoch = $7 returning id),
     moved as (update operation o set step = $4, percent = $5, message = $6, progressed_at = now()
       from seen where o.id = $1 and o.fence = $2 and o.state = 'running' and o.endpoint_id = seen.id returning o.id),
     logged as (insert into operation_log (operation_id, step, percent, message)
       select id, $4, $5, $6 from moved where $8::boolean)
     select id from moved`,
    [operationId, fence, session.endpointId, step, percent, message, session.epoch, isLogged],
  );
  return written.length > 0;
}
