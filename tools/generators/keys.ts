// Prints docs/keys.md from the TUI's key table.
import { BINDINGS, type Binding, type BindingGroup, type ScreenName, shownKey } from "../../tui/keys/bindings.ts";

const GROUPS: readonly (readonly [BindingGroup, string])[] = [
  ["do", "Deeds"],
  ["look", "Look"],
  ["move", "Move"],
];

const SCREENS: Readonly<Record<ScreenName, string>> = {
  dashboard: "pools",
  pool: "pool",
  endpoint: "endpoint",
  plan: "plan",
  operation: "operation",
  history: "targets",
};

function row({ keys, description, screens }: Binding): string {
  const shown = keys.map((key) => `\`${shownKey(key)}\``).join(" ");
  const where =
    screens.length === Object.keys(SCREENS).length ? "everywhere" : screens.map((one) => SCREENS[one]).join(", ");
  return `| ${shown} | ${description} | ${where} |`;
}

function main(): void {
  const sections = GROUPS.map(([group, title]) => {
    const rows = BINDINGS.filter((binding) => binding.group === group).map(row);
    return `## ${title}\n\n| key | what | where |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  process.stdout.write(`# Keys of \`pacpool tui\`

Generated from tui/keys/bindings.ts by \`make generate\`. \`?\` shows the same, for the screen in front, with the reason why
a key cannot do its deed right now. A deed never happens without a question that says what it does; \`Enter\` or \`y\`
answers it, \`Esc\` leaves it. Pasted text never presses keys.

${sections.join("\n")}
## While a filter or a message is typed

\`Enter\` keeps it, \`Esc\` drops it; \`Ctrl-U\` clears what is before the cursor, \`Ctrl-W\` the last word; \`←\` \`→\` \`Home\` \`End\`
move in a message.
`);
}

main();
