// Keeps what targets, endpoints and people can still ask for, and deletes the rest: package files of old targets, databases,
// views, sets, operations long finished, orders long acknowledged. Each round is bounded; the next one goes on.
import { collectArtifacts, collectStrays, collectViewsAndSets } from "../operations/files/collect-unused.ts";
import type { Database } from "../store/database.ts";
import type { Store } from "../store/store.ts";
import { type Rounds, runEvery } from "./run-every.ts";

export interface GarbageRules {
  /** Targets before the newest whose package files stay. */
  readonly keepTargets: number;
  /** From when nothing refers to content until it goes; covers an upload whose report follows. */
  readonly graceSeconds?: number;
}

export interface StoredBytes {
  readonly kind: string;
  readonly files: number;
  readonly bytes: number;
}

export interface CollectGarbageOptions extends GarbageRules, Pick<Rounds, "onError"> {
  readonly store: Store;
  readonly everyMs?: number;
  readonly onStored: (stored: readonly StoredBytes[]) => void;
}

const EVERY_MS = 10 * 60 * 1_000;
const GRACE_SECONDS = 60 * 60;
/** A beginning that nobody went on with for a day is none. */
const STRAY_MS = 24 * 60 * 60 * 1_000;
const FOLDERS = 256;
/** Folders of one round: all of them in under three hours. */
const FOLDERS_PER_ROUND = 16;

/** Rows of one statement, and statements of one round and kind. */
const PORTION = 1_000;
const MAX_PORTIONS = 50;

/** A history that people look back at; the last ones of an endpoint stay whatever their age: its way back is among them. */
const OPERATION_DAYS = 90;
const KEPT_OPERATIONS = 20;
/** An agent repeats what it did not hear acknowledged for as long as it is away. */
const COMMAND_DAYS = 14;

const STATEMENTS: readonly string[] = [
  `delete from operation where id in (
     select o.id from (select id, state, finished_at,
         row_number() over (partition by endpoint_id order by created_at desc) as newer from operation) o
     where o.finished_at < now() - interval '${String(OPERATION_DAYS)} days' and o.newer > ${String(KEPT_OPERATIONS)}
       and o.state not in ('pending-approval', 'queued', 'delivered', 'running') limit ${String(PORTION)})`,
  `delete from command where command_id in (
     select c.command_id from command c join operation o on o.id = c.operation_id
     where c.created_at < now() - interval '${String(COMMAND_DAYS)} days'
       and o.state not in ('pending-approval', 'queued', 'delivered', 'running')
       and (c.acknowledged is not null or c.not_after < now()) limit ${String(PORTION)})`,
];

/** Runs until disposed. */
export function collectGarbage(options: CollectGarbageOptions): AsyncDisposable {
  let folder = 0;
  return runEvery({ everyMs: options.everyMs ?? EVERY_MS, onError: options.onError }, async () => {
    await collectOnce(options.store, options);
    for (let at = 0; at < FOLDERS_PER_ROUND; at += 1) {
      await collectStrays(options.store, folder, STRAY_MS);
      folder = (folder + 1) % FOLDERS;
    }
    options.onStored(await readStored(options.store.database));
  });
}

/** One round. What fails does not keep the rest from being collected; the first error is thrown at the end. */
export async function collectOnce(store: Store, rules: GarbageRules): Promise<void> {
  const { database } = store;
  const graceSeconds = rules.graceSeconds ?? GRACE_SECONDS;
  const steps: readonly (() => Promise<unknown>)[] = [
    ...STATEMENTS.map((statement) => () => inPortions(database, statement)),
    () => inPortions(database, OLD_TARGET_FILES, [rules.keepTargets]),
    () => collectViewsAndSets(database, graceSeconds),
    () => collectArtifacts(store, graceSeconds),
  ];
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, "collecting garbage");
}

/** Revisions grow by one, so the N before the newest are known by their number. */
const OLD_TARGET_FILES = `delete from target_file where (pool_id, revision, file_key) in (
  select t.pool_id, t.revision, t.file_key from target_file t join pool p on p.id = t.pool_id
  where t.revision < p.target_revision - $1 limit ${String(PORTION)})`;

async function inPortions(database: Database, statement: string, parameters: readonly unknown[] = []): Promise<void> {
  for (let portion = 0; portion < MAX_PORTIONS; portion += 1) {
    const gone = await database.query(`${statement} returning 1`, parameters);
    if (gone.length < PORTION) return;
  }
}

function readStored(database: Database): Promise<readonly StoredBytes[]> {
  return database.query<StoredBytes>(
    "select kind, count(*) as files, coalesce(sum(size), 0)::bigint as bytes from artifact group by kind",
  );
}
