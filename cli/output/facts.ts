// One thing for people: a name and a value per line.
import type { Terminal } from "../terminal.ts";
import type { Cell } from "./columns.ts";

/** Facts without a value are left out. */
export function printFacts(terminal: Terminal, facts: readonly (readonly [string, Cell | string])[]): void {
  const shown = facts.filter(([, value]) => (typeof value === "string" ? value : value.text) !== "");
  terminal.printTable(
    [{ title: "" }, { title: "", flexible: true }],
    shown.map(([name, value]) => [{ text: name, paint: (text: string) => terminal.paint("muted", text) }, value]),
  );
}
