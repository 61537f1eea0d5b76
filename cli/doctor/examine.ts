// What the doctor looks at, in the order in which one thing needs the other. Each look ends in a finding, never in an error.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { checkFiles } from "../commands/config.ts";
import { type Access, connectionOptions, resolveAccess } from "../connect.ts";
import { tellFailure, unwrap } from "../failure.ts";
import { askLocalAgent } from "../local-agent.ts";
import { clean } from "../output/clean.ts";
import type { Context } from "../verb.ts";
import { VERSION } from "../version.ts";

export type Verdict = "ok" | "warning" | "bad" | "skipped";

export interface Finding {
  readonly what: string;
  readonly verdict: Verdict;
  readonly detail: string;
  readonly advice: string | undefined;
}

/** The oldest Node that runs the build; package.json says the same. */
const WANTED_NODE = [24, 15] as const;

export async function* examine(context: Context): AsyncGenerator<Finding> {
  yield examineNode();
  for (const { what, file, problem } of await checkFiles(context)) {
    yield problem === undefined
      ? ok(what, file)
      : bad(what, problem, "Correct the file; `pacpool config check` looks again.");
  }
  yield examinePacman();
  yield* examineAgent(context);
  const access = tryAccess(context);
  if (access === undefined) {
    yield skipped("the server", "without a readable configuration there is no way to it");
    return;
  }
  yield examineKey(access);
  yield* examineServer(context, access);
}

function examineNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isNew = major > WANTED_NODE[0] || (major === WANTED_NODE[0] && minor >= WANTED_NODE[1]);
  const wanted = WANTED_NODE.join(".");
  return isNew ? ok("Node", process.version) : bad("Node", process.version, `pacpool needs Node ${wanted} or newer.`);
}

function examinePacman(): Finding {
  const result = spawnSync("pacman", ["--version"], { encoding: "utf8", timeout: 10_000 });
  const version = /Pacman v(\S+)/.exec(result.stdout)?.[1];
  if (version === undefined) {
    return {
      what: "pacman",
      verdict: "warning",
      detail: "not found here",
      advice: "An agent needs it; server and screens do not.",
    };
  }
  return ok("pacman", version);
}

async function* examineAgent(context: Context): AsyncGenerator<Finding> {
  try {
    const answer = await askLocalAgent(context, { do: "status" });
    const facts = (typeof answer === "object" && answer !== null ? answer : {}) as Readonly<Record<string, unknown>>;
    const word = (name: string): string => (typeof facts[name] === "string" ? clean(facts[name]) : "");
    yield ok("the agent", `answers as ${word("name")}, status ${word("status")}`);
    yield facts["online"] === true
      ? ok("its connection", "it has a stream to the server")
      : warning("its connection", word("offlineBecause"), "It tries again by itself; its log has the cause.");
    if (facts["apply"] === "never") {
      yield warning(
        "consent",
        'apply = "never": this machine is only planned for',
        'Set apply = "ask" in agent.toml to allow operations.',
      );
    }
  } catch (error) {
    const { why } = await tellFailure(error);
    yield warning("the agent", why, "On a machine of a pool: `pacpool join CODE` enrols it, `pacpool agent` runs it.");
  }
}

function examineKey(access: Access): Finding {
  if (access.key === undefined) {
    return bad(
      "the key",
      "there is none",
      "PACPOOL_KEY, PACPOOL_KEY_FILE, or key_file in a profile; an administrator makes one.",
    );
  }
  const file = access.keySource ?? "";
  if (existsSync(file) && (statSync(file).mode & 0o077) !== 0) {
    return warning("the key", `${file} can be read by others`, `chmod 600 ${file}`);
  }
  return ok("the key", `from ${file}`);
}

async function* examineServer(context: Context, access: Access): AsyncGenerator<Finding> {
  if (access.key === undefined) {
    yield skipped("the server", `${access.address} is not asked without a key`);
    return;
  }
  const { openConnection } = await import("../../rpc/connection.ts");
  using connection = openConnection(connectionOptions(access));
  const call = { signal: context.signal };
  try {
    const who = await connection.access.whoAmI({}, call);
    yield ok(
      "the server",
      `${access.address} answers, version ${clean(who.serverVersion)}, its certificate is believed`,
    );
    yield ok("who you are", clean(who.name));
    if (who.serverVersion !== VERSION) {
      yield warning(
        "versions",
        `server ${clean(who.serverVersion)}, here ${VERSION}`,
        "Bring both to the same version.",
      );
    }
  } catch (error) {
    const { why, advice } = await tellFailure(unwrap(error).error);
    yield bad("the server", `${access.address}: ${why}`, advice ?? "See the server's log.");
    return;
  }
  try {
    const { pools } = await connection.pools.listPools({}, call);
    yield ok("its database", `answers; ${String(pools.length)} pools`);
  } catch (error) {
    const { why, advice } = await tellFailure(unwrap(error).error);
    yield bad("its database", why, advice ?? "See the server's log.");
  }
}

function tryAccess(context: Context): Access | undefined {
  try {
    return resolveAccess(context.options, context.environment);
  } catch {
    return undefined;
  }
}

function ok(what: string, detail: string): Finding {
  return { what, verdict: "ok", detail, advice: undefined };
}

function warning(what: string, detail: string, advice: string): Finding {
  return { what, verdict: "warning", detail, advice };
}

function bad(what: string, detail: string, advice: string): Finding {
  return { what, verdict: "bad", detail, advice };
}

function skipped(what: string, detail: string): Finding {
  return { what, verdict: "skipped", detail, advice: undefined };
}
