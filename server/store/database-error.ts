// Tells a database that cannot be reached from one that says no: the first is the operator's affair and worth a retry.
import { Refusal } from "../../domain/refusal.ts";

/** SQLSTATE classes 08 (connection), 53 (resources), 57P (shutdown); and what the socket says. */
const UNAVAILABLE = /^(08|53|57P)|^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|ENOTFOUND)$/;
/** What node-postgres says, without a code, of a connection that it could not get or that is gone. */
const LOST = /timeout exceeded when trying to connect|Connection terminated|is not queryable/;
const SERIALIZATION_FAILURE = "40001";
const DEADLOCK = "40P01";

/** Runs `work`; an unreachable database becomes Refusal DATABASE_UNAVAILABLE, everything else stays what it is. */
export async function databaseErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isUnavailable(error)) throw new Refusal("DATABASE_UNAVAILABLE", {}, { cause: error });
    throw error;
  }
}

/** The SQLSTATE of an error of the database, whatever wraps it; undefined for other errors. */
export function sqlStateOf(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return undefined;
}

/** Whether a unique index refused a row. */
export function isUniqueViolation(error: unknown): boolean {
  return sqlStateOf(error) === "23505";
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof Refusal) return false;
  const state = sqlStateOf(error);
  if (state === SERIALIZATION_FAILURE || state === DEADLOCK) return true;
  if (state !== undefined) return UNAVAILABLE.test(state);
  return error instanceof Error && LOST.test(error.message);
}
