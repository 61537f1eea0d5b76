-- Made by make generate from the migrations; for reading only.

create table access_key (
  id text not null,
  name text not null,
  role text not null,
  secret_hash text not null,
  revoked boolean not null default false,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  constraint access_key_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'administrator'::text]))),
  constraint access_key_pkey PRIMARY KEY (id)
);

create table artifact (
  sha256 text not null,
  size bigint not null,
  kind text not null,
  created_at timestamp with time zone not null default now(),
  unused_since timestamp with time zone,
  constraint artifact_pkey PRIMARY KEY (sha256)
);

create table cluster (
  singleton boolean not null default true,
  incarnation uuid not null default gen_random_uuid(),
  constraint cluster_singleton_check CHECK (singleton),
  constraint cluster_pkey PRIMARY KEY (singleton)
);

create table command (
  endpoint_id uuid not null,
  sequence bigint not null,
  command_id uuid not null,
  operation_id uuid not null,
  kind text not null,
  not_after timestamp with time zone not null,
  acknowledged text,
  created_at timestamp with time zone not null default now(),
  constraint command_kind_check CHECK ((kind = ANY (ARRAY['start'::text, 'cancel'::text]))),
  constraint command_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES endpoint(id) ON DELETE CASCADE,
  constraint command_operation_id_fkey FOREIGN KEY (operation_id) REFERENCES operation(id) ON DELETE CASCADE,
  constraint command_pkey PRIMARY KEY (endpoint_id, sequence),
  constraint command_command_id_key UNIQUE (command_id)
);

create table endpoint (
  id uuid not null,
  name text not null,
  pool_id uuid not null,
  key_hash text not null,
  labels jsonb not null default '{}'::jsonb,
  status text not null default 'unknown'::text,
  reasons jsonb not null default '[]'::jsonb,
  counts jsonb not null default '{}'::jsonb,
  online boolean not null default false,
  last_seen timestamp with time zone,
  session_epoch bigint not null default 0,
  instance text not null default ''::text,
  agent_version text not null default ''::text,
  package_set_digest text,
  packages integer not null default 0,
  view_digest text,
  held jsonb not null default '[]'::jsonb,
  health_problems jsonb not null default '[]'::jsonb,
  degraded_because jsonb not null default '[]'::jsonb,
  refused_because text not null default ''::text,
  apply text not null default 'never'::text,
  root text not null default '/'::text,
  reboot_required boolean not null default false,
  applied_revision bigint not null default 0,
  command_sequence bigint not null default 0,
  reported_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  policy jsonb not null default '{}'::jsonb,
  policy_digest text not null default ''::text,
  base_revision bigint not null default 0,
  base_carried jsonb not null default '{}'::jsonb,
  conflicts jsonb not null default '[]'::jsonb,
  undecided jsonb not null default '[]'::jsonb,
  servers jsonb,
  inbox jsonb not null default '[]'::jsonb,
  constraint endpoint_package_set_digest_fkey FOREIGN KEY (package_set_digest) REFERENCES package_set(digest),
  constraint endpoint_pool_id_fkey FOREIGN KEY (pool_id) REFERENCES pool(id),
  constraint endpoint_view_digest_fkey FOREIGN KEY (view_digest) REFERENCES view(digest),
  constraint endpoint_pkey PRIMARY KEY (id),
  constraint endpoint_name_key UNIQUE (name)
) with (fillfactor=70);

CREATE INDEX endpoint_pool ON endpoint USING btree (pool_id, name);

create table enrolment_token (
  id text not null,
  secret_hash text not null,
  pool_id uuid not null,
  uses_left integer not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  constraint enrolment_token_uses_left_check CHECK ((uses_left >= 0)),
  constraint enrolment_token_pool_id_fkey FOREIGN KEY (pool_id) REFERENCES pool(id) ON DELETE CASCADE,
  constraint enrolment_token_pkey PRIMARY KEY (id)
);

create table idempotency (
  caller text not null,
  key text not null,
  request_hash text not null,
  answer jsonb not null,
  expires_at timestamp with time zone not null,
  constraint idempotency_pkey PRIMARY KEY (caller, key)
);

CREATE INDEX idempotency_expires ON idempotency USING btree (expires_at);

create table operation (
  id uuid not null,
  endpoint_id uuid not null,
  pool_id uuid not null,
  plan_digest text not null,
  target_revision bigint not null,
  is_revert boolean not null,
  state text not null,
  step text,
  percent integer not null default 0,
  message text not null default ''::text,
  problems jsonb not null default '[]'::jsonb,
  author text not null,
  fence bigint not null default 1,
  changes integer not null,
  created_at timestamp with time zone not null default now(),
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  progressed_at timestamp with time zone,
  constraint operation_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES endpoint(id) ON DELETE CASCADE,
  constraint operation_plan_digest_fkey FOREIGN KEY (plan_digest) REFERENCES plan(digest),
  constraint operation_pkey PRIMARY KEY (id)
) with (fillfactor=70);

CREATE INDEX operation_endpoint ON operation USING btree (endpoint_id, created_at DESC);

CREATE INDEX operation_pool ON operation USING btree (pool_id, created_at DESC);

CREATE UNIQUE INDEX operation_active ON operation USING btree (endpoint_id) WHERE (state = ANY (ARRAY['pending-approval'::text, 'queued'::text, 'delivered'::text, 'running'::text]));

create table operation_log (
  operation_id uuid not null,
  at timestamp with time zone not null default clock_timestamp(),
  step text not null,
  percent integer not null,
  message text not null,
  constraint operation_log_operation_id_fkey FOREIGN KEY (operation_id) REFERENCES operation(id) ON DELETE CASCADE
);

CREATE INDEX operation_log_at ON operation_log USING btree (at);

CREATE INDEX operation_log_operation ON operation_log USING btree (operation_id, at);

create table package_file (
  sha256 text not null,
  filename text not null,
  name text not null,
  version text not null,
  architecture text not null,
  build_date bigint not null,
  signature bytea,
  constraint package_file_sha256_fkey FOREIGN KEY (sha256) REFERENCES artifact(sha256) ON DELETE CASCADE,
  constraint package_file_pkey PRIMARY KEY (sha256)
);

CREATE INDEX package_file_name ON package_file USING btree (name, version);

create table package_set (
  digest text not null,
  packages integer not null,
  body bytea not null,
  created_at timestamp with time zone not null default now(),
  unused_since timestamp with time zone,
  constraint package_set_pkey PRIMARY KEY (digest)
);

create table plan (
  digest text not null,
  endpoint_id uuid not null,
  base_digest text not null,
  target_revision bigint not null,
  is_revert boolean not null,
  changes integer not null,
  body jsonb not null,
  created_at timestamp with time zone not null default now(),
  constraint plan_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES endpoint(id) ON DELETE CASCADE,
  constraint plan_pkey PRIMARY KEY (digest)
);

create table policy_rule (
  id uuid not null,
  kind text not null,
  pool_id uuid,
  endpoint_id uuid,
  label text,
  pattern text not null,
  author text not null,
  message text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  constraint policy_rule_check CHECK ((num_nonnulls(pool_id, endpoint_id, label) = 1)),
  constraint policy_rule_kind_check CHECK ((kind = ANY (ARRAY['hold'::text, 'share'::text, 'own'::text, 'foreign'::text]))),
  constraint policy_rule_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES endpoint(id) ON DELETE CASCADE,
  constraint policy_rule_pool_id_fkey FOREIGN KEY (pool_id) REFERENCES pool(id) ON DELETE CASCADE,
  constraint policy_rule_pkey PRIMARY KEY (id)
);

CREATE INDEX policy_rule_endpoint ON policy_rule USING btree (endpoint_id);

CREATE INDEX policy_rule_pool ON policy_rule USING btree (pool_id);

CREATE UNIQUE INDEX policy_rule_once ON policy_rule USING btree (kind, pattern, pool_id, endpoint_id, label) NULLS NOT DISTINCT;

create table pool (
  id uuid not null,
  name text not null,
  mode text not null,
  description text not null default ''::text,
  revision bigint not null default 0,
  compact_revision bigint not null default 0,
  target_revision bigint not null default 0,
  created_at timestamp with time zone not null default now(),
  conflicts text not null default 'use-target'::text,
  allow_downgrade boolean not null default true,
  apply text not null default ''::text,
  reboot text not null default ''::text,
  windows jsonb not null default '[]'::jsonb,
  missed_window text not null default ''::text,
  upstream jsonb,
  stale_after_days integer not null default 14,
  constraint pool_conflicts_check CHECK ((conflicts = ANY (ARRAY['manual'::text, 'use-target'::text, 'keep-current'::text, 'newest'::text, 'oldest'::text]))),
  constraint pool_mode_check CHECK ((mode = ANY (ARRAY['versions'::text, 'mirror'::text]))),
  constraint pool_pkey PRIMARY KEY (id),
  constraint pool_name_key UNIQUE (name)
) with (fillfactor=50);

create table pool_event (
  pool_id uuid not null,
  revision bigint not null,
  xid xid8 not null default pg_current_xact_id(),
  refs jsonb not null,
  created_at timestamp with time zone not null default now(),
  constraint pool_event_pkey PRIMARY KEY (pool_id, revision)
);

CREATE INDEX pool_event_xid ON pool_event USING btree (xid);

create table target (
  pool_id uuid not null,
  revision bigint not null,
  mode text not null,
  view_digest text not null,
  pins jsonb not null default '[]'::jsonb,
  shared jsonb not null default '[]'::jsonb,
  package_set_digest text not null,
  source_endpoint_id text not null default ''::text,
  source_endpoint text not null default ''::text,
  author text not null,
  message text not null default ''::text,
  bad boolean not null default false,
  restores_revision bigint not null default 0,
  created_at timestamp with time zone not null default now(),
  constraint target_package_set_digest_fkey FOREIGN KEY (package_set_digest) REFERENCES package_set(digest),
  constraint target_pool_id_fkey FOREIGN KEY (pool_id) REFERENCES pool(id) ON DELETE CASCADE,
  constraint target_view_digest_fkey FOREIGN KEY (view_digest) REFERENCES view(digest),
  constraint target_pkey PRIMARY KEY (pool_id, revision)
);

create table target_file (
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
  why text not null default ''::text,
  constraint target_file_pool_id_revision_fkey FOREIGN KEY (pool_id, revision) REFERENCES target(pool_id, revision) ON DELETE CASCADE,
  constraint target_file_pkey PRIMARY KEY (pool_id, revision, file_key)
);

CREATE INDEX target_file_name ON target_file USING btree (name, version) WHERE (sha256 = ''::text);

CREATE INDEX target_file_sha256 ON target_file USING btree (sha256);

create table target_view (
  pool_id uuid not null,
  revision bigint not null,
  class text not null,
  view_digest text not null,
  constraint target_view_pool_id_revision_fkey FOREIGN KEY (pool_id, revision) REFERENCES target(pool_id, revision) ON DELETE CASCADE,
  constraint target_view_view_digest_fkey FOREIGN KEY (view_digest) REFERENCES view(digest),
  constraint target_view_pkey PRIMARY KEY (pool_id, revision, class)
);

create table view (
  digest text not null,
  architecture text not null,
  class text not null,
  databases jsonb not null,
  created_at timestamp with time zone not null default now(),
  newest_build bigint not null default 0,
  unused_since timestamp with time zone,
  constraint view_pkey PRIMARY KEY (digest)
);
