// Rules of pools, labels and endpoints, what a pool makes of conflicts, and what it demands of consent.
import { Migration } from "@mikro-orm/migrations";

export class Migration0003Policy extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}

const STATEMENTS = [
  // Exactly one of pool_id, endpoint_id and label says for whom. label: NAME=VALUE, or NAME for any value.
  `create table policy_rule (
    id uuid primary key,
    kind text not null check (kind in ('hold', 'share', 'own', 'foreign')),
    pool_id uuid references pool on delete cascade,
    endpoint_id uuid references endpoint on delete cascade,
    label text,
    pattern text not null,
    author text not null,
    message text not null default '',
    created_at timestamptz not null default now(),
    check (num_nonnulls(pool_id, endpoint_id, label) = 1)
  )`,
  "create unique index policy_rule_once on policy_rule (kind, pattern, pool_id, endpoint_id, label) nulls not distinct",
  "create index policy_rule_pool on policy_rule (pool_id)",
  "create index policy_rule_endpoint on policy_rule (endpoint_id)",
  // windows: ["Sat 02:00-04:00"]. Empty texts say nothing: the machines' own agent.toml decides.
  `alter table pool
    add column conflicts text not null default 'use-target'
      check (conflicts in ('manual', 'use-target', 'keep-current', 'newest', 'oldest')),
    add column allow_downgrade boolean not null default true,
    add column apply text not null default '',
    add column reboot text not null default '',
    add column windows jsonb not null default '[]',
    add column missed_window text not null default ''`,
  // policy: rules of pool, labels and endpoint added up, with what conflicts keep; policy_digest names it, empty for none.
  // base_revision: the newest target whose versions the endpoint was seen to have, 0 for none: the base of conflicts.
  // base_carried: {name: {version, buildDate}}: what packages that were frozen then had to be until then.
  // conflicts: decisions [{name, targetRevision, take, author, atMs}]. undecided: names that wait for a person.
  `alter table endpoint
    add column policy jsonb not null default '{}',
    add column policy_digest text not null default '',
    add column base_revision bigint not null default 0,
    add column base_carried jsonb not null default '{}',
    add column conflicts jsonb not null default '[]',
    add column undecided jsonb not null default '[]'`,
  "update endpoint set base_revision = applied_revision",
];
