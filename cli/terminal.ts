// The person's side: two streams, a width, colours and a question. Everything that a verb prints goes through it, so that
// tests and files get plain text. It must not know what is printed.
import { createInterface } from "node:readline/promises";
import { type GlyphSet, glyphSetFor, type LocaleVariables, ROLE_SGR, type Role } from "../domain/face/face.ts";
import { cleanLines } from "./output/clean.ts";
import { type Cell, type Column, formatColumns } from "./output/columns.ts";
import { formatJson } from "./output/json.ts";

export type Tone = Role | "strong";

export interface Terminal {
  /** Somebody can be asked: standard input and error are a terminal. */
  readonly isInteractive: boolean;
  /** Standard output is a terminal: a line may be drawn over. */
  readonly isLive: boolean;
  readonly width: number;
  /** "none" where nobody looks: scripts get the words alone. */
  readonly glyphs: GlyphSet | "none";
  readonly paint: (tone: Tone, text: string) => string;
  /** A result, to standard output. Control characters are taken out of the text but for painted parts. */
  readonly print: (line: string) => void;
  /** Words beside the result, to standard error. */
  readonly note: (line: string) => void;
  readonly printJson: (value: unknown) => void;
  readonly printTable: (columns: readonly Column[], rows: readonly (readonly (Cell | string)[])[]) => void;
  /** Asks on standard error; anything but y or yes means no. */
  readonly confirm: (question: string, signal: AbortSignal) => Promise<boolean>;
  /** Raw, for lines that are drawn over. */
  readonly draw: (text: string) => void;
}

const SGR = { ...ROLE_SGR, strong: "1" } as const satisfies Record<Tone, string>;

function painted(sgr: string, text: string): string {
  return sgr === "" || text === "" ? text : `\u001b[${sgr}m${text}\u001b[0m`;
}

export interface TerminalOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly isColourless: boolean;
  readonly locale: LocaleVariables;
}

export function openTerminal({ stdin, stdout, stderr, isColourless, locale }: TerminalOptions): Terminal {
  // The reader may leave before everything is said (`pacpool endpoint list | head -1`): no failure of ours.
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  const isLive = stdout.isTTY === true;
  const hasColour = isLive && !isColourless;
  const paint = (tone: Tone, text: string): string => (hasColour ? painted(SGR[tone], text) : text);
  const width = isLive ? Math.max(40, stdout.columns) : Number.POSITIVE_INFINITY;
  const print = (line: string): void => {
    stdout.write(`${line}\n`);
  };
  return {
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    isLive,
    width,
    glyphs: isLive ? glyphSetFor(locale) : "none",
    paint,
    print,
    note: (line) => {
      stderr.write(`${cleanLines(line)}\n`);
    },
    printJson: (value) => {
      print(formatJson(value));
    },
    printTable: (columns, rows) => {
      const look = { width, paintTitle: (text: string) => paint("muted", text) };
      for (const line of formatColumns(columns, rows, look)) print(line);
    },
    confirm: async (question, signal) => {
      const reader = createInterface({ input: stdin, output: stderr });
      try {
        const answer = await reader.question(`${question} [y/N] `, { signal });
        return /^y(es)?$/i.test(answer.trim());
      } finally {
        reader.close();
      }
    },
    draw: (text) => {
      stdout.write(text);
    },
  };
}
