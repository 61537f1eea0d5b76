// Prints server/store/schema.sql: the schema that the migrations make, read back from a real database.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeSchema } from "../../server/store/describe-schema.ts";
import { openStore } from "../../server/store/store.ts";

const stateDir = mkdtempSync(join(tmpdir(), "pacpool-schema-"));
try {
  await using store = await openStore({ stateDir });
  process.stdout.write(
    `-- Made by make generate from the migrations; for reading only.\n\n${await describeSchema(store.database)}`,
  );
} finally {
  rmSync(stateDir, { recursive: true, force: true });
}
