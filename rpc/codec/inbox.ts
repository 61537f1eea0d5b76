// What waits for people, wire <-> domain.
import type { InboxItem, InboxKind } from "../../domain/inbox/inbox-item.ts";
import {
  type InboxEntry as WireEntry,
  type InboxItem as WireItem,
  InboxKind as WireKind,
} from "../../proto/generated/pacpool/v1/inbox.ts";

const KINDS: Readonly<Record<InboxKind, WireKind>> = {
  degraded: WireKind.DEGRADED,
  blocked: WireKind.BLOCKED,
  approval: WireKind.APPROVAL,
  reboot: WireKind.REBOOT,
  service: WireKind.SERVICE,
  "configuration-file": WireKind.CONFIGURATION_FILE,
};

/** One endpoint and what it wants. */
export interface InboxEntryView {
  readonly endpointId: string;
  readonly endpoint: string;
  readonly pool: string;
  readonly items: readonly InboxItem[];
}

export function encodeInboxKind(kind: InboxKind): WireKind {
  return KINDS[kind];
}

/** Undefined for UNSPECIFIED and for what a newer side may know. */
export function decodeInboxKind(wire: WireKind): InboxKind | undefined {
  return (Object.keys(KINDS) as readonly InboxKind[]).find((kind) => KINDS[kind] === wire);
}

export function encodeInboxItem({ kind, subject, what, digest }: InboxItem): WireItem {
  return { kind: KINDS[kind], subject, what, digest };
}

/** Items of kinds that this side does not know are left out. */
export function decodeInboxItems(wire: readonly WireItem[]): readonly InboxItem[] {
  return wire.flatMap(({ kind, subject, what, digest }) => {
    const known = decodeInboxKind(kind);
    return known === undefined ? [] : [{ kind: known, subject, what, digest }];
  });
}

export function decodeInboxEntry({ endpointId, endpoint, pool, items }: WireEntry): InboxEntryView {
  return { endpointId, endpoint, pool, items: decodeInboxItems(items) };
}
