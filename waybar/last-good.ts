// The last good state of a server scope, kept in a file so that a bar that asks anew each time still has something to
// show when the server is gone. A cache: losing it loses nothing but that.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ServerScope, ServerState } from "./follow-server.ts";

interface Kept {
  readonly state: ServerState;
  readonly savedAtMs: number;
}

/** Bumped when ServerState changes its shape: older files are ignored. */
const VERSION = 1;

function fileOf(cacheDir: string, scope: ServerScope): string {
  const name = createHash("sha256").update(JSON.stringify(scope)).digest("hex").slice(0, 16);
  return join(cacheDir, `waybar-${name}.json`);
}

export function saveLastGood(cacheDir: string, scope: ServerScope, state: ServerState, nowMs: number): void {
  const file = fileOf(cacheDir, scope);
  const temporary = `${file}.${String(process.pid)}`;
  try {
    mkdirSync(cacheDir, { recursive: true, mode: 0o700 });
    writeFileSync(temporary, JSON.stringify({ version: VERSION, state, savedAtMs: nowMs }), { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    // A full disk or a read-only home must not cost the bar its line.
  }
}

export function readLastGood(cacheDir: string, scope: ServerScope): Kept | undefined {
  try {
    const kept = JSON.parse(readFileSync(fileOf(cacheDir, scope), "utf8")) as Kept & { readonly version: number };
    return kept.version === VERSION && typeof kept.savedAtMs === "number" ? kept : undefined;
  } catch {
    return undefined;
  }
}
