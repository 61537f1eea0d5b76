// Moves what a kill left out of pacman's way without losing it: a person may still want to look at it. Must not know why.
import { cpSync, renameSync, rmSync } from "node:fs";

/** The two may lie on different file systems: then it is copied first. */
export function setAside(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EXDEV")) throw cause;
    cpSync(from, to, { recursive: true });
    rmSync(from, { recursive: true });
  }
}
