// What operations said on their way: a line per step, and of a long step one every few seconds.
import { Migration } from "@mikro-orm/migrations";

export class Migration0007OperationLog extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}

const STATEMENTS: readonly string[] = [
  `create table operation_log (
    operation_id uuid not null references operation (id) on delete cascade,
    at timestamptz not null default clock_timestamp(),
    step text not null,
    percent integer not null,
    message text not null
  )`,
  "create index operation_log_operation on operation_log (operation_id, at)",
  // Old lines are deleted by their time alone.
  "create index operation_log_at on operation_log (at)",
];
