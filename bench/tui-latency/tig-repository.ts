// A git repository with many commits on one branch, made in a second, for a peer that lists them.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";

/** Answers with its folder. */
export function tigRepository(folder: string, commits: number): string {
  mkdirSync(folder);
  git(folder, ["init", "-q", "-b", "main"], "");
  const stream = Array.from({ length: commits }, (_, at) => {
    const message = `change number ${String(at)} of a host that is like all the others`;
    const when = `${String(1_700_000_000 + at * 60)} +0000`;
    return [
      "commit refs/heads/main",
      `committer Ada <ada@example.org> ${when}`,
      `data ${String(message.length)}`,
      message,
      "",
    ].join("\n");
  });
  git(folder, ["fast-import", "--quiet"], stream.join(""));
  return folder;
}

function git(folder: string, args: readonly string[], input: string): void {
  const { status, stderr } = spawnSync("git", ["-C", folder, ...args], { input, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")} exited ${String(status)}: ${stderr}`);
}
