// The options that every verb takes, and the environment variables that stand in for them. Values are strings as typed;
// profile.ts and connect.ts decide what they mean together.
import type { Argv } from "yargs";
import { UsageError } from "./usage-error.ts";

export interface GlobalOptions {
  readonly server: string | undefined;
  readonly ca: string | undefined;
  /** The person's own configuration file; `server` and `agent` read it as theirs. */
  readonly config: string | undefined;
  readonly profile: string | undefined;
  readonly output: "table" | "json";
  /** Seconds for the whole verb; undefined means each call's own limit. */
  readonly timeout: number | undefined;
  /** False with --no-color. */
  readonly color: boolean;
  readonly verbose: boolean;
}

const GROUP = "For every verb:";

export function withGlobalOptions(yargs: Argv): Argv<GlobalOptions> {
  return yargs
    .option("server", {
      type: "string",
      group: GROUP,
      requiresArg: true,
      describe: "where the server is (PACPOOL_SERVER)",
    })
    .option("ca", {
      type: "string",
      group: GROUP,
      requiresArg: true,
      describe: "PEM file of the server's authority (PACPOOL_CA)",
    })
    .option("config", {
      type: "string",
      group: GROUP,
      requiresArg: true,
      describe: "configuration file (PACPOOL_CONFIG)",
    })
    .option("profile", {
      type: "string",
      group: GROUP,
      requiresArg: true,
      describe: "profile of that file (PACPOOL_PROFILE)",
    })
    .option("output", {
      alias: "o",
      choices: ["table", "json"] as const,
      default: "table" as const,
      group: GROUP,
      requiresArg: true,
      describe: "for people or for machines",
    })
    .option("timeout", {
      type: "number",
      group: GROUP,
      requiresArg: true,
      describe: "give up after that many seconds",
    })
    .option("color", { type: "boolean", default: true, hidden: true })
    .option("no-color", { group: GROUP, describe: "plain text (NO_COLOR)" })
    .option("verbose", { type: "boolean", default: false, group: GROUP, describe: "show causes and stacks of errors" })
    .check(({ timeout }) => {
      if (timeout !== undefined && !(timeout > 0 && timeout <= 86_400)) {
        throw new UsageError("--timeout takes a number of seconds, above 0 and at most 86400");
      }
      return true;
    }) as Argv<GlobalOptions>;
}
