// The places where a package file may be had, nearest and cheapest first: this machine's folders, the server, the servers of
// its repository, an archive. Must not know how any of them gives files.
import { fileURLToPath } from "node:url";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import { ALONE, type FileSource, type FileSurroundings } from "./file-source.ts";
import { folderSource } from "./folder-source.ts";
import { httpSource } from "./http-source.ts";
import { keptFoldersOf } from "./kept-files.ts";
import { storeSource } from "./store-source.ts";

/** Answers for every item of one run; places that several have in common are the same object. */
export function listSources(
  items: readonly SyncPackage[],
  surroundings: FileSurroundings,
  signal: AbortSignal,
): (item: SyncPackage) => readonly FileSource[] {
  const { configuration, keptDir, earlierDirs = [], access = ALONE } = surroundings;
  const folders = [...earlierDirs, ...configuration.cacheDirs, ...keptFoldersOf(keptDir)].map(folderSource);
  const nearest = [...folders, storeSource(access.store, items, signal)];
  const archive = access.archive === undefined ? [] : [archiveSource(access.archive)];
  const repositories = new Map(
    configuration.repositories.map(({ name, servers }) => [name, servers.map(repositorySource)] as const),
  );
  return ({ repository }) => [...nearest, ...(repositories.get(repository) ?? []), ...archive];
}

/** pacman's own words for a server: a folder's URL. */
function repositorySource(server: string): FileSource {
  if (server.startsWith("file://")) return folderSource(fileURLToPath(server));
  const { url, headers } = splitCredentials(server);
  return httpSource({ name: url, headers, url: ({ filename }) => `${url}/${encodeURIComponent(filename)}` });
}

/** pacman takes user and password in a URL; fetch does not, and they must not be told in refusals. */
function splitCredentials(server: string): {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  const parsed = URL.parse(server);
  if (parsed === null || (parsed.username === "" && parsed.password === "")) return { url: server, headers: {} };
  const [user, password] = [parsed.username, parsed.password].map(decodeURIComponent);
  parsed.username = "";
  parsed.password = "";
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  return { url: parsed.href.replace(/\/+$/, ""), headers: { authorization } };
}

function archiveSource(template: string): FileSource {
  return httpSource({
    name: `archive ${template}`,
    host: URL.parse(template.replaceAll(/[{}]/g, ""))?.host ?? template,
    url: (item) => fillArchiveUrl(template, item),
  });
}

/** Every part of the template is a part of a path, so slashes inside values are not. */
export function fillArchiveUrl(template: string, { name, version, architecture, filename }: SyncPackage): string {
  const values: Readonly<Record<string, string>> = { name, version, arch: architecture, filename };
  return template.replaceAll(/\{(name|version|arch|filename)\}/g, (_, key: string) =>
    encodeURIComponent(values[key] ?? ""),
  );
}
