// Who this machine is to its server: STATE/identity.json, readable by its owner alone. Must not know how it was got.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { readIfPresent, writeDurably } from "./durable-file.ts";

const text = z.string().check(z.minLength(1));

const IdentitySchema = z.object({
  endpointId: text,
  name: text,
  pool: z.string(),
  /** HOST:PORT. */
  server: text,
  /** PEM. */
  ca: text,
  /** ppe_... */
  key: text,
});

/** `key` is a secret: it is never logged. */
export type Identity = Readonly<z.infer<typeof IdentitySchema>>;

export function identityPath(stateDir: string): string {
  return join(stateDir, "identity.json");
}

/** The identity, or undefined when the machine is not enrolled. Throws when the file is damaged. */
export async function loadIdentity(stateDir: string): Promise<Identity | undefined> {
  const path = identityPath(stateDir);
  const text = await readIfPresent(path);
  if (text === undefined) {
    return undefined;
  }
  try {
    return IdentitySchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} is damaged; run \`pacpool agent reset\` and join again with --replace`, { cause });
  }
}

/** Written whole or not at all, 0600. */
export async function saveIdentity(stateDir: string, identity: Identity): Promise<void> {
  await writeDurably(identityPath(stateDir), `${JSON.stringify(identity, undefined, 2)}\n`, 0o600);
}

/**
 * Forgets who this machine is and what the server told it, for images and clones. Journals of operations and kept package
 * files stay: they describe the machine, not its identity. Call it with the state folder's lock held. Answers whether
 * there was an identity.
 */
export async function resetAgent(stateDir: string): Promise<boolean> {
  const had = (await readIfPresent(identityPath(stateDir))) !== undefined;
  for (const name of ["identity.json", "orders.json", "inbox.json", "target.pb", "views"]) {
    await rm(join(stateDir, name), { recursive: true, force: true });
  }
  return had;
}
