// What waits for a person: things that pacpool sees and must not decide. docs/spec/inbox.md.

/** In the order in which they are shown. The last three only the endpoint itself can see. */
export const INBOX_KINDS = [
  /** A proof failed or a transaction was interrupted. */
  "degraded",
  /** The endpoint cannot take its target. */
  "blocked",
  /** An operation or a package waits for a decision. */
  "approval",
  /** What runs is not what is installed any more. */
  "reboot",
  /** A service runs with a program or library that was replaced. */
  "service",
  /** A .pacnew or .pacsave file. */
  "configuration-file",
] as const;

export type InboxKind = (typeof INBOX_KINDS)[number];

export const SEEN_BY_ENDPOINTS: readonly InboxKind[] = ["reboot", "service", "configuration-file"];

export interface InboxItem {
  readonly kind: InboxKind;
  /** What it is about: a path, a unit, packages. Items of one kind and subject on many endpoints belong together. */
  readonly subject: string;
  /** One sentence: what it is and what to do. */
  readonly what: string;
  /** SHA-256 of a file's content, so that one decision serves many machines; empty for everything else. */
  readonly digest: string;
}

/** Of one endpoint; a machine with more has another problem. */
export const MAX_INBOX_ITEMS = 200;

export interface EndpointWaiting {
  readonly status: string;
  readonly reasons: readonly string[];
  readonly degradedBecause: readonly string[];
  /** As the endpoint sees it. */
  readonly seen: readonly InboxItem[];
}

/** Everything that one endpoint wants of people, in order of kinds. */
export function inboxOf({ status, reasons, degradedBecause, seen }: EndpointWaiting): readonly InboxItem[] {
  const items = [
    ...degradedBecause.map((what) => item("degraded", what)),
    ...(status === "blocked" ? reasons.slice(0, 1).map((what) => item("blocked", what)) : []),
    ...(status === "pending-approval" ? reasons.slice(0, 1).map((what) => item("approval", what)) : []),
    ...seen,
  ];
  return items.toSorted((a, b) => INBOX_KINDS.indexOf(a.kind) - INBOX_KINDS.indexOf(b.kind));
}

function item(kind: InboxKind, what: string): InboxItem {
  return { kind, subject: what, what, digest: "" };
}
