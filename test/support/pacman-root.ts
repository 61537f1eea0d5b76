// A machine in a folder: a root with a shell, its own pacman.conf with every path in it, and packages that the real
// pacman installed. The host's pacman is never touched. Knows nothing of the agent.
import { execFile } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPackage, type PackageRecipe } from "./package-archive.ts";
import type { Repository } from "./repository.ts";
import { endAgent, type Signer } from "./signer.ts";

export interface PacmanRootOptions {
  /** Made when missing, kept on disposal; default: a new temporary folder that disposal deletes. */
  readonly directory?: string;
  /** In pacman.conf's order. */
  readonly repositories: readonly Repository[];
  /** Names to install from the repositories; what they depend on comes along with reason dependency. */
  readonly installed?: readonly string[];
  /** When given, exactly these are explicit and the rest of what is installed is dependency. */
  readonly explicit?: readonly string[];
  /** Packages of no repository, installed from their files. */
  readonly foreign?: readonly PackageRecipe[];
  /** Further lines of [options], for example "IgnorePkg = linux". */
  readonly settings?: readonly string[];
  /** Trusted by the root's keyring; makes package signatures required. */
  readonly signer?: Signer;
}

export interface PacmanOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PacmanRoot extends AsyncDisposable {
  readonly directory: string;
  readonly rootDir: string;
  readonly configFile: string;
  readonly dbPath: string;
  readonly cacheDir: string;
  readonly logFile: string;
  readonly hookDir: string;
  /** Runs pacman on this root, whatever its exit code. */
  run(...arguments_: readonly string[]): Promise<PacmanOutcome>;
  /** Runs pacman on this root; throws with its words unless it exits 0. */
  pacman(...arguments_: readonly string[]): Promise<string>;
  /** `pacman -Q`: "name version" lines in order. */
  query(): Promise<readonly string[]>;
  /** `pacman -Qqe`. */
  explicit(): Promise<readonly string[]>;
  /** What `pacman -Dk` complains about; empty means closed. */
  complaints(): Promise<readonly string[]>;
  /** Fetches the repositories' present databases, however alike their times are. */
  refresh(): Promise<void>;
  /** Installs recipes from files, as a person does with `pacman -U`. */
  installFiles(...recipes: readonly PackageRecipe[]): Promise<void>;
  /** The text of a file of the root. */
  read(path: string): string;
}

/** Opens a root; 50 ms, and what installing its packages takes. */
export async function openPacmanRoot(options: PacmanRootOptions): Promise<PacmanRoot> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "pacpool-root-"));
  const root = rootIn(directory, options.directory === undefined);
  const fresh = !existsSync(root.configFile);
  if (fresh) await furnish(root, options);
  if (fresh) await root.refresh();
  const { installed = [], foreign = [], explicit } = options;
  if (installed.length > 0) await root.pacman("-S", "--noconfirm", "--noprogressbar", "--needed", ...installed);
  if (foreign.length > 0) await root.installFiles(...foreign);
  if (explicit !== undefined) {
    const all = (await root.pacman("-Qq")).trim().split("\n");
    const dependencies = all.filter((name) => !explicit.includes(name));
    if (dependencies.length > 0) await root.pacman("-D", "--asdeps", ...dependencies);
    if (explicit.length > 0) await root.pacman("-D", "--asexplicit", ...explicit);
  }
  return root;
}

function rootIn(directory: string, temporary: boolean): PacmanRoot {
  const rootDir = join(directory, "root");
  const configFile = join(directory, "pacman.conf");
  const run = (...more: readonly string[]) => runPacman(["--config", configFile, ...more]);
  const pacman = async (...more: readonly string[]): Promise<string> => {
    const outcome = await run(...more);
    if (outcome.code !== 0) {
      throw new Error(`pacman ${more.join(" ")} exited ${outcome.code}: ${outcome.stderr}${outcome.stdout}`);
    }
    return outcome.stdout;
  };
  const lines = (text: string): readonly string[] => text.split("\n").filter((line) => line !== "");
  return {
    directory,
    rootDir,
    configFile,
    dbPath: join(rootDir, "var/lib/pacman"),
    cacheDir: join(directory, "cache"),
    logFile: join(rootDir, "var/log/pacman.log"),
    hookDir: join(directory, "hooks"),
    run,
    pacman,
    query: async () => lines((await run("-Q")).stdout),
    explicit: async () => lines((await run("-Qqe")).stdout),
    complaints: async () => {
      const { code, stdout, stderr } = await run("-Dk");
      return code === 0 ? [] : lines(stdout + stderr);
    },
    refresh: async () => void (await pacman("-Syy", "--noprogressbar")),
    async installFiles(...recipes) {
      const files = await Promise.all(
        recipes.map(async (recipe) => {
          const archive = await buildPackage(recipe);
          const file = join(directory, archive.fileName);
          writeFileSync(file, archive.bytes);
          return file;
        }),
      );
      await pacman("-U", "--noconfirm", "--noprogressbar", ...files);
      for (const file of files) rmSync(file);
    },
    read: (path) => readFileSync(join(rootDir, path), "utf8"),
    async [Symbol.asyncDispose]() {
      await endAgent(join(directory, "gnupg"));
      if (temporary) rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function furnish(root: PacmanRoot, options: PacmanRootOptions): Promise<void> {
  const keyring = join(root.directory, "gnupg");
  for (const folder of [join(root.dbPath, "local"), root.cacheDir, root.hookDir, keyring]) {
    mkdirSync(folder, { recursive: true, mode: folder === keyring ? 0o700 : 0o755 });
  }
  for (const folder of ["usr/bin", "var/log", "etc", "tmp"]) {
    mkdirSync(join(root.rootDir, folder), { recursive: true });
  }
  writeFileSync(join(root.dbPath, "local", "ALPM_DB_VERSION"), "9\n");
  // Scriptlets and hooks run inside the root: Debian's pacman calls /bin/sh, Arch's /usr/bin/bash.
  symlinkSync("usr/bin", join(root.rootDir, "bin"));
  for (const shell of ["sh", "bash", "busybox"]) placeFile(busybox(), join(root.rootDir, "usr/bin", shell));
  await options.signer?.fillKeyring(keyring);
  writeFileSync(root.configFile, configurationOf(root, keyring, options));
}

function configurationOf(root: PacmanRoot, keyring: string, options: PacmanRootOptions): string {
  return [
    "[options]",
    `RootDir = ${root.rootDir}`,
    `DBPath = ${root.dbPath}/`,
    `CacheDir = ${root.cacheDir}/`,
    `LogFile = ${root.logFile}`,
    `GPGDir = ${keyring}/`,
    `HookDir = ${root.hookDir}/`,
    "Architecture = x86_64",
    options.signer === undefined ? "SigLevel = Never" : "SigLevel = Required DatabaseNever",
    "LocalFileSigLevel = Never",
    ...(options.settings ?? []),
    ...options.repositories.flatMap(({ name, server }) => [`[${name}]`, `Server = ${server}`]),
    "",
  ].join("\n");
}

function busybox(): string {
  const found = ["/usr/bin/busybox", "/bin/busybox"].find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error(
      "preparing a pacman root: no static busybox in /usr/bin or /bin; install busybox-static (Debian) or busybox (Arch)",
    );
  }
  return found;
}

/** A hard link costs nothing; across file systems it has to be a copy. */
function placeFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

function runPacman(arguments_: readonly string[]): Promise<PacmanOutcome> {
  // Without root, a user namespace lets pacman own the files and enter the root for scriptlets.
  const command = process.getuid?.() === 0 ? ["pacman"] : ["unshare", "-Ur", "pacman"];
  const [program = "pacman", ...first] = command;
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, LC_ALL: "C.UTF-8" }, maxBuffer: 64 * 1024 * 1024 };
    execFile(program, [...first, ...arguments_], options, (error, stdout, stderr) => {
      if (error != null && typeof error.code !== "number") reject(new Error("running pacman", { cause: error }));
      else resolve({ code: error == null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
