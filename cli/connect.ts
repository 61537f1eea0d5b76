// From options, environment and profile to a connection. Options win over the environment, that over the profile.
import { readFileSync } from "node:fs";
import type { Connection, ConnectionOptions } from "../rpc/connection.ts";
import { EXIT } from "./exit-code.ts";
import type { GlobalOptions } from "./options.ts";
import { chooseProfile, type Environment, loadProfileFile, type Profile } from "./profile.ts";
import { UsageError, VerbFailure } from "./usage-error.ts";
import type { Context } from "./verb.ts";
import { VERSION } from "./version.ts";

const DEFAULT_SERVER = "127.0.0.1:7117";

/** What is known of the way to the server, before anything is opened. */
export interface Access {
  readonly address: string;
  /** Something named the server; otherwise the address is only the usual one. */
  readonly isNamed: boolean;
  /** PEM; the system's own authorities when nothing is named. */
  readonly ca: string;
  readonly caFile: string | undefined;
  readonly key: string | undefined;
  /** Where the key came from, for people. */
  readonly keySource: string | undefined;
  readonly profile: Profile;
  readonly profileName: string;
}

/** Reads what is named. Throws UsageError for a file that cannot be read or an address that is none. */
export function resolveAccess(options: GlobalOptions, environment: Environment): Access {
  const file = loadProfileFile(options.config, environment);
  const named = options.profile ?? value(environment, "PACPOOL_PROFILE");
  const { name: profileName, profile } = chooseProfile(file, named);
  const server = options.server ?? value(environment, "PACPOOL_SERVER") ?? profile.server;
  const address = checkAddress(server ?? DEFAULT_SERVER);
  const caFile = options.ca ?? value(environment, "PACPOOL_CA") ?? profile.ca;
  const pem = caFile === undefined ? undefined : readNamed(caFile, "the authority", "--ca or PACPOOL_CA");
  const key = findKey(environment, profile);
  return {
    address,
    isNamed: server !== undefined,
    get ca() {
      return pem ?? systemAuthorities();
    },
    caFile,
    key: key?.text,
    keySource: key?.source,
    profile,
    profileName,
  };
}

/** Opens the connection of a verb. Without a key there is no point in asking: exits with 5 before. */
export async function withServer<Result>(
  context: Context,
  act: (connection: Connection, access: Access) => Promise<Result>,
): Promise<Result> {
  const access = resolveAccess(context.options, context.environment);
  const options = connectionOptions(access);
  const { openConnection } = await import("../rpc/connection.ts");
  using connection = openConnection(options);
  return await act(connection, access);
}

/** Throws VerbFailure 5 when there is no key. */
export function connectionOptions(access: Access): ConnectionOptions {
  if (access.key === undefined && !access.isNamed) {
    throw new VerbFailure(EXIT.permission, "pacpool is not set up for you here: no profile names a server or a key", {
      advice:
        "Run `pacpool init` on the first machine and `pacpool join CODE` on the others, or name a server by --server and a key by PACPOOL_KEY.",
    });
  }
  if (access.key === undefined) {
    throw new VerbFailure(EXIT.permission, `no key for the server at ${access.address}`, {
      advice:
        "Give one by PACPOOL_KEY, PACPOOL_KEY_FILE or key_file in a profile; an administrator makes one with `pacpool key create`.",
    });
  }
  return { address: access.address, ca: access.ca, key: access.key, userAgent: `pacpool-cli/${VERSION}` };
}

/** Loading TLS takes as long as Node itself, and most machines name their own authority. */
function systemAuthorities(): string {
  return process.getBuiltinModule("node:tls").rootCertificates.join("\n");
}

function findKey(
  environment: Environment,
  profile: Profile,
): { readonly text: string; readonly source: string } | undefined {
  const text = value(environment, "PACPOOL_KEY");
  if (text !== undefined) return { text: checkKey(text, "PACPOOL_KEY"), source: "PACPOOL_KEY" };
  const named = value(environment, "PACPOOL_KEY_FILE");
  const file = named ?? profile.keyFile;
  if (file === undefined) return undefined;
  const how = named === undefined ? "key_file of the profile" : "PACPOOL_KEY_FILE";
  const content = readNamed(file, "the key", how).trim();
  return { text: checkKey(content, file), source: file };
}

/** A key with a line break or control character in it could not even be sent. What it says is the server's to judge. */
function checkKey(text: string, source: string): string {
  if (!/^[\x21-\x7e]{1,512}$/.test(text.trim())) {
    throw new VerbFailure(EXIT.permission, `${source} does not hold a key`, {
      advice: "A key is one word that starts with ppk_.",
    });
  }
  return text.trim();
}

function readNamed(path: string, what: string, how: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const exitCode =
      cause instanceof Error && "code" in cause && cause.code === "EACCES" ? EXIT.permission : EXIT.usage;
    throw new VerbFailure(exitCode, `reading ${what} from ${path} failed: ${why}`, {
      advice: `It is named by ${how}.`,
      cause,
    });
  }
}

function checkAddress(text: string): string {
  const match = /^(?:\[[0-9a-fA-F:.]+\]|[^\s:/]+):(\d{1,5})$/.exec(text);
  if (match === null || Number(match[1]) > 65_535) {
    throw new UsageError(`the server "${text.slice(0, 80)}" is not HOST:PORT (an IPv6 address in brackets)`);
  }
  return text;
}

function value(environment: Environment, name: string): string | undefined {
  const text = environment[name];
  return text === undefined || text === "" ? undefined : text;
}
