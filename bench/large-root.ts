// A local database of 1,500 packages for benchmarks, written directly: installing that many would measure pacman.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

export interface LargeRoot extends Disposable {
  /** Where the mirror of repository extra is to lie. */
  readonly mirror: string;
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
    `[options]\nRootDir = ${directory}/\nDBPath = ${dbPath}/\nLogFile = ${directory}/pacman.log\nArchitecture = x86_64\nSigLevel = Never\n[extra]\nServer = file://${directory}/mirror\n`,
  );
  const mirror = join(directory, "mirror");
  mkdirSync(mirror);
  return {
    mirror,
    dbPath,
    configFile,
    [Symbol.dispose]() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The database of a repository with that many packages, as a mirror serves it; a moment later than the local one. */
export async function largeRepository(packages = 14_000): Promise<Buffer> {
  const tar = pack();
  const parts: Buffer[] = [];
  const read = (async () => {
    for await (const part of tar) parts.push(part as Buffer);
  })();
  for (let index = 0; index < packages; index += 1) {
    const [name, version] = [nameOf(index), `2.${String(index % 37)}-1`];
    const file = `%FILENAME%\n${name}-${version}-x86_64.pkg.tar.zst\n\n%CSIZE%\n${String(index * 400)}\n\n%ISIZE%\n${String(index * 1_000)}\n\n`;
    const sum = `%SHA256SUM%\n${String(index).padStart(64, "0")}\n\n`;
    tar.entry({ name: `${name}-${version}/desc` }, `${file}${sum}${descriptionOf(index, name, version)}`);
  }
  tar.finalize();
  await read;
  return gzipSync(Buffer.concat(parts));
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
