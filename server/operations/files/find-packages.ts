// What the server keeps of package files: by digest, or by what is installed where no digest is known.
import type { PackageKey } from "../../../domain/files/package-information.ts";
import type { Query } from "../content.ts";
import type { ArtifactRecord, FoundPackageRecord } from "../records.ts";

interface ArtifactRow {
  readonly sha256: string;
  readonly size: number;
  readonly kind: "sync-database" | "package";
  readonly filename: string | null;
  readonly signature: Buffer | null;
}

/** Those that the server lacks are left out. */
export async function describeArtifacts(sql: Query, sha256: readonly string[]): Promise<readonly ArtifactRecord[]> {
  const rows = await sql.query<ArtifactRow>(
    `select a.sha256, a.size, a.kind, f.filename, f.signature from artifact a left join package_file f using (sha256)
     where a.sha256 = any($1::text[])`,
    [sha256],
  );
  return rows.map(recordOf);
}

interface FoundRow extends ArtifactRow {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly build_date: number;
}

/** Builds of one version; nobody has more. */
const MAX_BUILDS = 8;

export async function findPackages(
  sql: Query,
  packages: readonly PackageKey[],
): Promise<readonly FoundPackageRecord[]> {
  const rows = await sql.query<FoundRow>(
    `select distinct on (f.sha256) f.*, a.size, a.kind
     from jsonb_to_recordset($1::jsonb) as w(name text, version text, architecture text, "buildDate" bigint)
     cross join lateral (select * from package_file f where f.name = w.name and f.version = w.version
       and (w.architecture = '' or f.architecture = w.architecture)
       and (w."buildDate" = 0 or f.build_date = w."buildDate") order by f.build_date desc limit $2) f
     join artifact a using (sha256)`,
    [JSON.stringify(packages), MAX_BUILDS],
  );
  return rows.map((row) => ({
    key: { name: row.name, version: row.version, architecture: row.architecture, buildDate: row.build_date },
    artifact: recordOf(row),
  }));
}

function recordOf({ sha256, size, kind, filename, signature }: ArtifactRow): ArtifactRecord {
  return { sha256, size, kind, filename: filename ?? "", signature: signature ?? Buffer.alloc(0) };
}
