// Prints docs/keys.md from the TUI's key table.
import type { Binding, BindingGroup } from "../../tui/keys/binding.ts";
import { BINDINGS, paletteName, shownKey } from "../../tui/keys/bindings.ts";
import { EVERYWHERE, SCREEN_WORDS } from "../../tui/keys/screens.ts";
import { vocabularyOf } from "../../tui/query/vocabularies.ts";

const GROUPS: readonly (readonly [BindingGroup, string])[] = [
  ["do", "Deeds"],
  ["look", "Look"],
  ["list", "Lists"],
  ["move", "Move"],
];

function row(binding: Binding): string {
  const { keys, description, screens, aliases = [] } = binding;
  const shown = keys.map((key) => `\`${shownKey(key)}\``).join(" ");
  const names = [paletteName(binding), ...aliases.map((name) => `:${name}`)].map((name) => `\`${name}\``).join(" ");
  const where =
    screens.length === Object.keys(SCREEN_WORDS).length
      ? "everywhere"
      : screens.map((one) => SCREEN_WORDS[one]).join(", ");
  return `| ${shown} | ${binding.group === "move" ? "" : names} | ${description} | ${where} |`;
}

function filterRows(): string {
  return EVERYWHERE.flatMap((screen) =>
    vocabularyOf(screen).fields.map(({ name, about, values = [] }) => {
      const list = values.length === 0 ? "" : `: ${values.join(", ")}`;
      return `| ${SCREEN_WORDS[screen]} | \`${name}:\` | ${about}${list} |`;
    }),
  ).join("\n");
}

function main(): void {
  const sections = GROUPS.map(([group, title]) => {
    const rows = BINDINGS.filter((binding) => binding.group === group).map(row);
    return `## ${title}\n\n| key | name | what | where |\n|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  process.stdout.write(`# Keys of \`pacpool tui\`

Generated from the table in tui/keys by \`make generate\`. \`?\` shows the same, for the screen in front, with the reason why
a key cannot do its deed right now. A deed never happens without a question that says what it does; \`Enter\` or \`y\`
answers it, \`Esc\` leaves it; the largest want the pool's name typed. Pasted text never presses keys.

\`:\` opens a line that takes every name below, and names of endpoints and pools; \`Tab\` completes, \`↑\` \`↓\` choose, and what
cannot be done says why.

${sections.join("\n")}
## Filters

After \`/\` every word must occur in a row; \`!\` or \`-\` before a word excludes it. Fields are more exact, with a comma for
"or": \`status:behind,diverged\`, \`!online:yes\`, \`label:role=desk\`. \`Tab\` completes them. Where a list has fields:

| list | field | what |
|---|---|---|
${filterRows()}

## While something is typed

\`Enter\` keeps it, \`Esc\` drops it; \`Ctrl-A\` \`Ctrl-E\` \`←\` \`→\` move; \`Ctrl-U\` clears what is before the cursor, \`Ctrl-K\`
what is after it, \`Ctrl-W\` the word before it. Pasted text is put in.

## Mouse

The wheel scrolls, a click selects, a click on what is selected opens it, a click on a key of the last line presses it.
Most terminals select text while Shift is held. \`--no-mouse\`, or \`mouse = false\` in the configuration, leaves the mouse to
the terminal.
`);
}

main();
