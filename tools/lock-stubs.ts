// Completes package-lock.json with entries for optional platform packages that npm left out when it wrote the lock
// (a registry that lacks them answers 404), because `npm ci` refuses a lock in which any of them is missing.
import { readFileSync, writeFileSync } from "node:fs";

type LockEntry = {
  readonly version?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};
type Lock = { packages: Record<string, LockEntry> };

const lockPath = new URL("../package-lock.json", import.meta.url);

const platforms = [
  "linux",
  "darwin",
  "win32",
  "freebsd",
  "android",
  "openharmony",
  "aix",
  "sunos",
  "netbsd",
  "openbsd",
];

// Longest first: `arm64` would otherwise be read as `arm`.
const processors = ["loong64", "mips64el", "riscv64", "arm64", "armv7", "ppc64", "s390x", "ia32", "x64", "arm"];

/** Platform words of a package name such as `@oxlint/binding-linux-arm64-musl`; the stub is skipped everywhere else. */
function platformOf(name: string) {
  const os = platforms.find((word) => name.includes(word));
  const processor = processors.find((word) => name.includes(word));
  if (os === undefined || processor === undefined) return undefined;
  const cpu = processor === "armv7" ? "arm" : processor;
  const libc = name.includes("musl") ? "musl" : name.endsWith("gnu") ? "glibc" : undefined;
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }) };
}

/** Where Node would find `name` seen from the package at `from`, or undefined when the lock has it nowhere. */
function findInLock(lock: Lock, from: string, name: string): string | undefined {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf("node_modules/") - 1))) {
    const candidate = `${base === "" ? "" : `${base}/`}node_modules/${name}`;
    if (lock.packages[candidate] !== undefined) return candidate;
    if (base === "") return undefined;
  }
}

function missingStubs(lock: Lock): Record<string, object> {
  const stubs: Record<string, object> = {};
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (findInLock(lock, path, name) !== undefined) continue;
      const platform = platformOf(name);
      if (platform === undefined) throw new Error(`package-lock.json lacks ${name} and its name tells no platform`);
      stubs[`node_modules/${name}`] = { version, optional: true, ...(entry.dev ? { dev: true } : {}), ...platform };
    }
  }
  return stubs;
}

function main(): void {
  const lock = JSON.parse(readFileSync(lockPath, "utf8")) as Lock;
  const stubs = missingStubs(lock);
  const addresses = Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined);
  if (process.argv.includes("--check")) {
    const problems = [
      ...Object.keys(stubs).map((path) => `no entry for ${path}`),
      ...addresses.map(([path]) => `${path} names the registry it came from`),
    ];
    if (problems.length === 0) return;
    console.error(`package-lock.json would fail elsewhere:\n  ${problems.join("\n  ")}\nRun: node tools/lock-stubs.ts`);
    process.exitCode = 1;
    return;
  }
  for (const [path, entry] of addresses) {
    const { resolved: _, ...rest } = entry;
    lock.packages[path] = rest;
  }
  const packages = { ...lock.packages, ...stubs };
  lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`);
}

main();
