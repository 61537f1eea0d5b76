// What endpoints want of people, as they see it.
import { Migration } from "@mikro-orm/migrations";

export class Migration0005Inbox extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}

const STATEMENTS: readonly string[] = [
  // [{kind, subject, what, digest}]
  "alter table endpoint add column inbox jsonb not null default '[]'",
];
