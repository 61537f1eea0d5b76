// Prints docs/keys.md from the TUI's key table.
import type { Binding, BindingGroup } from "../../tui/keys/binding.ts";
import { BINDINGS, shownKey } from "../../tui/keys/bindings.ts";
import { SCREEN_WORDS } from "../../tui/keys/screens.ts";

const GROUPS: readonly (readonly [BindingGroup, string])[] = [
  ["do", "Deeds"],
  ["look", "Look"],
  ["move", "Move"],
];

function row({ keys, description, screens }: Binding): string {
  const shown = keys.map((key) => `\`${shownKey(key)}\``).join(" ");
  const where =
    screens.length === Object.keys(SCREEN_WORDS).length
      ? "everywhere"
      : screens.map((one) => SCREEN_WORDS[one]).join(", ");
  return `| ${shown} | ${description} | ${where} |`;
}

function main(): void {
  const sections = GROUPS.map(([group, title]) => {
    const rows = BINDINGS.filter((binding) => binding.group === group).map(row);
    return `## ${title}\n\n| key | what | where |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  process.stdout.write(`# Keys of \`pacpool tui\`

Generated from the table in tui/keys by \`make generate\`. \`?\` shows the same, for the screen in front, with the reason why
a key cannot do its deed right now. A deed never happens without a question that says what it does; \`Enter\` or \`y\`
answers it, \`Esc\` leaves it. Pasted text never presses keys.

${sections.join("\n")}
## While a filter or a message is typed

\`Enter\` keeps it, \`Esc\` drops it; \`Ctrl-U\` clears what is before the cursor, \`Ctrl-W\` the last word; \`←\` \`→\` \`Home\` \`End\`
move in a message.
`);
}

main();
