// Where the repositories of a class are served from, as endpoints told; who answered badly in this round is left alone.
import { MAX_REPOSITORY_SERVERS } from "../../../domain/limits.ts";
import type { Query } from "../content.ts";
import type { SessionRef } from "../sessions.ts";

/** The servers of one repository on one endpoint. */
export interface RepositoryServers {
  readonly repository: string;
  readonly servers: readonly string[];
}

/** What the endpoint told last; takes no revision, since nobody watches it. */
export async function recordServers(
  sql: Query,
  session: SessionRef,
  servers: readonly RepositoryServers[],
): Promise<void> {
  await sql.query(
    `update endpoint set servers = $3::jsonb where id = $1 and session_epoch = $2
       and servers is distinct from $3::jsonb`,
    [session.endpointId, session.epoch, JSON.stringify(servers)],
  );
}

/** Endpoints whose configuration is looked at for one target; those of the pool come first. */
const MAX_TELLERS = 200;

/** Server URLs by class and repository, those of most endpoints first. Files of an endpoint's own disk are not among them. */
export async function readMirrors(sql: Query, poolId: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await sql.query<{ class: string; servers: readonly RepositoryServers[] }>(
    `select v.class, e.servers from endpoint e join view v on v.digest = e.view_digest
     where e.servers is not null and v.class <> '' order by e.pool_id = $1 desc, e.last_seen desc nulls last limit $2`,
    [poolId, MAX_TELLERS],
  );
  const counts = new Map<string, Map<string, number>>();
  for (const row of rows) {
    for (const { repository, servers } of row.servers) {
      const key = mirrorKey(row.class, repository);
      const known = counts.get(key) ?? new Map<string, number>();
      counts.set(key, known);
      for (const server of servers) if (isHttp(server)) known.set(server, (known.get(server) ?? 0) + 1);
    }
  }
  return new Map([...counts].map(([key, known]) => [key, mostTold(known)]));
}

export function mirrorKey(ofClass: string, repository: string): string {
  return `${ofClass} ${repository}`;
}

/** Of equally often told ones the first stays first: pacman's order. */
function mostTold(counts: ReadonlyMap<string, number>): readonly string[] {
  const ordered = [...counts].toSorted(([, a], [, b]) => b - a);
  return ordered.slice(0, MAX_REPOSITORY_SERVERS).map(([server]) => server);
}

function isHttp(url: string): boolean {
  return /^https?:\/\//.test(url) && URL.canParse(url) && new URL(url).username === "";
}

/** Failures after which a source is not asked again in the same round. A missing file is none. */
const MAX_FAILURES = 3;

export class SourceHealth {
  readonly #failures = new Map<string, number>();

  isGood(origin: string): boolean {
    return (this.#failures.get(origin) ?? 0) < MAX_FAILURES;
  }

  failed(origin: string): void {
    this.#failures.set(origin, (this.#failures.get(origin) ?? 0) + 1);
  }
}
