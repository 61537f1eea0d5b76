// `pacpool waybar config` and `pacpool waybar style`: print what to paste, or put it into the person's own files after
// showing the change.
import type { Argv } from "yargs";
import type { ModuleScope } from "../../waybar/desk/bar-module.ts";
import { askConsent } from "../consent.ts";
import { barFiles } from "../desk/bar-files.ts";
import { type FileChange, saveChanges, showChanges } from "../desk/file-changes.ts";
import { globalWords } from "../global-words.ts";
import type { GlobalOptions } from "../options.ts";
import { UsageError } from "../usage-error.ts";
import { type Context, verb } from "../verb.ts";

const RELOAD = "Reload the bar to see it: pkill -USR2 waybar";

const withWriting = (yargs: Argv<GlobalOptions>) =>
  yargs
    .option("write", {
      type: "boolean",
      default: false,
      describe: "put it into your own files, after showing the change",
    })
    .option("yes", { type: "boolean", default: false, alias: "y", describe: "do not ask" });

export const waybarWriters = {
  config: verb({
    options: (yargs) =>
      withWriting(yargs)
        .option("endpoint", { type: "string", requiresArg: true, describe: "a module for another machine" })
        .option("pool", { type: "string", requiresArg: true, describe: "a module for a pool" })
        .option("fleet", { type: "boolean", describe: "a module for all pools" })
        .option("in", {
          choices: ["left", "center", "right"] as const,
          default: "right" as const,
          requiresArg: true,
          describe: "which of the bar's lists",
        })
        .option("bar", { type: "string", requiresArg: true, describe: "its name, its place from 1, or all" })
        .option("file", {
          type: "string",
          requiresArg: true,
          describe: "the configuration, when it is not the usual one",
        })
        .option("renew", { type: "boolean", default: false, describe: "replace a module that is there already" })
        .conflicts({ endpoint: ["pool", "fleet"], pool: ["fleet"] })
        .example("$0 waybar config", "paste it into ~/.config/waybar/config.jsonc")
        .example("$0 waybar config --write", "or have it put there"),
    run: async (context) => {
      const { options, terminal, environment } = context;
      const { barModule, moduleText, shellWord } = await import("../../waybar/desk/bar-module.ts");
      const words = globalWords(options).map(shellWord);
      if (!options.write) {
        terminal.print(moduleText(barModule(["pacpool", ...words].join(" "), scopeOf(options))).trimEnd());
        return undefined;
      }
      requireSomebody(context, options.yes);
      const { planConfiguration, ConfigurationError } = await import("../../waybar/desk/bar-configuration.ts");
      const files = barFiles(environment);
      const file = files.configuration(options.file);
      try {
        const { changes, notes } = planConfiguration(file, {
          module: barModule([shellWord(files.launcher()), ...words].join(" "), scopeOf(options)),
          list: `modules-${options.in}`,
          bar: options.bar,
          renew: options.renew,
          readIncluded: files.included,
        });
        for (const note of notes) terminal.note(`Note: ${note}.`);
        await write(context, changes, options.yes);
      } catch (error) {
        if (error instanceof ConfigurationError) throw new UsageError(error.message, { cause: error });
        throw error;
      }
      return undefined;
    },
  }),

  style: verb({
    options: (yargs) =>
      withWriting(yargs)
        .example("$0 waybar style", "paste it into ~/.config/waybar/style.css")
        .example("$0 waybar style --write", "or have it put into a file that style.css imports"),
    run: async (context) => {
      const { options, terminal, environment } = context;
      const { barStyle, withImport, STYLE_FILE } = await import("../../waybar/desk/bar-style.ts");
      if (!options.write) {
        terminal.print(barStyle().trimEnd());
        return undefined;
      }
      requireSomebody(context, options.yes);
      const files = barFiles(environment);
      const sheets = files.styles().map(({ path, text }) => ({ path, before: text, after: withImport(text) }));
      await write(
        context,
        [files.beside(STYLE_FILE, barStyle()), ...sheets, ...files.missingStyle(STYLE_FILE)],
        options.yes,
      );
      return undefined;
    },
  }),
} as const;

/** Before anything is read: without --yes there must be somebody to ask. */
function requireSomebody({ terminal }: Context, isAgreed: boolean): void {
  if (isAgreed || terminal.isInteractive) return;
  throw new UsageError("--write asks before it changes your files, and there is no terminal to ask on; add --yes");
}

interface Scope {
  readonly endpoint: string | undefined;
  readonly pool: string | undefined;
  readonly fleet: boolean | undefined;
}

function scopeOf({ endpoint, pool, fleet }: Scope): ModuleScope {
  if (endpoint !== undefined) return { kind: "endpoint", endpoint };
  if (pool !== undefined) return { kind: "pool", pool };
  return fleet === true ? { kind: "fleet" } : { kind: "this" };
}

async function write(context: Context, planned: readonly FileChange[], isAgreed: boolean): Promise<void> {
  const { terminal } = context;
  const changes = planned.filter(({ before, after }) => before !== after);
  if (changes.length === 0) {
    terminal.note("Everything is there already; nothing was changed.");
    return;
  }
  await showChanges(changes, terminal);
  const what = changes.length === 1 ? "this change" : "these changes";
  if (!(await askConsent(context, isAgreed, `Write ${what}?`))) return;
  for (const line of saveChanges(changes)) terminal.note(line);
  terminal.note(RELOAD);
}
