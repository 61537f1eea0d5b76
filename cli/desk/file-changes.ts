// Changes of a person's own files: shown as a diff, then written whole, with what was there kept beside.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

export interface FileChange {
  readonly path: string;
  /** Empty for a file that is not there yet. */
  readonly before: string;
  readonly after: string;
}

export async function showChanges(changes: readonly FileChange[], terminal: Terminal): Promise<void> {
  const { unifiedDiff } = await import("../../waybar/desk/text-diff.ts");
  for (const { path, before, after } of changes) {
    for (const line of unifiedDiff(path, before, after)) terminal.print(painted(line, terminal));
  }
}

function painted(line: string, { paint }: Terminal): string {
  if (line.startsWith("+++") || line.startsWith("---")) return paint("strong", line);
  if (line.startsWith("@@")) return paint("muted", line);
  if (line.startsWith("+")) return paint("good", line);
  return line.startsWith("-") ? paint("danger", line) : line;
}

/** Writes all of them and says what became of each. Throws UsageError for one that cannot be written. */
export function saveChanges(changes: readonly FileChange[]): readonly string[] {
  return changes.map((change) => {
    try {
      return save(change);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new UsageError(`writing ${change.path} failed: ${why}; paste what is shown above where it belongs`, {
        cause,
      });
    }
  });
}

function save({ path, after }: FileChange): string {
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) {
    writeFileSync(path, after);
    return `${path} is written.`;
  }
  // Through a link: dotfiles are often links into a repository, and the link has to stay.
  const real = realpathSync(path);
  const { mode } = statSync(real);
  const backup = freeName(`${path}.before-pacpool`);
  copyFileSync(real, backup);
  const draft = `${real}.pacpool-new`;
  writeFileSync(draft, after);
  chmodSync(draft, mode & 0o7777);
  renameSync(draft, real);
  return `${path} is written; what was there is in ${backup}.`;
}

/** An earlier backup is not written over. */
function freeName(wanted: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}.${String(number)}`;
    if (!existsSync(name)) return name;
  }
}
