// pacpool.v1.InboxService: decode, call, encode.

import { invalidField } from "../../domain/refusal.ts";
import { InboxKind, InboxServiceService } from "../../proto/generated/pacpool/v1/inbox.ts";
import { decodeInboxKind, encodeInboxItem } from "../../rpc/codec/inbox.ts";
import { type Edge, type Implementation, implement } from "../../rpc/handlers.ts";
import { optionalReference, page } from "./fields.ts";
import type { InboxCases } from "./use-cases.ts";

export function inboxService(cases: InboxCases, edge: Edge): Implementation {
  return implement(
    InboxServiceService,
    {
      listInbox: async (request) => {
        const kind = decodeInboxKind(request.kind);
        if (kind === undefined && request.kind !== InboxKind.UNSPECIFIED) {
          throw invalidField("kind", String(request.kind), "a kind of InboxKind");
        }
        const filter = {
          pool: optionalReference("pool", request.pool),
          endpoint: optionalReference("endpoint", request.endpoint),
          kind,
        };
        const { items, nextToken } = await cases.listInbox(filter, page(request, 500, 1_000));
        const entries = items.map((one) => ({ ...one, items: one.items.map(encodeInboxItem) }));
        return { entries, nextPageToken: nextToken ?? "" };
      },
    },
    edge,
  );
}
