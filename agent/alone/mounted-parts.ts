// Whether a system that is mounted below a folder is there as a whole: packages put files below /usr, /var and /boot, and a
// kernel that lands in an empty folder over which the real /boot is mounted later does not boot.
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** Part of the system is on another file system that is not mounted. The message says what to do. */
export class NotMountedError extends Error {
  override readonly name = "NotMountedError";
  /** As for every refusal: nothing was changed. */
  readonly exitCode = 4;
}

/** Where packages put files. */
const OWNED = /^\/(?:boot|efi|etc|opt|usr|var)(?:\/|$)/;

/** Throws NotMountedError. A system without an fstab has nothing to say. */
export function requireWholeSystem(directory: string): void {
  const missing = placesOf(readFstab(directory)).filter((place) => !isMounted(join(directory, place)));
  if (missing.length === 0) return;
  throw new NotMountedError(
    `${missing.join(", ")} of the system below ${directory} ${missing.length === 1 ? "is" : "are"} in its fstab and not mounted; mount ${missing.map((place) => join(directory, place)).join(" and ")} first`,
  );
}

/** What hooks and scriptlets of that system will miss; empty when all is there. */
export function missingForHooks(directory: string): readonly string[] {
  const wanted = { proc: "proc/self", sys: "sys/kernel", dev: "dev/null" };
  return Object.entries(wanted).flatMap(([name, file]) => (existsSync(join(directory, file)) ? [] : [`/${name}`]));
}

/** Mount points with packages' files that the system would have after its boot. */
export function placesOf(fstab: string): readonly string[] {
  return fstab.split("\n").flatMap((line) => {
    const [device = "", place = "", kind = "", options = ""] = line.trim().split(/\s+/);
    if (device === "" || device.startsWith("#") || kind === "swap" || kind === "tmpfs") return [];
    const words = options.split(",");
    // A boot partition is often mounted when it is first looked at.
    const isLater = words.includes("noauto") && !words.includes("x-systemd.automount");
    return isLater || !OWNED.test(place) ? [] : [place.replaceAll("\\040", " ")];
  });
}

function readFstab(directory: string): string {
  try {
    return readFileSync(join(directory, "etc/fstab"), "utf8");
  } catch {
    return "";
  }
}

/** Another device than the folder that it is in. */
function isMounted(place: string): boolean {
  const own = statSync(place, { throwIfNoEntry: false });
  const around = statSync(dirname(place), { throwIfNoEntry: false });
  return own !== undefined && own.dev !== around?.dev;
}
