// What a person was last told, kept between sessions: what happened while nobody was logged in is still news, and a
// restart repeats nothing. Losing it costs one notification at most.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod/mini";
import { SYNC_STATUSES } from "../../domain/drift/sync-status.ts";
import type { Basis } from "./notices.ts";

const count = z.number().check(z.int(), z.nonnegative());

const BasisSchema: z.ZodMiniType<Basis> = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("endpoint"),
    name: z.string(),
    targetRevision: count,
    status: z.enum(SYNC_STATUSES),
    needsReboot: z.boolean(),
  }),
  z.object({
    kind: z.literal("pools"),
    pools: z.record(z.string(), z.object({ targetRevision: count, failed: count, waiting: count, behind: count })),
  }),
]);

export function loadBasis(path: string): Basis | undefined {
  try {
    return BasisSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

export function saveBasis(path: string, basis: Basis): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.new`, JSON.stringify(basis), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch {
    // A read-only or full home must not cost the person the notification.
  }
}
