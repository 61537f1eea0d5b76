// The fleet's inbox as JSON and for people: what many endpoints share is one line.
import { INBOX_FACES } from "../../domain/face/faces.ts";
import { INBOX_KINDS, type InboxItem } from "../../domain/inbox/inbox-item.ts";
import type { InboxEntryView } from "../../rpc/codec/inbox.ts";
import type { Terminal } from "../terminal.ts";
import { faceCell } from "./words.ts";

/** One object per item and endpoint. */
export function inboxJson(entries: readonly InboxEntryView[]): readonly Readonly<Record<string, unknown>>[] {
  return entries.flatMap(({ endpointId, endpoint, pool, items }) =>
    items.map(({ kind, subject, what, digest }) => ({
      endpoint,
      endpointId,
      pool,
      kind,
      subject,
      what,
      digest: digest === "" ? null : digest,
    })),
  );
}

export interface InboxLine {
  readonly item: InboxItem;
  readonly endpoints: readonly string[];
}

/** Equal items of different endpoints together; in order of kinds, then by subject. */
export function groupInbox(entries: readonly InboxEntryView[]): readonly InboxLine[] {
  const lines = new Map<string, { readonly item: InboxItem; readonly endpoints: string[] }>();
  for (const { endpoint, items } of entries) {
    for (const item of items) {
      const key = JSON.stringify([item.kind, item.subject, item.what, item.digest]);
      const line = lines.get(key);
      if (line === undefined) lines.set(key, { item, endpoints: [endpoint] });
      else line.endpoints.push(endpoint);
    }
  }
  const order = (line: InboxLine): number => INBOX_KINDS.indexOf(line.item.kind);
  return [...lines.values()].toSorted(
    (a, b) => order(a) - order(b) || (a.item.subject < b.item.subject ? -1 : a.item.subject === b.item.subject ? 0 : 1),
  );
}

/** Names that a line has; the rest is counted. */
const NAMED = 3;

export function printInbox(terminal: Terminal, entries: readonly InboxEntryView[]): void {
  terminal.printTable(
    [{ title: "KIND" }, { title: "SUBJECT" }, { title: "ENDPOINTS" }, { title: "WHAT TO DO", flexible: true }],
    groupInbox(entries).map(({ item, endpoints }) => [
      faceCell(INBOX_FACES[item.kind], terminal),
      item.subject === item.what ? "" : item.subject,
      namesOf(endpoints),
      item.what,
    ]),
  );
}

function namesOf(endpoints: readonly string[]): string {
  const more = endpoints.length - NAMED;
  return `${endpoints.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${String(more)} more` : ""}`;
}
