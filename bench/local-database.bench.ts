import { readLocalDatabase } from "../agent/pacman/local-database.ts";
import { openLargeRoot } from "./large-root.ts";
import { type Benchmark, contest, runProgram } from "./measure.ts";

export const benchmark: Benchmark = {
  name: "local database",
  async run() {
    using root = openLargeRoot();
    const pacman = (...args: readonly string[]) => runProgram("pacman", ["--config", root.configFile, ...args]);
    const ours = () => readLocalDatabase(root.dbPath);
    const what = "1,500 installed packages, every field that we use";
    return [
      await contest({ what, peer: "pacman -Q (names and versions only)", ours, theirs: () => pacman("-Q") }),
      await contest({ what, peer: "pacman -Qi (every field)", rounds: 5, ours, theirs: () => pacman("-Qi") }),
    ];
  },
};
