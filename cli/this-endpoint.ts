// Which endpoint is meant when none is named: the machine that the verb is typed on. Known from the environment, the
// profile, the agent's status file, its identity or its socket, in this order.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Access } from "./connect.ts";
import { EXIT } from "./exit-code.ts";
import type { Environment, Profile } from "./profile.ts";
import { VerbFailure } from "./usage-error.ts";

/** Name or id. Throws VerbFailure 2 that says how to name one. */
export async function findThisEndpoint(access: Access | undefined, environment: Environment): Promise<string> {
  const found = await tryThisEndpoint(access, environment);
  if (found !== undefined) return found;
  throw new VerbFailure(
    EXIT.usage,
    "no endpoint is named, and this machine has no agent that could say which one it is",
    {
      advice:
        "Name one (`pacpool endpoint list` has them), or make this machine one with `pacpool init` or `pacpool join CODE`.",
    },
  );
}

export async function tryThisEndpoint(
  access: Pick<Access, "profile"> | undefined,
  environment: Environment,
): Promise<string | undefined> {
  const named = environment["PACPOOL_ENDPOINT"];
  if (named !== undefined && named !== "") return named;
  for (const runDir of await agentRunDirs(access?.profile, environment)) {
    const name = nameInSummary(runDir);
    if (name !== undefined) return name;
  }
  return access?.profile.endpoint ?? (await nameInIdentity());
}

/** Where agents of this machine keep socket and status file, the person's own first. */
export async function agentRunDirs(profile: Profile | undefined, environment: Environment): Promise<readonly string[]> {
  const { defaultRunDir, defaultStateDir, ownSurroundings } = await import("../agent/paths.ts");
  const surroundings = { ...ownSurroundings(), environment };
  const stateDir = nonEmpty(environment["PACPOOL_STATE_DIR"]) ?? profile?.stateDir ?? defaultStateDir(surroundings);
  const own = nonEmpty(environment["PACPOOL_RUN_DIR"]) ?? defaultRunDir(surroundings, stateDir);
  const runtime = nonEmpty(environment["XDG_RUNTIME_DIR"]);
  const dirs = [own, ...(runtime === undefined ? [] : [join(runtime, "pacpool")]), "/run/pacpool"];
  return [...new Set(dirs)];
}

function nameInSummary(runDir: string): string | undefined {
  try {
    const summary: unknown = JSON.parse(readFileSync(join(runDir, "status.json"), "utf8"));
    const name =
      typeof summary === "object" && summary !== null && "endpoint" in summary ? summary.endpoint : undefined;
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    return undefined;
  }
}

async function nameInIdentity(): Promise<string | undefined> {
  try {
    const { loadAgentConfig } = await import("../agent/config.ts");
    const { loadIdentity } = await import("../agent/identity.ts");
    return (await loadIdentity(loadAgentConfig({}).stateDir))?.name;
  } catch {
    return undefined;
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text;
}
