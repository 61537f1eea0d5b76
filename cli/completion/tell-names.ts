// `pacpool completion names KIND PREFIX -- WORDS...`: one name per line, a tab, and a few words about it. Called by the shells
// while somebody types, so it is quick, silent about everything that is wrong, and always ends well.
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type Access, connectionOptions, resolveAccess } from "../connect.ts";
import { clean } from "../output/clean.ts";
import { type Environment, loadProfileFile } from "../profile.ts";
import { type NameRequest, parseNameRequest } from "./name-request.ts";
import { type Name, openNamesCache } from "./names-cache.ts";

/** With the start of Node it stays below a second. In ms. */
const ANSWER_MS = 750;
/** More would only scroll by. */
const MAX_NAMES = 2_000;

/** Never throws. */
export async function tellNames(args: readonly string[], environment: Environment, stdout: NodeJS.WriteStream) {
  const request = parseNameRequest(args);
  if (request === undefined) return;
  const names = await findNames(request, environment).catch(() => []);
  const fitting = names.filter(({ name }) => name.startsWith(request.prefix) && !/\s/.test(name));
  for (const { name, about } of fitting.slice(0, MAX_NAMES)) stdout.write(`${clean(name)}\t${clean(about)}\n`);
}

async function findNames(request: NameRequest, environment: Environment): Promise<readonly Name[]> {
  const { kind, options } = request;
  if (kind === "profile") {
    const { profiles } = loadProfileFile(options.config, environment);
    return Object.entries(profiles).map(([name, { server = "" }]) => ({ name, about: server }));
  }
  const access = resolveAccess(options, environment);
  if (access.key === undefined) return [];
  const pool = kind === "revision" ? poolOf(request, access) : undefined;
  const cache = openNamesCache(environment, cacheKey(request, access, pool), Date.now());
  const fresh = cache.fresh();
  if (fresh !== undefined) return fresh;
  const asked = await ask(request, access, pool).catch(() => undefined);
  const names = asked ?? cache.kept();
  // What nobody answered is kept too: the next Tab must not wait for it again.
  cache.put(names);
  return names;
}

async function ask(request: NameRequest, access: Access, pool: string | undefined): Promise<readonly Name[]> {
  const { kind, words } = request;
  if (kind === "profile") return [];
  const { openConnection } = await import("../../rpc/connection.ts");
  const { askNames } = await import("./ask-names.ts");
  using connection = openConnection(connectionOptions(access));
  const signal = AbortSignal.timeout(ANSWER_MS);
  const late = delay(ANSWER_MS, undefined, { ref: false }).then(() => Promise.reject(new Error("no answer in time")));
  return await Promise.race([askNames(connection, { kind, words, pool, nowMs: Date.now(), signal }), late]);
}

/** --pool of the line, the pool that is an argument before the revision, or the profile's. */
function poolOf({ pool, words }: NameRequest, { profile }: Access): string | undefined {
  const [group, verb, first] = words;
  const isArgument = group === "target" && (verb === "show" || verb === "history");
  return pool ?? (isArgument ? first : undefined) ?? profile.pool;
}

function cacheKey({ kind, words }: NameRequest, { address, key = "" }: Access, pool = ""): string {
  const verb = kind === "operation" ? words.slice(0, 2) : [];
  const whole = JSON.stringify([kind, address, key, pool, verb]);
  return `${kind}-${createHash("sha256").update(whole).digest("hex").slice(0, 24)}`;
}
