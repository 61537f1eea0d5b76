// One view per compatibility class in a target, and classes that the server has computed itself.
import { Migration } from "@mikro-orm/migrations";

export class Migration0002Classes extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}

const STATEMENTS = [
  // The views of the classes beside the source's own, which is target.view_digest.
  `create table target_view (
    pool_id uuid not null,
    revision bigint not null,
    class text not null,
    view_digest text not null references view,
    primary key (pool_id, revision, class),
    foreign key (pool_id, revision) references target on delete cascade
  )`,
  // class: empty until the server has read the view's databases. newest_build: Unix seconds of the newest package in it.
  "alter table view add column newest_build bigint not null default 0",
  "update view set class = ''",
];
