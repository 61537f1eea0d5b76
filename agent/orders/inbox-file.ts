// The inbox on disk: STATE/inbox.json. A change counts, and is answered, only once the disk has it.
import { join } from "node:path";
import { readIfPresent, writeDurably } from "../durable-file.ts";
import { EMPTY_INBOX, type Inbox } from "./inbox.ts";

export interface InboxFile {
  /** What the disk has. */
  readonly current: () => Inbox;
  /** Applies one change and resolves once it is on disk. Changes are made one after the other. */
  readonly change: <Extra>(next: (inbox: Inbox) => readonly [Inbox, Extra]) => Promise<Extra>;
}

/** Throws when the file is damaged: guessing which commands were done could run one twice. */
export async function openInboxFile(stateDir: string): Promise<InboxFile> {
  const path = join(stateDir, "inbox.json");
  let inbox = parse(await readIfPresent(path), path);
  let last: Promise<unknown> = Promise.resolve();
  return {
    current: () => inbox,
    change: (next) => {
      const mine = last.then(async () => {
        const [changed, extra] = next(inbox);
        if (changed !== inbox) {
          await writeDurably(path, JSON.stringify(changed));
          inbox = changed;
        }
        return extra;
      });
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

function parse(text: string | undefined, path: string): Inbox {
  if (text === undefined) {
    return EMPTY_INBOX;
  }
  try {
    // Our own file, written whole or not at all: its shape is checked, its contents are ours.
    const read: unknown = JSON.parse(text);
    if (typeof read === "object" && read !== null && "lastSequence" in read && "orders" in read) {
      return { ...EMPTY_INBOX, ...(read as Inbox) };
    }
    throw new Error("it is not an inbox");
  } catch (cause) {
    throw new Error(`${path} is damaged; run \`pacpool agent reset\` and join again with --replace`, { cause });
  }
}
