// Keeps a package file that somebody brought: an endpoint, a mirror, an archive. Nobody is believed: digest and size are
// counted, and what the file says of itself must be what was asked for or what its name promises.
import { isBuildOf, isFilenameOf, isSignature, type PackageKey } from "../../../domain/files/package-information.ts";
import { MAX_SIGNATURE_BYTES } from "../../../domain/limits.ts";
import { Refusal, tooLarge } from "../../../domain/refusal.ts";
import type { ReceivedFile } from "../../store/receive-file.ts";
import type { Store } from "../../store/store.ts";
import type { Query } from "../content.ts";
import { lockArtifact } from "./artifact-lock.ts";
import { inspectPackage } from "./inspect-package.ts";

export interface PackageHeader {
  readonly sha256: string;
  readonly size: number;
  readonly filename: string;
  /** Empty for none. */
  readonly signature: Uint8Array;
  readonly offset?: number;
}

/** What views say of a digest that some target needs. */
interface Expected extends PackageKey {
  readonly filename: string;
  readonly size: number;
  /** Base64; empty where the view has none. */
  readonly signature: string;
}

/** Throws Refusal ARTIFACT_UNSIGNED before a byte is read, ARTIFACT_CORRUPT after. Storing what is there succeeds. */
export async function storePackage(
  store: Store,
  unsignedAllowed: ReadonlySet<string>,
  header: PackageHeader,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  const { sha256, size } = header;
  const expected = await readExpected(store.database, sha256);
  const signature = chooseSignature(expected, header, unsignedAllowed);
  if (expected !== undefined && expected.size !== 0 && expected.size !== size) throw corrupt(sha256);
  await requireSpace(store, size);
  await using received = await store.artifacts.receive(header, bytes);
  const key = await identify(received.path, header, expected);
  const filename = expected !== undefined && expected.filename !== "" ? expected.filename : header.filename;
  await keep(store, received, { ...header, filename, signature, key });
}

/** PostgreSQL and the logs mostly live on the same disk: they must not starve for the sake of files. */
const RESERVED_BYTES = 256 * 1024 * 1024;

async function requireSpace(store: Store, size: number): Promise<void> {
  const limit = Math.max(0, (await store.artifacts.freeBytes()) - RESERVED_BYTES);
  if (size > limit) throw tooLarge("the file, for what is free on the server's disk,", limit);
}

function corrupt(sha256: string): Refusal {
  return new Refusal("ARTIFACT_CORRUPT", { sha256 });
}

async function readExpected(sql: Query, sha256: string): Promise<Expected | undefined> {
  const [row] = await sql.query<Expected>(
    `select name, version, architecture, build_date as "buildDate", filename, size, signature
     from target_file where sha256 = $1 order by signature = '', file_key <> sha256 limit 1`,
    [sha256],
  );
  return row;
}

/** The view's comes first: whoever brings a file could bring a signature that only annoys. */
function chooseSignature(
  expected: Expected | undefined,
  header: PackageHeader,
  unsignedAllowed: ReadonlySet<string>,
): Buffer | undefined {
  const fromView = Buffer.from(expected?.signature ?? "", "base64");
  for (const one of [fromView, Buffer.from(header.signature)]) {
    if (one.length <= MAX_SIGNATURE_BYTES && isSignature(one)) return one;
  }
  if (unsignedAllowed.has(header.sha256)) return undefined;
  throw new Refusal("ARTIFACT_UNSIGNED", { sha256: header.sha256 });
}

async function identify(path: string, header: PackageHeader, expected: Expected | undefined): Promise<PackageKey> {
  const inspection = await inspectPackage(path);
  switch (inspection.kind) {
    case "package": {
      const { key } = inspection;
      const fits = expected === undefined ? isFilenameOf(header.filename, key) : isBuildOf(expected, key);
      if (!fits) throw corrupt(header.sha256);
      return key;
    }
    case "unreadable":
      // The digest is a view's, so the file is the one that the view describes.
      if (expected === undefined || expected.architecture === "") throw corrupt(header.sha256);
      return expected;
    case "not-a-package":
      throw corrupt(header.sha256);
  }
}

interface KeptPackage {
  readonly sha256: string;
  readonly size: number;
  readonly filename: string;
  readonly signature: Buffer | undefined;
  readonly key: PackageKey;
}

async function keep(store: Store, received: ReceivedFile, file: KeptPackage): Promise<void> {
  const { sha256, size, filename, signature, key } = file;
  await store.database.transaction(async (sql) => {
    await lockArtifact(sql, sha256);
    await received.keep();
    await sql.query(
      `insert into artifact (sha256, size, kind) values ($1, $2, 'package')
       on conflict (sha256) do update set unused_since = null`,
      [sha256, size],
    );
    await sql.query(
      `insert into package_file (sha256, filename, name, version, architecture, build_date, signature)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (sha256) do nothing`,
      [sha256, filename, key.name, key.version, key.architecture, key.buildDate, signature ?? null],
    );
    // Somebody may have waited for it without knowing its digest.
    await sql.query(
      `update target_file set sha256 = $1, filename = $6, size = $7, why = '' where sha256 = '' and name = $2
         and version = $3 and (architecture = '' or architecture = $4) and (build_date = 0 or build_date = $5)`,
      [sha256, key.name, key.version, key.architecture, key.buildDate, filename, size],
    );
  });
}
