// Package files by content, which of them a target needs, and since when something is of no use to anybody.
import { Migration } from "@mikro-orm/migrations";

export class Migration0004Files extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}

const STATEMENTS: readonly string[] = [
  // unused_since: when a collection first found nothing that refers to it; null while something does.
  "alter table artifact add column unused_since timestamptz",
  "alter table package_set add column unused_since timestamptz",
  "alter table view add column unused_since timestamptz",
  // [{repository, servers: [url]}] as its agent reported last; null before that.
  "alter table endpoint add column servers jsonb",

  // What the package file's own metadata says. signature: detached; null only for digests that the configuration allows.
  `create table package_file (
    sha256 text primary key references artifact on delete cascade,
    filename text not null,
    name text not null,
    version text not null,
    architecture text not null,
    build_date bigint not null,
    signature bytea
  )`,
  "create index package_file_name on package_file (name, version)",

  // Files that members of the pool needed while the target was its newest. file_key: the digest, or name, version,
  // architecture and build date where no view knows it; sha256 is then empty until a file is found. build_date 0: any.
  // why: what stood in the way last: '', 'nowhere', 'unsigned', 'no-space'.
  `create table target_file (
    pool_id uuid not null,
    revision bigint not null,
    file_key text not null,
    class text not null,
    name text not null,
    version text not null,
    architecture text not null,
    build_date bigint not null,
    repository text not null,
    filename text not null,
    size bigint not null,
    sha256 text not null,
    signature text not null,
    why text not null default '',
    primary key (pool_id, revision, file_key),
    foreign key (pool_id, revision) references target on delete cascade
  )`,
  "create index target_file_sha256 on target_file (sha256)",
  "create index target_file_name on target_file (name, version) where sha256 = ''",
];
