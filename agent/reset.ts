// `pacpool agent reset`: for images and clones, whose copies must not all be the same endpoint.
import { readIfPresent } from "./durable-file.ts";
import { forgetIdentity, identityPath } from "./identity.ts";
import { openInstanceLock } from "./instance-lock.ts";

/** Answers whether there was an identity. Throws StateInUseError while an agent runs on the state folder. */
export async function resetAgent(stateDir: string): Promise<boolean> {
  await using _lock = await openInstanceLock(stateDir);
  const had = (await readIfPresent(identityPath(stateDir))) !== undefined;
  await forgetIdentity(stateDir);
  return had;
}
