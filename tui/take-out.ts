// Takes what is shown out of the TUI: into the clipboard of the person's terminal, into a new file. Says what it did, or
// why it did not.
import { writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Effect } from "./store/outcome.ts";
import { plural } from "./words.ts";

export type TakingOut = Extract<Effect, { readonly kind: "copy" | "export" }>;

export interface TakeOutOptions {
  readonly say: (tone: "good" | "notice" | "danger", text: string) => void;
  /** Writes to the terminal as it is. */
  readonly write: (sequence: string) => void;
  /** TERM, as the terminal calls itself. */
  readonly term: string | undefined;
}

/** What xterm and others that follow it still take; more is dropped by them without a word. */
const MAX_COPY_BYTES = 64 * 1024;

export async function takeOut(effect: TakingOut, options: TakeOutOptions): Promise<void> {
  if (effect.kind === "copy") copy(effect.text, options);
  else await writeNew(effect, options);
}

/** By OSC 52, which goes through ssh and tmux to the terminal in front of the person. */
function copy(text: string, { say, write, term }: TakeOutOptions): void {
  const bytes = Buffer.from(text, "utf8");
  if (term === "linux") {
    say("notice", "this console has no clipboard; E writes into a file");
  } else if (bytes.length > MAX_COPY_BYTES) {
    say("notice", "that is more than terminals take into their clipboard; E writes it into a file");
  } else {
    write(`\u001b]52;c;${bytes.toString("base64")}\u0007`);
    say("good", `copied ${copiedWords(text)}`);
  }
}

function copiedWords(text: string): string {
  const lines = text.split("\n");
  return lines.length === 1 ? text.replaceAll("\t", "  ") : `${plural(lines.length, "line")}: ${lines[0] ?? ""}, …`;
}

/** Never over a file that is there. */
async function writeNew(
  { file, text, rows }: Extract<TakingOut, { readonly kind: "export" }>,
  { say }: TakeOutOptions,
): Promise<void> {
  const path = file.startsWith("~/") ? join(homedir(), file.slice(2)) : resolve(file);
  try {
    await writeFile(path, text, { flag: "wx" });
    say("good", `${plural(rows, "row")} written to ${path}`);
  } catch (error) {
    say("danger", `writing ${path}: ${whyNot(error)}`);
  }
}

function whyNot(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "EEXIST":
      return "there is such a file already; give another name";
    case "ENOENT":
      return "there is no such folder";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "you may not write there; give another folder";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
