// Exits 0 when node_modules holds what package-lock.json asks for, so that a fresh stamp (a clone, a rebase, a copied
// tree, an `npm install` by hand) does not reinstall everything.
import { existsSync, readFileSync } from "node:fs";

type Packages = Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;

function readPackages(path: string): Packages {
  const url = new URL(`../${path}`, import.meta.url);
  if (!existsSync(url)) return {};
  return (JSON.parse(readFileSync(url, "utf8")) as { packages?: Packages }).packages ?? {};
}

const installed = readPackages("node_modules/.package-lock.json");
const isCurrent = Object.entries(readPackages("package-lock.json")).every(([path, { version, optional }]) => {
  if (path === "") return true;
  const found = installed[path]?.version;
  // An optional package is absent on every platform but its own.
  return found === version || (found === undefined && optional === true);
});
process.exitCode = isCurrent ? 0 : 1;
