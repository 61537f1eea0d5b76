// What stands for a value in help and man pages, and with it what completion offers there: one table for both.
import type { OptionWords } from "./record-options.ts";

export type ValueWord =
  | "ENDPOINT"
  | "POOL"
  | "REVISION"
  | "OPERATION"
  | "PROFILE"
  | "LABEL"
  | "KEY"
  | "PACKAGE"
  | "FILE"
  | "FOLDER"
  | "HOST:PORT"
  | "SECONDS"
  | "NAME"
  | "TEXT"
  | "N"
  | "CODE"
  | "SHELL"
  | "VALUE";

const OPTIONS: Readonly<Record<string, ValueWord>> = {
  server: "HOST:PORT",
  listen: "HOST:PORT",
  "ops-listen": "HOST:PORT",
  ca: "FILE",
  config: "FILE",
  "server-config": "FILE",
  "agent-config": "FILE",
  "pacman-config": "FILE",
  "state-dir": "FOLDER",
  "run-dir": "FOLDER",
  root: "FOLDER",
  profile: "PROFILE",
  timeout: "SECONDS",
  endpoint: "ENDPOINT",
  replace: "ENDPOINT",
  pool: "POOL",
  to: "REVISION",
  revision: "REVISION",
  expect: "REVISION",
  operation: "OPERATION",
  label: "LABEL",
  set: "LABEL",
  clear: "NAME",
  pin: "PACKAGE",
  shared: "PACKAGE",
  name: "NAME",
  message: "TEXT",
  description: "TEXT",
};

/** Of an option; "" for a flag. Choices are their own words. */
export function valueWord({ name, takes, choices }: OptionWords): string {
  if (takes === "flag") return "";
  if (choices.length > 0 && choices.join("|").length <= MAX_CHOICES) return choices.join("|");
  return OPTIONS[name] ?? (takes === "number" ? "N" : "VALUE");
}

/** Columns; longer lists stand below the option. */
const MAX_CHOICES = 40;

const ARGUMENTS: Readonly<Record<string, ValueWord>> = {
  endpoint: "ENDPOINT",
  pool: "POOL",
  revision: "REVISION",
  from: "REVISION",
  to: "REVISION",
  pattern: "PACKAGE",
  package: "PACKAGE",
  code: "CODE",
  shell: "SHELL",
};

/** Of an argument of a verb: an id is one of what the verb is about. */
export function argumentWord(path: readonly string[], name: string): ValueWord {
  if (name === "id") return path[0] === "key" ? "KEY" : "OPERATION";
  return ARGUMENTS[name] ?? "VALUE";
}
