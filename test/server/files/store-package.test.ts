import { afterAll, beforeAll, expect, test } from "vitest";
import { describeArtifacts } from "../../../server/operations/files/find-packages.ts";
import { storePackage } from "../../../server/operations/files/store-package.ts";
import { SIGNATURE } from "../../support/files-world.ts";
import { buildPackage } from "../../support/package-archive.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";
import { sha256 } from "../../support/sync-database.ts";
import { type Fleet, makePoolFleet } from "./pool-fleet.ts";

let store: TestStore;
let fleet: Fleet;
beforeAll(async () => {
  store = await openTestStore();
  fleet = await makePoolFleet(store);
});
afterAll(() => store[Symbol.asyncDispose]());

const NONE: ReadonlySet<string> = new Set();

interface Brought {
  readonly bytes: Buffer;
  readonly filename: string;
  readonly signature?: Buffer;
}

async function bring({ bytes, filename, signature = SIGNATURE }: Brought, into: Pick<TestStore, "artifacts"> = store) {
  async function* once(): AsyncGenerator<Buffer> {
    yield bytes;
  }
  const header = { sha256: sha256(bytes), size: bytes.length, filename, signature };
  await storePackage({ ...store, ...into }, NONE, header, once());
}

async function kept(bytes: Buffer) {
  return (await describeArtifacts(store.database, [sha256(bytes)]))[0];
}

/** What xz begins with; nobody here can read on. */
const XZ = Buffer.concat([Buffer.from("fd377a585a00", "hex"), Buffer.alloc(500, 3)]);

test("a file that this program cannot read is kept only under a digest that a view gave", async () => {
  const filename = "old-1.0-1-any.pkg.tar.xz";
  await expect(bring({ bytes: XZ, filename })).rejects.toMatchObject({ reason: "ARTIFACT_CORRUPT" });
  expect(await kept(XZ)).toBeUndefined();
  await fleet.appendTarget([{ name: "old", version: "1.0-1", sha256: sha256(XZ) }]);
  await bring({ bytes: XZ, filename });
  expect(await kept(XZ)).toMatchObject({ size: XZ.length, filename });
});

test("a file whose digest a view gave must still say that it is that package", async () => {
  const { bytes, fileName: filename } = await buildPackage({ name: "app", version: "1.0-1" });
  await fleet.appendTarget([{ name: "app", version: "2.0-1", sha256: sha256(bytes) }]);
  await expect(bring({ bytes, filename })).rejects.toMatchObject({ reason: "ARTIFACT_CORRUPT" });
});

test("the view's signature wins over the one that comes with the file, and its name over the file's", async () => {
  const { bytes } = await buildPackage({ name: "lib", version: "1.0-1" });
  const digest = sha256(bytes);
  await fleet.appendTarget([{ name: "lib", version: "1.0-1", sha256: digest }]);
  const fromView = Buffer.concat([Buffer.from([0x89, 0x01]), Buffer.alloc(300, 9)]);
  await store.database.query("update target_file set signature = $2, filename = $3 where sha256 = $1", [
    digest,
    fromView.toString("base64"),
    "lib-1.0-1-any.pkg.tar.zst",
  ]);
  await bring({ bytes, filename: "whatever.pkg.tar.zst" });
  expect(await kept(bytes)).toMatchObject({ signature: fromView, filename: "lib-1.0-1-any.pkg.tar.zst" });
});

test("a disk that is nearly full takes no file", async () => {
  const { bytes, fileName: filename } = await buildPackage({ name: "tool", version: "1.0-1" });
  const full = { artifacts: { ...store.artifacts, freeBytes: () => Promise.resolve(1_000) } };
  await expect(bring({ bytes, filename }, full)).rejects.toMatchObject({ reason: "TOO_LARGE" });
  await bring({ bytes, filename });
  expect(await kept(bytes)).toBeDefined();
});
