// Every status, presence, kind of drift, state, action and kind of inbox item with its face: the one place where words,
// glyphs and roles are chosen. A glyph has the same ASCII letter in all tables; docs/spec has the words.
import type { DriftKind } from "../drift/drift.ts";
import type { SyncStatus } from "../drift/sync-status.ts";
import type { InboxKind } from "../inbox/inbox-item.ts";
import type { OperationStateKind } from "../operation/lifecycle.ts";
import type { PlanAction } from "../plan/plan.ts";
import type { Face, Role } from "./face.ts";

type Row = readonly [glyph: string, ascii: string, role: Role, meaning: string];

/** The key is the word, unless `words` has another. */
function faces<Key extends string>(
  rows: Readonly<Record<Key, Row>>,
  words: Partial<Record<Key, string>> = {},
): Readonly<Record<Key, Face>> {
  const keys = Object.keys(rows) as Key[];
  const entries = keys.map((key) => {
    const [glyph, ascii, role, meaning] = rows[key];
    return [key, { word: words[key] ?? key, glyph, ascii, role, meaning }] as const;
  });
  return Object.fromEntries(entries) as Record<Key, Face>;
}

export const STATUS_FACES = faces<SyncStatus>({
  syncing: ["↻", "@", "busy", "an operation is under way"],
  "pending-approval": ["?", "?", "notice", "an operation waits for a person"],
  blocked: ["■", "#", "danger", "it cannot take its target"],
  degraded: ["!", "!", "alarm", "a proof failed or a transaction was interrupted"],
  unknown: ["·", ".", "muted", "no report or no target yet"],
  diverged: ["↕", "x", "diverged", "newer and older than the target at once"],
  ahead: ["↑", "^", "ahead", "newer than the target"],
  behind: ["↓", "v", "notice", "older than the target"],
  "in-sync": ["✓", "=", "good", "as the target wants it"],
});

export type Presence = "online" | "asleep";

export const PRESENCE_FACES = faces<Presence>({
  online: ["●", "*", "good", "its agent is connected"],
  asleep: ["○", "o", "muted", "its agent is not connected"],
});

export const DRIFT_FACES = faces<DriftKind>({
  older: ["↓", "v", "notice", "older than the target's version"],
  newer: ["↑", "^", "ahead", "newer than the target's version"],
  rebuilt: ["~", "~", "notice", "the same version, another build"],
  missing: ["−", "-", "danger", "the target wants it, it is not there"],
  extra: ["+", "+", "diverged", "there, and the target does not have it"],
  reason: ["r", "r", "diverged", "another install reason than the target's"],
  replaced: ["⇄", "%", "notice", "another package takes its place"],
  held: ["■", "#", "muted", "its version is frozen"],
  foreign: ["○", "o", "muted", "in no repository of the endpoint"],
  unavailable: ["?", "?", "muted", "nobody has the file of the wanted version"],
});

export const OPERATION_FACES = faces<OperationStateKind>({
  "pending-approval": ["?", "?", "notice", "waits for approval"],
  queued: ["·", ".", "muted", "waits for the machine"],
  delivered: ["»", ">", "busy", "the machine has it"],
  running: ["↻", "@", "busy", "under way"],
  interrupted: ["‖", "|", "alarm", "interrupted; the machine resumes or repairs it"],
  succeeded: ["✓", "=", "good", "done and proved"],
  degraded: ["!", "!", "alarm", "done, but the proof failed"],
  failed: ["✗", "X", "alarm", "stopped with an error"],
  refused: ["■", "#", "danger", "refused; nothing was changed"],
  cancelled: ["○", "o", "muted", "cancelled; nothing was changed"],
});

export const PLAN_FACES = faces<PlanAction>({
  remove: ["−", "-", "danger", "goes"],
  downgrade: ["↓", "v", "notice", "becomes older"],
  install: ["+", "+", "good", "comes"],
  upgrade: ["↑", "^", "good", "becomes newer"],
  reinstall: ["~", "~", "plain", "the same version, another build"],
});

/** What a plan says beside its steps. */
export type PlanNoteKind = "warning" | "reason" | "left-alone";

export const PLAN_NOTE_FACES = faces<PlanNoteKind>(
  {
    warning: ["!", "!", "notice", "worth reading before a yes"],
    reason: ["r", "r", "plain", "its install reason changes"],
    "left-alone": ["■", "#", "muted", "differs, and stays as it is"],
  },
  { "left-alone": "left alone" },
);

export const INBOX_FACES = faces<InboxKind>({
  degraded: ["!", "!", "alarm", "a proof failed or a transaction was interrupted"],
  blocked: ["■", "#", "danger", "it cannot take its target"],
  approval: ["?", "?", "notice", "waits for a decision"],
  reboot: ["⏻", "R", "notice", "what runs is not what is installed"],
  service: ["◆", "S", "notice", "a service runs with replaced files"],
  "configuration-file": ["≠", "C", "muted", "a .pacnew or .pacsave file"],
});

/** What is true beside a status, and what stands in the bar when it matters more than the status. */
export type Condition = "reboot" | "approval" | "asleep" | "stale" | "offline" | "error";

export const CONDITION_FACES = faces<Condition>({
  reboot: ["⏻", "R", "notice", "a reboot is due"],
  approval: ["?", "?", "notice", "something waits for approval"],
  asleep: ["○", "o", "muted", "its agent is not connected"],
  stale: ["◔", "~", "muted", "old facts, nobody vouches for them"],
  offline: ["⌁", "/", "muted", "the server is not reachable"],
  error: ["✗", "X", "danger", "nothing can be shown, and why"],
});

export const FACE_TABLES = {
  status: STATUS_FACES,
  presence: PRESENCE_FACES,
  drift: DRIFT_FACES,
  operation: OPERATION_FACES,
  plan: PLAN_FACES,
  note: PLAN_NOTE_FACES,
  inbox: INBOX_FACES,
  condition: CONDITION_FACES,
} as const;

/** Every glyph with its ASCII letter, for a painter that replaces them where text leaves the program. */
export const ASCII_GLYPHS: ReadonlyMap<string, string> = new Map(
  Object.values(FACE_TABLES).flatMap((table) => Object.values<Face>(table).map(({ glyph, ascii }) => [glyph, ascii])),
);
