// `pacpool inbox`: everything in the fleet that waits for a person.
import { INBOX_KINDS } from "../../domain/inbox/inbox-item.ts";
import { decodeInboxEntry, encodeInboxKind, type InboxEntryView } from "../../rpc/codec/inbox.ts";
import type { Connection } from "../../rpc/connection.ts";
import { withServer } from "../connect.ts";
import { inboxJson, printInbox } from "../output/inbox.ts";
import { collectPages } from "../pages.ts";
import { verb } from "../verb.ts";

/** More than this is not read by a person; -o json with --pool gives the rest. */
const MAX_ENDPOINTS = 10_000;

interface InboxFilter {
  readonly pool: string;
  readonly endpoint: string;
  readonly kind: (typeof INBOX_KINDS)[number] | undefined;
}

async function listInbox(
  connection: Connection,
  { kind, ...filter }: InboxFilter,
  signal: AbortSignal,
): Promise<readonly InboxEntryView[]> {
  const wireKind = kind === undefined ? {} : { kind: encodeInboxKind(kind) };
  const wire = await collectPages(async (pageToken) => {
    const page = await connection.inbox.listInbox({ ...filter, ...wireKind, pageToken }, { signal });
    return { items: page.entries, nextPageToken: page.nextPageToken };
  }, MAX_ENDPOINTS);
  return wire.map(decodeInboxEntry);
}

export const inbox = verb({
  options: (yargs) =>
    yargs
      .positional("endpoint", { type: "string", describe: "only this endpoint" })
      .option("pool", { type: "string", requiresArg: true, describe: "only this pool" })
      .option("kind", { choices: INBOX_KINDS, requiresArg: true, describe: "only this kind" })
      .example("$0 inbox", "what waits for a person, equal things of many machines on one line")
      .example("$0 inbox --kind configuration-file -o json", ".pacnew and .pacsave files with their SHA-256"),
  run: async (context) =>
    await withServer(context, async (connection) => {
      const { options, terminal, signal } = context;
      const filter = { pool: options.pool ?? "", endpoint: options.endpoint ?? "", kind: options.kind };
      const entries = await listInbox(connection, filter, signal);
      if (options.output === "json") terminal.printJson(inboxJson(entries));
      else if (entries.length === 0)
        terminal.note("Nothing waits for you; `pacpool endpoint list` says how the machines stand.");
      else printInbox(terminal, entries);
      return undefined;
    }),
});
