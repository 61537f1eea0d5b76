// A local database of 1,500 packages for benchmarks, written directly: installing that many would measure pacman.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface LargeRoot extends Disposable {
  readonly dbPath: string;
  readonly configFile: string;
}

/** The fields that pacman writes, with dependencies and sizes as a desktop has them. */
export function openLargeRoot(packages = 1_500): LargeRoot {
  const directory = mkdtempSync(join(tmpdir(), "pacpool-bench-"));
  const dbPath = join(directory, "db");
  mkdirSync(join(dbPath, "sync"), { recursive: true });
  for (let index = 0; index < packages; index += 1) {
    const [name, version] = [nameOf(index), `1.${String(index % 37)}.${String(index % 11)}-${String((index % 4) + 1)}`];
    const entry = join(dbPath, "local", `${name}-${version}`);
    mkdirSync(entry, { recursive: true });
    writeFileSync(join(entry, "desc"), descriptionOf(index, name, version));
    writeFileSync(join(entry, "files"), "%FILES%\nusr/\nusr/share/\n");
    writeFileSync(join(entry, "mtree"), "");
  }
  writeFileSync(join(dbPath, "local", "ALPM_DB_VERSION"), "9\n");
  const configFile = join(directory, "pacman.conf");
  writeFileSync(
    configFile,
    `[options]\nRootDir = ${directory}/\nDBPath = ${dbPath}/\nLogFile = ${directory}/pacman.log\nArchitecture = x86_64\nSigLevel = Never\n`,
  );
  return {
    dbPath,
    configFile,
    [Symbol.dispose]() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export function nameOf(index: number): string {
  return `package-${String(index).padStart(5, "0")}`;
}

function descriptionOf(index: number, name: string, version: string): string {
  const depends = [1, 7, 31].map((step) => nameOf(Math.max(0, index - step))).filter((other) => other !== name);
  return [
    `%NAME%\n${name}\n`,
    `%VERSION%\n${version}\n`,
    `%BASE%\n${name}\n`,
    `%DESC%\nA package of the benchmark that has a description of the usual length\n`,
    `%URL%\nhttps://example.invalid/${name}\n`,
    "%ARCH%\nx86_64\n",
    `%BUILDDATE%\n${String(1_748_736_000 + index)}\n`,
    `%INSTALLDATE%\n${String(1_748_800_000 + index)}\n`,
    "%PACKAGER%\nA Packager <packager@example.invalid>\n",
    `%SIZE%\n${String(index * 1_000)}\n`,
    ...(index % 3 === 0 ? [] : ["%REASON%\n1\n"]),
    "%LICENSE%\nMIT\n",
    "%VALIDATION%\npgp\n",
    ...(depends.length === 0 ? [] : [`%DEPENDS%\n${depends.join("\n")}\n`]),
    "",
  ].join("\n");
}
