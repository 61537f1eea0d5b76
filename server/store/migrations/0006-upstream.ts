// What endpoints of a pool have seen of their mirrors beyond its target, and from which age on a target is called old.
import { Migration } from "@mikro-orm/migrations";

export class Migration0006Upstream extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}

const STATEMENTS: readonly string[] = [
  // {newer, newerInstalled, builtAt, endpoint} or null; always about the newest target. Days; 0 never calls one old.
  "alter table pool add column upstream jsonb, add column stale_after_days integer not null default 14",
];
