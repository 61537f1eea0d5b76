// Runs the machine's own pacman in the person's terminal: a full upgrade and a check of the database. Nothing is hidden and
// nothing is answered for them unless they said --yes.
import { spawn } from "node:child_process";
import { EXIT } from "../exit-code.ts";
import { VerbFailure } from "../usage-error.ts";
import type { Context } from "../verb.ts";

export async function upgradeMachine(context: Context, configFile: string, isAgreed: boolean): Promise<void> {
  const quiet = isAgreed ? ["--noconfirm"] : [];
  const upgrade = await runPacman(context, ["--config", configFile, "-Syu", ...quiet]);
  if (upgrade !== 0) {
    throw new VerbFailure(EXIT.failed, `pacman -Syu ended with ${String(upgrade)}; no target was taken`, {
      advice: "Its own words are above. Once it is well, run `pacpool update` again.",
    });
  }
  const check = await runPacman(context, ["--config", configFile, "-Dk"]);
  if (check !== 0) {
    throw new VerbFailure(EXIT.failed, "pacman -Dk finds the database inconsistent; no target was taken", {
      advice: "Repair what it names above, then run `pacpool update` again.",
    });
  }
}

/** Exit code. As an ordinary user by sudo, which asks for its password in the same terminal. */
function runPacman({ options, signal }: Context, args: readonly string[]): Promise<number> {
  const isRoot = process.getuid?.() === 0;
  const [command, ...words] = isRoot ? ["pacman", ...args] : ["sudo", "pacman", ...args];
  // With JSON the result has standard output for itself.
  const stdout = options.output === "json" ? 2 : "inherit";
  return new Promise((resolve, reject) => {
    const child = spawn(command ?? "pacman", words, { stdio: ["inherit", stdout, "inherit"] });
    child.once("error", (cause) => {
      reject(new VerbFailure(EXIT.failed, `starting ${command ?? "pacman"} failed: ${cause.message}`, { cause }));
    });
    // Ctrl-C reaches pacman through the terminal; it decides when it is safe to stop.
    child.once("close", (code) => {
      if (signal.aborted) reject(signal.reason as Error);
      else resolve(code ?? 1);
    });
  });
}
