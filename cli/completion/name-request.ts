// What a shell asks when Tab is pressed: names of one kind that begin with what is typed, and the words before it. Read
// leniently: a line under way is never an error.
import type { GlobalOptions } from "../options.ts";

export const NAME_KINDS = ["endpoint", "pool", "revision", "operation", "profile", "label", "key"] as const;

export type NameKind = (typeof NAME_KINDS)[number];

export interface NameRequest {
  readonly kind: NameKind;
  readonly prefix: string;
  /** The verb and its arguments, without options. */
  readonly words: readonly string[];
  /** What the line already says of the way to the server. */
  readonly options: GlobalOptions;
  /** --pool of the line. */
  readonly pool: string | undefined;
}

const VALUED = ["server", "ca", "config", "profile", "pool", "endpoint"] as const;

/** Of `KIND PREFIX -- WORDS...`; undefined for a kind that is not known. */
export function parseNameRequest([kind = "", prefix = "", separator, ...line]: readonly string[]):
  | NameRequest
  | undefined {
  const known = NAME_KINDS.find((one) => one === kind);
  if (known === undefined || (separator !== undefined && separator !== "--")) return undefined;
  const values = new Map<string, string>();
  const words: string[] = [];
  for (let at = 0; at < line.length; at += 1) {
    const word = line[at] ?? "";
    const [name = "", ...value] = word.replace(/^--/, "").split("=");
    const isValued = word.startsWith("--") && VALUED.some((one) => one === name);
    if (!word.startsWith("-")) words.push(word);
    else if (isValued && value.length > 0) values.set(name, value.join("="));
    else if (isValued) {
      values.set(name, line[at + 1] ?? "");
      at += 1;
    }
  }
  const valueOf = (name: (typeof VALUED)[number]): string | undefined => values.get(name) || undefined;
  const options: GlobalOptions = {
    server: valueOf("server"),
    ca: valueOf("ca"),
    config: valueOf("config"),
    profile: valueOf("profile"),
    output: "table",
    timeout: undefined,
    color: false,
    verbose: false,
  };
  return { kind: known, prefix, words, options, pool: valueOf("pool") };
}
