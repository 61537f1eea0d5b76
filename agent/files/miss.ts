// Why one source did not give one file. Told per source in refusals; the fault decides what else the source is asked for.

/**
 * `absent`: it answered and does not have it. `broken`: it answered wrongly or not at all. `cut`: the connection ended after
 * it gave something. `slow`: it stalled after it gave something, or gives less than the floor. `unfit`: what it has must not
 * be used on this machine. Of a source that was cut or slow more may come, when nobody else has the file.
 */
export type Fault = "absent" | "broken" | "cut" | "slow" | "unfit";

export class Miss extends Error {
  override readonly name = "Miss";
  readonly fault: Fault;

  constructor(fault: Fault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** Anything else that a source throws (a refused connection, a broken TLS handshake) is its breakage. */
export function asMiss(cause: unknown): Miss {
  return cause instanceof Miss ? cause : new Miss("broken", reasonOf(cause), { cause });
}

/** This machine cannot store what comes: nobody who gives files is to blame, and asking another would not help. */
export function isOwnDisk(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && ["ENOSPC", "EDQUOT", "EROFS"].includes(String(cause.code));
}

/** fetch says "fetch failed" and keeps what happened in its cause. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const isWrapper = cause.message === "fetch failed" || cause.message === "terminated";
  return isWrapper && cause.cause instanceof Error ? reasonOf(cause.cause) : cause.message;
}
