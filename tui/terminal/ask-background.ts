// Asks the terminal for the colour of its background (OSC 11), with a question behind it that every terminal answers (DA1):
// where that answer comes alone, the first will not come. What was typed meanwhile is given back.
import type { Background } from "./capabilities.ts";

export interface AskedTerminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

const QUESTION = "\u001b]11;?\u001b\\\u001b[c";
/** A terminal answers within a millisecond, one behind a slow line within some hundred; longer nobody should wait. */
const PATIENCE_MS = 200;

// What terminals answer; the end of an OSC is ST or BEL.
const COLOUR = /\u001b\]11;rgba?:([\da-f]+)\/([\da-f]+)\/([\da-f]+)[^\u0007\u001b]*(?:\u0007|\u001b\\)/iu; // oxlint-disable-line no-control-regex
const ATTRIBUTES = /\u001b\[\?[\d;]*c/u; // oxlint-disable-line no-control-regex

export async function askBackground({ stdin, stdout }: AskedTerminal, patienceMs = PATIENCE_MS): Promise<Background> {
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  using _leaving = cookedOnSignals(stdin);
  let heard = "";
  const isAnswered = await new Promise<boolean>((resolve) => {
    const end = (result: boolean): void => {
      clearTimeout(timer);
      stdin.off("readable", read);
      resolve(result);
    };
    const read = (): void => {
      for (let chunk: unknown = stdin.read(); typeof chunk === "string"; chunk = stdin.read()) heard += chunk;
      if (ATTRIBUTES.test(heard)) end(true);
    };
    const timer = setTimeout(end, patienceMs, false);
    stdin.on("readable", read);
    stdout.write(QUESTION);
  });
  const typed = withoutAnswers(heard);
  if (typed !== "") stdin.unshift(typed);
  if (!isAnswered) dropLateAnswers(stdin);
  return backgroundOf(heard);
}

/** Nobody draws yet who would give the terminal back. */
function cookedOnSignals(stdin: NodeJS.ReadStream): Disposable {
  const leave = (): never => {
    stdin.setRawMode(false);
    process.exit(1);
  };
  const signals = ["SIGTERM", "SIGHUP", "SIGINT"] as const;
  for (const signal of signals) process.once(signal, leave);
  return {
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, leave);
    },
  };
}

/** By the brightness that an eye sees; "unknown" where no colour is told. */
export function backgroundOf(answer: string): Background {
  const [, ...parts] = COLOUR.exec(answer) ?? [];
  const [red, green, blue] = parts.map((hex) => parseInt(hex, 16) / (16 ** hex.length - 1));
  if (red === undefined || green === undefined || blue === undefined) return "unknown";
  return 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 ? "light" : "dark";
}

export function withoutAnswers(heard: string): string {
  return heard.replace(COLOUR, "").replace(ATTRIBUTES, "");
}

/** An answer that comes after all must not be taken for keys: it has an `r`, a `b` and a slash in it. */
function dropLateAnswers(stdin: NodeJS.ReadStream): void {
  const read = stdin.read.bind(stdin);
  stdin.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    return typeof chunk === "string" ? withoutAnswers(chunk) : chunk;
  };
}
