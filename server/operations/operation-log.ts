// What operations said on their way, bounded for each: every step, and of a long step a line every few seconds.
import type { OperationStep } from "../../domain/operation/lifecycle.ts";
import type { Query } from "./content.ts";

export interface OperationLogLine {
  readonly at: Date;
  readonly step: OperationStep;
  readonly percent: number;
  readonly message: string;
}

/** Between two lines of one step: a thousand operations at once then write two hundred lines a second. */
export const LOG_INTERVAL_MS = 5_000;

/** Lines of one operation that are told; more than an hour of them. */
const MAX_LINES = 1_000;

export async function appendLog(
  sql: Query,
  operationId: string,
  { step, percent, message }: Omit<OperationLogLine, "at">,
): Promise<void> {
  await sql.query("insert into operation_log (operation_id, step, percent, message) values ($1, $2, $3, $4)", [
    operationId,
    step,
    percent,
    message,
  ]);
}

/** The oldest first; of very many the newest. */
export async function readLog(sql: Query, operationId: string): Promise<readonly OperationLogLine[]> {
  const rows = await sql.query<OperationLogLine>(
    "select at, step, percent, message from operation_log where operation_id = $1 order by at desc limit $2",
    [operationId, MAX_LINES],
  );
  return rows.toReversed();
}
