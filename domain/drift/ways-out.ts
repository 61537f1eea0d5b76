// What a person can do about a machine that is ahead of its pool: publish what it has, or return to the target. Nothing of
// it happens by itself. Pure.
import type { SyncStatus } from "./sync-status.ts";

export interface WayOut {
  /** A command line. */
  readonly verb: string;
  /** What it does, for people. */
  readonly does: string;
}

/** Empty where there is nothing to choose. */
export function waysOut({ name, status }: { readonly name: string; readonly status: SyncStatus }): readonly WayOut[] {
  const publish = { verb: `pacpool set-latest --endpoint ${name}`, does: "publish it for the pool" };
  const back = { verb: `pacpool sync --endpoint ${name} --downgrade`, does: "return to the target (downgrades)" };
  return status === "ahead" ? [publish, back] : [];
}
