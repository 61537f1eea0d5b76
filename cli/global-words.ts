// The options of every verb as words again, for a pacpool that this one starts.
import type { GlobalOptions } from "./options.ts";

/** Whatever aims at a server or a person's configuration; not how this one prints. */
export function globalWords({ server, ca, config, profile, color }: GlobalOptions): readonly string[] {
  const named = Object.entries({ server, ca, config, profile });
  return [
    ...named.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    ...(color ? [] : ["--no-color"]),
  ];
}

/** The command line of this very program with other words. */
export function ownCommand(words: readonly string[]): readonly string[] {
  return [process.execPath, ...process.execArgv, process.argv[1] ?? "", ...words];
}
