// All that an agent's stream may do, over one store.
import type { View } from "../../domain/view/view.ts";
import type { ProgressBell } from "../live/progress-bell.ts";
import type { Store } from "../store/store.ts";
import { acknowledgeCommand, type CommandAnswer, type RunProgress, recordResult } from "./agent-work.ts";
import { type HeldWork, type PendingWork, pendingWork } from "./commands.ts";
import { type RepositoryServers, recordServers } from "./files/mirrors.ts";
import { makeProgressRecorder } from "./record-progress.ts";
import { recordTargetStatus } from "./record-target-status.ts";
import type { RunResult } from "./records.ts";
import { compareDigests, type DigestNeeds, type Report, storeReport, storeView, type ViewNeed } from "./reports.ts";
import {
  closeSession,
  findSleepers,
  type Greeting,
  type MachineFacts,
  type OpenedSession,
  openSession,
  type SessionRef,
  storeFacts,
} from "./sessions.ts";

/** Every call in a session's name rejects with SUPERSEDED once a newer session of the endpoint exists. */
export interface SessionOperations {
  readonly open: (endpointId: string, greeting: Greeting) => Promise<OpenedSession>;
  /** Does nothing when a newer session is there. */
  readonly close: (session: SessionRef) => Promise<void>;
  readonly compareDigests: (
    session: SessionRef,
    digests: { readonly stateDigest: string; readonly viewDigest: string },
  ) => Promise<DigestNeeds>;
  readonly storeReport: (session: SessionRef, report: Report) => Promise<boolean>;
  readonly storeFacts: (session: SessionRef, facts: MachineFacts) => Promise<void>;
  readonly storeView: (session: SessionRef, view: View, servers?: readonly RepositoryServers[]) => Promise<ViewNeed>;
  readonly pendingWork: (session: SessionRef, held: HeldWork) => Promise<PendingWork>;
  readonly recordTargetStatus: (session: SessionRef, revision: number, error: string | undefined) => Promise<void>;
  readonly acknowledgeCommand: (session: SessionRef, answer: CommandAnswer) => Promise<void>;
  readonly recordProgress: (session: SessionRef, progress: RunProgress) => Promise<void>;
  readonly recordResult: (session: SessionRef, result: RunResult) => Promise<void>;
  /** Marks endpoints that said nothing for so long as asleep; gives their number. For a loop. */
  readonly findSleepers: (silentMs: number) => Promise<number>;
}

export function makeSessionOperations(store: Store, progressBell: ProgressBell): SessionOperations {
  const progress = makeProgressRecorder(store, progressBell);
  return {
    open: (endpointId, greeting) => openSession(store, endpointId, greeting),
    close: (session) => closeSession(store, session),
    compareDigests: (session, digests) => compareDigests(store, session, digests),
    storeReport: (session, report) => storeReport(store, session, report),
    storeFacts: (session, facts) => storeFacts(store, session, facts),
    async storeView(session, view, servers) {
      // First, since whoever hears of the view may fetch from them at once.
      if (servers !== undefined) await recordServers(store.database, session, servers);
      return storeView(store, session, view);
    },
    pendingWork: (session, held) => pendingWork(store, session, held),
    recordTargetStatus: (session, revision, error) => recordTargetStatus(store, session, revision, error),
    acknowledgeCommand: (session, answer) => acknowledgeCommand(store, session, answer),
    recordProgress: progress.record,
    async recordResult(session, result) {
      await recordResult(store, session, result);
      progress.forget(result.operationId);
    },
    findSleepers: (silentMs) => findSleepers(store, silentMs),
  };
}
