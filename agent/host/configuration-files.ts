// .pacnew and .pacsave files that lie below a root until a person has looked at them.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { InboxItem } from "../../domain/inbox/inbox-item.ts";

const FOLDERS = ["etc", "boot"];
/** A whole /etc is some thousands. */
const MAX_ENTRIES = 50_000;
const MAX_HASHED_BYTES = 1024 * 1024;

/** By path; at most `limit`. Folders that cannot be read are passed over. */
export function findConfigurationFiles(rootDir: string, limit: number): readonly InboxItem[] {
  const open = [...FOLDERS];
  const found: string[] = [];
  let seen = 0;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of list(join(rootDir, folder))) {
      seen += 1;
      if (seen > MAX_ENTRIES) return describe(rootDir, found, limit);
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) open.push(path);
      else if (/\.pac(?:new|save(?:\.\d+)?)$/.test(entry.name)) found.push(path);
    }
  }
  return describe(rootDir, found, limit);
}

function describe(rootDir: string, found: readonly string[], limit: number): readonly InboxItem[] {
  return found
    .toSorted()
    .slice(0, limit)
    .map((path) => itemOf(rootDir, path));
}

function itemOf(rootDir: string, path: string): InboxItem {
  const beside = path.replace(/\.pac(?:new|save(?:\.\d+)?)$/, "");
  const digest = digestOf(join(rootDir, path));
  const subject = `/${path}`;
  const head = { kind: "configuration-file", subject, digest } as const;
  if (digest !== "" && digest === digestOf(join(rootDir, beside))) {
    return { ...head, what: `equals /${beside}: delete it` };
  }
  return path.endsWith(".pacnew")
    ? { ...head, what: `a package's new /${beside}: merge it into yours, then delete it (pacdiff)` }
    : { ...head, what: `your /${beside} from before its package went: take from it what you need, then delete it` };
}

/** Empty for what is not there, is no plain file or is too large. */
function digestOf(file: string): string {
  try {
    const found = statSync(file);
    if (!found.isFile() || found.size > MAX_HASHED_BYTES) return "";
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch {
    return "";
  }
}

function list(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
