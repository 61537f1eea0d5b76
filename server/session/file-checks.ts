// Bounds of what an agent says of package files and of where its repositories are served from.
import { MAX_DATABASES, MAX_REPOSITORY_SERVERS, MAX_WANTED_FILES } from "../../domain/limits.ts";
import { isWord } from "../../domain/package-set/package-set.ts";
import { invalidField, tooLarge } from "../../domain/refusal.ts";
import { isSha256 } from "../../domain/view/view.ts";
import type { FilesDone, RepositoryServers } from "../../proto/generated/pacpool/v1/agent.ts";

const MAX_URL = 2_000;
const MAX_WORD = 255;

/** Throws Refusal INVALID_FIELD or TOO_LARGE. */
export function checkFilesDone(done: FilesDone): void {
  many("files_done.uploaded_sha256", done.uploadedSha256.length, MAX_WANTED_FILES);
  many("files_done.not_offered", done.notOffered.length, MAX_WANTED_FILES);
  if (!done.uploadedSha256.every(isSha256)) {
    throw invalidField("files_done.uploaded_sha256", "", "64 lower-case hexadecimal digits");
  }
  for (const { name, version, why } of done.notOffered) {
    for (const word of [name, version, why]) {
      text("files_done.not_offered", word, MAX_WORD);
    }
  }
}

/** Throws Refusal INVALID_FIELD or TOO_LARGE. */
export function checkServers(repositories: readonly RepositoryServers[]): void {
  many("view_report.servers", repositories.length, MAX_DATABASES);
  for (const { repository, servers } of repositories) {
    if (!isWord(repository)) {
      throw invalidField("view_report.servers.repository", repository, "a repository name such as core");
    }
    many(`view_report.servers of ${repository}`, servers.length, MAX_REPOSITORY_SERVERS);
    for (const server of servers) {
      text(`view_report.servers of ${repository}`, server, MAX_URL);
    }
  }
}

function many(field: string, length: number, limit: number): void {
  if (length > limit) {
    throw tooLarge(field, limit);
  }
}

function text(field: string, value: string, limit: number): void {
  if (value.length > limit || value.includes("\u0000")) {
    throw invalidField(field, value, `at most ${String(limit)} characters`);
  }
}
