// Runs an operation where file systems are mounted that nobody else sees: read-only ones, full ones. They go with the
// process, so that nothing is left mounted however the test ends. Works without root, in a user namespace.
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Outcome } from "../../../agent/machine.ts";
import type { Plan } from "../../../domain/plan/plan.ts";
import type { Scene } from "./scene.ts";

const program = fileURLToPath(new URL("../executor-process.ts", import.meta.url));

/** `before` and `after` are shell; $root is the machine's root, $spare an empty folder. */
export function executeMounted(
  { root, endpoint, folder }: Scene,
  plan: Plan,
  { before, after = "true" }: { readonly before: string; readonly after?: string },
): Promise<Outcome> {
  const spare = join(folder, "spare");
  mkdirSync(spare, { recursive: true });
  const flags = process.getuid?.() === 0 ? ["-m"] : ["-Urm"];
  const script = `set -e; root=$1 spare=$2; shift 2; ${before}; "$@"; ${after}`;
  const command = [process.execPath, program, root.configFile, endpoint.stateDir, "mounted", plan.digest];
  return new Promise((resolve, reject) => {
    execFile(
      "unshare",
      [...flags, "sh", "-c", script, "sh", root.rootDir, spare, ...command],
      (error, stdout, stderr) => {
        const line = stdout.split("\n").find((one) => one.startsWith("{"));
        if (line === undefined)
          reject(new Error(`executing where file systems are mounted: ${stderr}`, { cause: error }));
        else resolve(JSON.parse(line) as Outcome);
      },
    );
  });
}

/** The whole root on a disk of its own with so much free, copied back afterwards. */
export function smallDisk(freeKiB: number): { readonly before: string; readonly after: string } {
  return {
    before: [
      'mount --bind "$root" "$spare"',
      'mount -t tmpfs -o size=$(($(du -sk "$root" | cut -f1) + 8192))k none "$root"',
      'cp -a "$spare/." "$root/"',
      'free=$(df -k --output=avail "$root" | tail -n 1)',
      `head -c $(((free - ${freeKiB}) * 1024)) /dev/zero >"$root/filler"`,
    ].join("; "),
    after: 'rm -rf "$root/filler" "$spare"/*; cp -a "$root/." "$spare/"',
  };
}
