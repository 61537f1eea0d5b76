// Where WayBar looks for a person's configuration and style, and how this program is called from there.
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ConfigurationFile } from "../../waybar/desk/bar-configuration.ts";
import type { Environment } from "../profile.ts";
import { UsageError } from "../usage-error.ts";
import type { FileChange } from "./file-changes.ts";

export interface BarFiles {
  /** The named one, else the one that WayBar finds first. Throws UsageError when the person has none. */
  readonly configuration: (named: string | undefined) => ConfigurationFile;
  /** A file named by `include`; undefined when it is not there. */
  readonly included: (named: string) => ConfigurationFile | undefined;
  /** The style sheets that are there: one, or one for light and one for dark. */
  readonly styles: () => readonly ConfigurationFile[];
  /** A file in the same folder. */
  readonly beside: (name: string, text: string) => FileChange;
  /** A style sheet of the person's own, where there is none yet. */
  readonly missingStyle: (imported: string) => readonly FileChange[];
  /** How a shell finds this program. */
  readonly launcher: () => string;
}

/** In the order in which WayBar looks. */
const NAMES = ["config", "config.jsonc"];
const STYLES = ["style.css", "style-light.css", "style-dark.css"];
const SYSTEM = "/etc/xdg/waybar";

export function barFiles(environment: Environment): BarFiles {
  const home = nonEmpty(environment["HOME"]) ?? homedir();
  const folders = [
    nonEmpty(environment["WAYBAR_CONFIG_DIR"]),
    join(nonEmpty(environment["XDG_CONFIG_HOME"]) ?? join(home, ".config"), "waybar"),
    join(home, ".config/waybar"),
    join(home, "waybar"),
  ].filter((folder) => folder !== undefined);
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path));
  const folder = found === undefined ? (folders[0] ?? home) : dirname(found);
  const styles = STYLES.map((name) => join(folder, name)).filter((path) => existsSync(path));
  return {
    configuration: (named) => {
      const path = named ?? found;
      if (path === undefined) throw new UsageError(noConfiguration(folder));
      return { path, text: read(path) };
    },
    included: (named) => {
      const path = expand(named, { ...environment, HOME: home }, folder);
      return existsSync(path) ? { path, text: read(path) } : undefined;
    },
    styles: () => styles.map((path) => ({ path, text: read(path) })),
    beside: (name, after) => {
      const path = join(folder, name);
      return { path, before: existsSync(path) ? read(path) : "", after };
    },
    missingStyle: (imported) => {
      if (styles.length > 0) return [];
      // Without one of their own the person has the system's, whose look has to stay.
      const system = join(SYSTEM, "style.css");
      const lines = [...(existsSync(system) ? [`@import "${system}";`] : []), `@import "${imported}";`];
      return [{ path: join(folder, "style.css"), before: "", after: `${lines.join("\n")}\n` }];
    },
    launcher: () => launcher(environment),
  };
}

function noConfiguration(folder: string): string {
  const system = NAMES.map((name) => join(SYSTEM, name)).find((path) => existsSync(path));
  const start =
    system === undefined
      ? "write one (see waybar(5))"
      : `mkdir -p ${folder} && cp ${system} ${join(folder, "config.jsonc")}`;
  return `there is no WayBar configuration of yours in ${folder}; begin with ${start}, or name one by --file`;
}

/** The bar has the session's PATH; a pacpool that is not on it is called by its place. */
function launcher(environment: Environment): string {
  const folders = (environment["PATH"] ?? "").split(":").filter((folder) => folder.startsWith("/"));
  if (folders.some((folder) => existsSync(join(folder, "pacpool")))) return "pacpool";
  return fileURLToPath(new URL("../cli/pacpool", import.meta.url));
}

/** As wordexp does it for what people write there: ~ and variables. A relative path is looked for beside the bar's own. */
function expand(named: string, environment: Environment, folder: string): string {
  const whole = named
    .replace(/^~(?=\/|$)/, environment["HOME"] ?? "~")
    .replaceAll(
      /\$(?:\{(\w+)\}|(\w+))/g,
      (_, braced?: string, bare?: string) => environment[braced ?? bare ?? ""] ?? "",
    );
  return whole.startsWith("/") ? whole : join(folder, whole);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`reading ${path} failed: ${why}`, { cause });
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text;
}
