// The one logger of the processes at both ends: JSON lines on stderr, plain lines when a person reads them on a terminal.
// Secrets are cut here. It must not know what is logged.
import { Writable } from "node:stream";
import { destination, type Logger, pino } from "pino";

export type { Logger };

const SECRETS = ["key", "token", "secret", "authorization"];
/** Addresses that may hold a password. */
const ADDRESSES = ["databaseUrl", "redisUrl"];
const REDACTED = [...SECRETS, ...ADDRESSES, ...SECRETS.map((name) => `*.${name}`)];
/** Fields of every line that say nothing to a person. */
const QUIET_FIELDS: ReadonlySet<string> = new Set(["level", "time", "msg", "pid", "hostname", "name", "err"]);

export interface LogOptions {
  /** Of the process, for example "pacpool-agent". */
  readonly name: string;
  readonly level: string;
  /** Standard error is one. */
  readonly isTerminal: boolean;
}

export function openLog({ name, level, isTerminal }: LogOptions): Logger {
  const options = { name, level, redact: { paths: REDACTED, censor: "[cut]" } };
  // Written at once: the last lines before a crash are the ones that matter, and both processes log little.
  return isTerminal ? pino(options, plainLines()) : pino(options, destination({ fd: 2, sync: true }));
}

function plainLines(): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done): void {
      process.stderr.write(`${plainLine(chunk.toString())}\n`);
      done();
    },
  });
}

/** One line for a person from one JSON line: time, level, phrase, fields, and the message of an error. */
export function plainLine(json: string): string {
  const entry = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const time = new Date(Number(entry["time"])).toISOString().slice(11, 19);
  const level = pino.levels.labels[Number(entry["level"])] ?? "log";
  const fields = Object.entries(entry)
    .filter(([name]) => !QUIET_FIELDS.has(name))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const error = entry["err"];
  const why = typeof error === "object" && error !== null && "message" in error ? [String(error.message)] : [];
  return [time, level.padEnd(5), String(entry["msg"]), ...fields, ...why].join(" ");
}
