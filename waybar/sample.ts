// What to paste into WayBar: a working custom/pacpool module and a style for every status.

/** For the bar's configuration (JSONC). `command` is how the launcher is called. */
export function sampleConfig(command: string): string {
  const module = {
    exec: `${command} waybar`,
    "return-type": "json",
    // The module runs on by itself; should it ever end, the bar starts it again.
    "restart-interval": 5,
    format: "{icon} {text}",
    "format-icons": {
      "in-sync": "✓",
      behind: "↓",
      ahead: "↑",
      diverged: "⇅",
      syncing: "⟳",
      "pending-approval": "?",
      blocked: "⊘",
      degraded: "!",
      unknown: "·",
      offline: "⌁",
      stale: "⌁",
      error: "!",
      default: "·",
    },
    // A terminal of its own, outside the bar's process group: the bar may end, an update must not.
    "on-click": `setsid -f foot ${command} tui`,
  };
  return `// Add "custom/pacpool" to modules-right, and this beside the other modules:\n"custom/pacpool": ${JSON.stringify(module, null, 2)}\n`;
}

/** For the bar's style.css. */
export function sampleStyle(): string {
  return [
    "#custom-pacpool { padding: 0 0.6em; }",
    "#custom-pacpool.in-sync { color: #8ec07c; }",
    "#custom-pacpool.behind, #custom-pacpool.ahead { color: #fabd2f; }",
    "#custom-pacpool.diverged, #custom-pacpool.pending-approval { color: #fe8019; }",
    "#custom-pacpool.blocked, #custom-pacpool.degraded { color: #fb4934; font-weight: bold; }",
    "#custom-pacpool.syncing { color: #83a598; }",
    "#custom-pacpool.unknown, #custom-pacpool.error { color: #a89984; }",
    "#custom-pacpool.old-target { text-decoration: underline; }",
    "#custom-pacpool.offline, #custom-pacpool.stale { opacity: 0.6; }",
    "",
  ].join("\n");
}
