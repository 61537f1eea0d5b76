// The first schema. Forward only: later migrations add to it, none changes this one.
import { Migration } from "@mikro-orm/migrations";

/** Names are explicit: the bundler keeps them, and a renamed class would run again. */
export class Migration0001First extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}

const STATEMENTS: readonly string[] = [
  // One row. A restored backup gets another incarnation, so that old resume tokens are refused.
  `create table cluster (
    singleton boolean primary key default true check (singleton),
    incarnation uuid not null default gen_random_uuid()
  )`,
  "insert into cluster default values",

  // Content by digest, stored once however many endpoints have it. body: zstd of the canonical bytes.
  `create table package_set (
    digest text primary key,
    packages integer not null,
    body bytea not null,
    created_at timestamptz not null default now()
  )`,
  // databases: [{repository, sha256, size}] in pacman.conf's order.
  `create table view (
    digest text primary key,
    architecture text not null,
    class text not null,
    databases jsonb not null,
    created_at timestamptz not null default now()
  )`,
  // The bytes lie as files below the state folder; a row means that the file is whole.
  `create table artifact (
    sha256 text primary key,
    size bigint not null,
    kind text not null,
    created_at timestamptz not null default now()
  )`,

  // revision grows by one per transaction that touches the pool or anything in it, as that transaction's first statement.
  `create table pool (
    id uuid primary key,
    name text not null unique,
    mode text not null check (mode in ('versions', 'mirror')),
    description text not null default '',
    revision bigint not null default 0,
    compact_revision bigint not null default 0,
    target_revision bigint not null default 0,
    created_at timestamptz not null default now()
  ) with (fillfactor = 50)`,
  // refs: [{kind: 'pool'|'endpoint'|'operation'|'removed-endpoint', id}]: what a watcher has to read again.
  `create table pool_event (
    pool_id uuid not null,
    revision bigint not null,
    xid xid8 not null default pg_current_xact_id(),
    refs jsonb not null,
    created_at timestamptz not null default now(),
    primary key (pool_id, revision)
  )`,
  "create index pool_event_xid on pool_event (xid)",

  // pins: [[name, version]], shared: [name].
  `create table target (
    pool_id uuid not null references pool on delete cascade,
    revision bigint not null,
    mode text not null,
    view_digest text not null references view,
    pins jsonb not null default '[]',
    shared jsonb not null default '[]',
    package_set_digest text not null references package_set,
    source_endpoint_id text not null default '',
    source_endpoint text not null default '',
    author text not null,
    message text not null default '',
    bad boolean not null default false,
    restores_revision bigint not null default 0,
    created_at timestamptz not null default now(),
    primary key (pool_id, revision)
  )`,

  // key_hash: hex SHA-256 of the secret. session_epoch grows with every stream; writes on behalf of an agent name theirs.
  `create table endpoint (
    id uuid primary key,
    name text not null unique,
    pool_id uuid not null references pool,
    key_hash text not null,
    labels jsonb not null default '{}',
    status text not null default 'unknown',
    reasons jsonb not null default '[]',
    counts jsonb not null default '{}',
    online boolean not null default false,
    last_seen timestamptz,
    session_epoch bigint not null default 0,
    instance text not null default '',
    agent_version text not null default '',
    package_set_digest text references package_set,
    packages integer not null default 0,
    view_digest text references view,
    held jsonb not null default '[]',
    health_problems jsonb not null default '[]',
    degraded_because jsonb not null default '[]',
    refused_because text not null default '',
    apply text not null default 'never',
    root text not null default '/',
    reboot_required boolean not null default false,
    applied_revision bigint not null default 0,
    command_sequence bigint not null default 0,
    reported_at timestamptz,
    created_at timestamptz not null default now()
  ) with (fillfactor = 70)`,
  "create index endpoint_pool on endpoint (pool_id, name)",

  // body: the plan in JSON; the digest covers it.
  `create table plan (
    digest text primary key,
    endpoint_id uuid not null references endpoint on delete cascade,
    base_digest text not null,
    target_revision bigint not null,
    is_revert boolean not null,
    changes integer not null,
    body jsonb not null,
    created_at timestamptz not null default now()
  )`,

  `create table operation (
    id uuid primary key,
    endpoint_id uuid not null references endpoint on delete cascade,
    pool_id uuid not null,
    plan_digest text not null references plan,
    target_revision bigint not null,
    is_revert boolean not null,
    state text not null,
    step text,
    percent integer not null default 0,
    message text not null default '',
    problems jsonb not null default '[]',
    author text not null,
    fence bigint not null default 1,
    changes integer not null,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    progressed_at timestamptz
  ) with (fillfactor = 70)`,
  "create index operation_endpoint on operation (endpoint_id, created_at desc)",
  "create index operation_pool on operation (pool_id, created_at desc)",
  // One at a time on one machine, whatever races.
  "create unique index operation_active on operation (endpoint_id) where state in ('pending-approval', 'queued', 'delivered', 'running')",

  // Orders for agents: at least once, in order. acknowledged: null, 'persisted', 'refused' or 'duplicate'.
  `create table command (
    endpoint_id uuid not null references endpoint on delete cascade,
    sequence bigint not null,
    command_id uuid not null unique,
    operation_id uuid not null references operation on delete cascade,
    kind text not null check (kind in ('start', 'cancel')),
    not_after timestamptz not null,
    acknowledged text,
    created_at timestamptz not null default now(),
    primary key (endpoint_id, sequence)
  )`,

  // Secrets are kept as hex SHA-256 only.
  `create table access_key (
    id text primary key,
    name text not null,
    role text not null check (role in ('viewer', 'operator', 'administrator')),
    secret_hash text not null,
    revoked boolean not null default false,
    created_at timestamptz not null default now(),
    last_used_at timestamptz
  )`,
  `create table enrolment_token (
    id text primary key,
    secret_hash text not null,
    pool_id uuid not null references pool on delete cascade,
    uses_left integer not null check (uses_left >= 0),
    expires_at timestamptz not null,
    created_at timestamptz not null default now()
  )`,

  // The answer of a mutation by caller and key; written in the mutation's own transaction.
  `create table idempotency (
    caller text not null,
    key text not null,
    request_hash text not null,
    answer jsonb not null,
    expires_at timestamptz not null,
    primary key (caller, key)
  )`,
  "create index idempotency_expires on idempotency (expires_at)",
];
