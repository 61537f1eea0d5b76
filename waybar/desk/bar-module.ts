// The module as WayBar's configuration has it: what it runs, what its clicks do, how it is called.

/** What a module shows; the machine that it runs on when nothing is named. */
export type ModuleScope =
  | { readonly kind: "this" }
  | { readonly kind: "endpoint"; readonly endpoint: string }
  | { readonly kind: "pool"; readonly pool: string }
  | { readonly kind: "fleet" };

export interface BarModule {
  /** `custom/pacpool`, or with what it shows behind a #, which WayBar makes a class of. */
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** `command` is how the launcher is called in a shell, with options that aim at a server when it needs them. */
export function barModule(command: string, scope: ModuleScope): BarModule {
  const words = scopeWords(scope);
  return {
    name: moduleName(scope),
    value: {
      exec: `${command} waybar${words}`,
      "return-type": "json",
      // The module runs on by itself; should it ever end, the bar starts it again.
      "restart-interval": 5,
      format: "{}",
      tooltip: true,
      "on-click": `${command} waybar open plan${words === " --fleet" ? "" : words}`,
      "on-click-right": `${command} waybar open tui${words === " --fleet" ? "" : words}`,
      "on-click-middle": `${command} waybar refresh`,
    },
  };
}

function scopeWords(scope: ModuleScope): string {
  switch (scope.kind) {
    case "this":
      return "";
    case "fleet":
      return " --fleet";
    case "endpoint":
      return ` --endpoint ${shellWord(scope.endpoint)}`;
    case "pool":
      return ` --pool ${shellWord(scope.pool)}`;
  }
}

function moduleName(scope: ModuleScope): string {
  switch (scope.kind) {
    case "this":
      return "custom/pacpool";
    case "fleet":
      return "custom/pacpool#fleet";
    case "endpoint":
      return `custom/pacpool#${scope.endpoint}`;
    case "pool":
      return `custom/pacpool#${scope.pool}`;
  }
}

/** One word for sh, quoted where it has to be. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** For people who paste: the module, and where it goes. */
export function moduleText({ name, value }: BarModule): string {
  const module = `${JSON.stringify(name)}: ${JSON.stringify(value, null, 2)}`;
  return `// Add ${JSON.stringify(name)} to modules-right, and this beside the other modules:\n${module}\n`;
}
