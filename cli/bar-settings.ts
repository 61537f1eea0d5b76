// What a person wants of the status bar's line, from the words of the command line and from [waybar] of the configuration
// file. It must not know what is shown. Loaded when a bar asks: nothing heavy may be imported.
import type { LineFormat } from "../domain/status-line/status-line.ts";
import { parseTemplate, type Template } from "../domain/status-line/template.ts";
import { UsageError } from "./usage-error.ts";

/** As written on the command line; undefined leaves it to the configuration. */
export interface FormatWords {
  readonly text?: string | undefined;
  readonly tooltip?: string | undefined;
  readonly hideInSync?: boolean | undefined;
}

const KEYS = ["text", "tooltip", "hide_in_sync"] as const;

/** Throws UsageError that names the option and lists the fields. */
export function formatFromWords({ text, tooltip, hideInSync }: FormatWords): LineFormat {
  return {
    ...(text === undefined ? {} : { text: templateOf(text, "--text") }),
    ...(tooltip === undefined ? {} : { tooltip: templateOf(tooltip, "--tooltip") }),
    ...(hideInSync === undefined ? {} : { isHiddenInSync: hideInSync }),
  };
}

/** Throws UsageError that names file and key. */
export function formatFromTable(path: string, table: Readonly<Record<string, unknown>>): LineFormat {
  const settings: Record<string, unknown> = {};
  for (const [written, value] of Object.entries(table)) {
    const key = written.replaceAll("-", "_");
    if (!(KEYS as readonly string[]).includes(key)) {
      throw new UsageError(`${path}: waybar: unknown key ${written}; known are ${KEYS.join(", ")}`);
    }
    settings[key] = value;
  }
  return formatFromWords({
    ...templateText(path, "text", settings["text"]),
    ...templateText(path, "tooltip", settings["tooltip"]),
    ...switchOf(path, settings["hide_in_sync"]),
  });

  function templateText(file: string, key: "text" | "tooltip", value: unknown): FormatWords {
    if (value === undefined) return {};
    if (typeof value !== "string") throw new UsageError(`${file}: waybar.${key} must be a text in quotes`);
    // Said again with the place: a bar shows this sentence and nothing around it.
    const parsed = parseTemplate(value);
    if (parsed.kind === "mistake") throw new UsageError(`${file}: waybar.${key}: ${parsed.sentence}`);
    return { [key]: value };
  }
}

function switchOf(path: string, value: unknown): FormatWords {
  if (value === undefined) return {};
  if (typeof value !== "boolean") throw new UsageError(`${path}: waybar.hide_in_sync must be true or false`);
  return { hideInSync: value };
}

function templateOf(text: string, option: string): Template {
  const parsed = parseTemplate(text);
  if (parsed.kind === "mistake") throw new UsageError(`${option}: ${parsed.sentence}`);
  return parsed.template;
}
