// The inbox as rows: what waits for a person, kind by kind, each thing with its endpoint.
import { INBOX_FACES } from "../../../domain/face/faces.ts";
import { INBOX_KINDS, type InboxItem, type InboxKind } from "../../../domain/inbox/inbox-item.ts";
import type { InboxEntryView } from "../../../rpc/codec/inbox.ts";
import { type ListItem, type ListRow, sectionRows } from "./list-row.ts";

const TITLES: Readonly<Record<InboxKind, string>> = {
  degraded: "not proven",
  blocked: "blocked",
  approval: "waits for a decision",
  reboot: "reboot due",
  service: "services with replaced files",
  "configuration-file": "configuration to merge",
};

export function inboxRows(entries: readonly InboxEntryView[], filter: string): readonly ListRow[] {
  return sectionRows(
    INBOX_KINDS.map((kind) => ({
      id: kind,
      title: TITLES[kind],
      items: entries.flatMap((entry) =>
        entry.items.filter((item) => item.kind === kind).map((item) => inboxItem(entry, item)),
      ),
    })),
    filter,
  );
}

function inboxItem({ endpointId, endpoint, pool }: InboxEntryView, { kind, subject, what }: InboxItem): ListItem {
  const { glyph, role } = INBOX_FACES[kind];
  return {
    kind: "item",
    id: `${endpointId} ${kind} ${subject}`,
    name: subject === what ? endpoint : subject,
    cells: [
      { text: glyph, tone: role, width: 1 },
      { text: endpoint, grow: 2 },
      { text: pool, tone: "muted", grow: 1, from: 100 },
      { text: what, grow: 6 },
    ],
    why: what,
    words: `${kind} ${subject}`,
    opens: kind === "approval" ? { kind: "conflicts", poolId: "", endpointId } : { kind: "endpoint", endpointId },
  };
}

/** How many things of each kind wait, those of none left out. */
export function countInbox(
  entries: readonly InboxEntryView[],
): readonly { readonly kind: InboxKind; readonly count: number }[] {
  const counts = new Map<InboxKind, number>();
  for (const { items } of entries) for (const { kind } of items) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return INBOX_KINDS.flatMap((kind) => {
    const count = counts.get(kind) ?? 0;
    return count === 0 ? [] : [{ kind, count }];
  });
}
