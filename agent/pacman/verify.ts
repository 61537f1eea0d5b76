// The proof after a transaction: never the exit code alone. Reads only, and says what is wrong in sentences.
import { lstatSync } from "node:fs";
import type { PacmanConfiguration } from "./configuration.ts";
import type { LogExcerpt } from "./log.ts";
import { ask } from "./process.ts";

/** One line of `pacman -Qkk`. */
export interface FileComplaint {
  readonly name: string;
  readonly path: string;
  readonly kind: "missing" | "type" | "content";
}

/** pacman reads at most this many names per question, far under the limit of a command line. */
const namesPerQuestion = 500;

/** `pacman -Dk`: what is not closed or not readable; empty means all is well. */
export async function databaseComplaints(configuration: PacmanConfiguration): Promise<readonly string[]> {
  const { code, output, errors } = await ask([...configuration.command, "--config", configuration.file, "-Dk"]);
  if (code === 0) return [];
  const lines = `${errors}${output}`.split("\n").filter((line) => line.trim() !== "");
  return lines.length > 0 ? lines : [`pacman -Dk exited ${code} without a word`];
}

/** Errors; failed scriptlets and hooks; files that stand in the way or could not be put in their place. */
const telling =
  /^error:|command failed to execute correctly|call to execv failed|exists in (?:both|filesystem)|warning given when extracting/;

/** What a run printed that its exit code does not say. */
export function outputComplaints(output: string): readonly string[] {
  const found = output.split("\n").filter((line) => telling.test(line));
  return [...new Set(found)].slice(0, 50);
}

/** What the log says of a run's transactions; empty means that each was completed. */
export function logComplaints(excerpt: LogExcerpt): readonly string[] {
  const { transactions } = excerpt;
  if (transactions.length === 0) return ["pacman's log has no transaction of this operation"];
  return transactions.flatMap((end) =>
    end === "completed"
      ? []
      : [`pacman's log has a transaction that was ${end === "open" ? "started and never ended" : end}`],
  );
}

/**
 * Files of the named packages that are missing, of the wrong type, or changed. Modes, times and backup files do not
 * count, nor does content that a scriptlet or hook wrote between the two moments (Unix ms).
 */
export async function fileComplaints(
  configuration: PacmanConfiguration,
  names: readonly string[],
  window: { readonly fromMs: number; readonly toMs: number },
): Promise<readonly FileComplaint[]> {
  const found: FileComplaint[] = [];
  for (let start = 0; start < names.length; start += namesPerQuestion) {
    const some = names.slice(start, start + namesPerQuestion);
    const { errors } = await ask([...configuration.command, "--config", configuration.file, "-Qkk", ...some], {
      timeoutMs: 15 * 60_000,
    });
    found.push(...parseFileComplaints(errors));
  }
  return found.filter(({ kind, path }) => {
    if (kind !== "content") return true;
    const mtimeMs = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return mtimeMs < window.fromMs - 1000 || mtimeMs > window.toMs + 1000;
  });
}

/** Takes apart what -Qkk prints on stderr, one complaint per file and kind. */
export function parseFileComplaints(text: string): readonly FileComplaint[] {
  const found = new Map<string, FileComplaint>();
  for (const line of text.split("\n")) {
    const parts = /^warning: ([^ :]+): (\/.*) \((.+)\)$/.exec(line);
    const [, name, path, words] = parts ?? [];
    if (name === undefined || path === undefined || words === undefined) continue;
    const kind = kindOf(words);
    if (kind !== undefined) found.set(`${path} ${kind}`, { name, path, kind });
  }
  return [...found.values()];
}

function kindOf(words: string): FileComplaint["kind"] | undefined {
  if (words === "No such file or directory") return "missing";
  if (words === "File type mismatch" || words === "Symlink path mismatch") return "type";
  return /checksum mismatch|Size mismatch/.test(words) ? "content" : undefined;
}

/** A sentence for people. */
export function complaintSentence({ name, path, kind }: FileComplaint): string {
  switch (kind) {
    case "missing":
      return `${name}: ${path} is missing`;
    case "type":
      return `${name}: ${path} is not of the type that the package has`;
    case "content":
      return `${name}: ${path} does not have the content that the package has`;
  }
}
