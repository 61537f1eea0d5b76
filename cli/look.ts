// How the screens are to look, from [tui] of the configuration file and the environment. It must not load the screens.
import { type Look, readLook } from "../domain/face/look.ts";
import type { Environment, ProfileFile } from "./profile.ts";
import { UsageError } from "./usage-error.ts";

/** Throws UsageError that names file, key and what is allowed. PACPOOL_TUI_... win over the file. */
export function lookFrom({ path, tui }: Pick<ProfileFile, "path" | "tui">, environment: Environment): Look {
  const read = readLook(tui, {
    theme: environment["PACPOOL_TUI_THEME"],
    glyphs: environment["PACPOOL_TUI_GLYPHS"],
    mouse: environment["PACPOOL_TUI_MOUSE"],
  });
  if (read.kind === "look") return read.look;
  throw new UsageError(`${path}: ${read.problem}`);
}
