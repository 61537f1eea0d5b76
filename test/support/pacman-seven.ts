// Before the tests that are to run under pacman 7: there must be one, or they would silently run under another.
import { existsSync } from "node:fs";

export function setup(): void {
  if (!existsSync(".build/pacman-7/.complete")) {
    throw new Error("these tests need a pacman 7 that is not there yet; run `make pacman7-tools` once");
  }
}
