// What a transaction would come to, by pacman itself on a copy of the database: the one dry run that shows removals,
// replacements and refusals. It does not see file conflicts, free space, scriptlets and hooks.
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { PacmanConfiguration } from "./configuration.ts";
import { type LocalDatabase, type LocalPackage, readLocalDatabase } from "./local-database.ts";
import { makeScratchFolder, removeScratchFolder } from "./memory-folder.ts";
import { ask } from "./process.ts";
import { prepareTransaction, type TransactionRecipe } from "./transaction.ts";

export type Simulation =
  /** What would be installed. Reasons are as pacman leaves them, before any are set. */
  | { readonly kind: "result"; readonly after: LocalDatabase; readonly output: string }
  /** pacman would not do it, in its words. */
  | { readonly kind: "refused"; readonly complaints: readonly string[] };

export interface SimulationOptions {
  readonly configuration: PacmanConfiguration;
  /** Gets a temporary folder for the copy where memory has no room for it. */
  readonly scratchDir: string;
  /** Without it the simulation works with stubs; with it, on the real files, signatures and digests checked. */
  readonly cacheDir?: string;
  /** What the databases hold beyond the targets: what pacman may pull in. Only with stubs. */
  readonly candidates?: readonly SyncPackage[];
  readonly signal?: AbortSignal;
  /** What is copied: whole entries, without those that the transaction sets aside. */
  readonly entries: readonly Pick<LocalPackage, "entry">[];
}

/** Simulating a whole distribution upgrade takes seconds; more means that it hangs. */
const timeoutMs = 10 * 60_000;

/** Runs the recipe on a copy. The machine's own database and files stay as they are. */
export async function simulate(recipe: TransactionRecipe, options: SimulationOptions): Promise<Simulation> {
  const directory = makeScratchFolder(options.scratchDir);
  try {
    const rootDir = join(directory, "root");
    const dbPath = join(directory, "db");
    mkdirSync(rootDir);
    copyLocalDatabase(options.configuration.dbPath, dbPath, options.entries);
    const hasStubs = options.cacheDir === undefined;
    const prepared = await prepareTransaction({ ...options.configuration, command: simulationCommand() }, recipe, {
      directory,
      cacheDir: options.cacheDir ?? join(directory, "cache"),
      simulation: { rootDir, dbPath, hasStubs },
      ...(options.candidates === undefined ? {} : { candidates: options.candidates }),
    });
    let output = "";
    const run = async (command: readonly string[] | undefined): Promise<readonly string[] | undefined> => {
      if (command === undefined) return undefined;
      const answer = await ask(command, {
        timeoutMs,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      output += answer.output + answer.errors;
      return answer.code === 0 ? undefined : complaintsOf(answer.output, answer.errors);
    };
    const installed = (): ReadonlySet<string> => new Set(entriesIn(dbPath).map(nameOfEntry));
    const complaints = (await run(prepared.install)) ?? (await run(prepared.remove(installed())));
    if (complaints !== undefined) return { kind: "refused", complaints };
    return { kind: "result", after: readLocalDatabase(dbPath), output };
  } finally {
    removeScratchFolder(directory, options.scratchDir);
  }
}

function entriesIn(dbPath: string): readonly string[] {
  return readdirSync(join(dbPath, "local")).filter((entry) => entry !== "ALPM_DB_VERSION");
}

/** Folders are called NAME-VERSION-RELEASE. */
function nameOfEntry(entry: string): string {
  return entry.replace(/-[^-]+-[^-]+$/, "");
}

/** Without root a copy in a folder of one's own is enough. */
function simulationCommand(): readonly string[] {
  return process.getuid?.() === 0 ? ["pacman"] : ["unshare", "-Ur", "pacman"];
}

/** Descriptions only: with --dbonly pacman reads no list of files. A real copy, because -D writes in place. */
function copyLocalDatabase(from: string, to: string, entries: SimulationOptions["entries"]): void {
  mkdirSync(join(to, "local"), { recursive: true });
  mkdirSync(join(to, "hooks"));
  copyFileSync(`${from}/local/ALPM_DB_VERSION`, `${to}/local/ALPM_DB_VERSION`);
  for (const { entry } of entries) {
    const target = `${to}/local/${entry}`;
    mkdirSync(target);
    copyFileSync(`${from}/local/${entry}/desc`, `${target}/desc`);
    writeFileSync(`${target}/files`, "");
  }
}

/** What pacman says of every plan: questions that it answers itself, and that what was asked for is what was asked for. */
const smallTalk =
  /\? \[[Yy]\/[Nn]\]\s*$|^:: (?:Proceed|There (?:are|is) \d+ provider|Repository )|^warning: (?:downgrading package|.* is up to date -- reinstalling|.*: local \(.*\) is newer than)/;

/** The lines that say why, errors first; pacman writes on both streams. */
function complaintsOf(output: string, errors: string): readonly string[] {
  const told = errors.split("\n").filter((line) => line !== "");
  const explained = output.split("\n").filter((line) => line.startsWith(":: "));
  const lines = [...told, ...explained].filter((line) => !smallTalk.test(line));
  return lines.length > 0 ? lines.slice(0, 50) : ["pacman refused without a word"];
}
