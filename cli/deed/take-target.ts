// Makes an endpoint's moment the newest target of its pool, and says what stood in the way when it could not.
import { randomUUID } from "node:crypto";
import { Refusal } from "../../domain/refusal.ts";
import type { Target } from "../../domain/target/target.ts";
import { decodeTarget } from "../../rpc/codec/target.ts";
import type { Connection } from "../../rpc/connection.ts";
import { EXIT } from "../exit-code.ts";
import { clean } from "../output/clean.ts";
import { printTarget, targetJson } from "../output/target.ts";
import { UsageError, VerbFailure } from "../usage-error.ts";
import type { Context } from "../verb.ts";

export interface TargetWish {
  readonly endpoint: string;
  readonly message: string;
  readonly pins: readonly string[];
  readonly pinAll: boolean;
  readonly shared: readonly string[];
  readonly evenBad: boolean;
  /** The newest revision that the caller saw. */
  readonly expected?: number | undefined;
}

/** The new target. Throws VerbFailure 4 with what differs when the source is partially upgraded. */
export async function takeTarget(context: Context, connection: Connection, wish: TargetWish): Promise<Target> {
  const { signal } = context;
  if (wish.expected !== undefined && (!Number.isSafeInteger(wish.expected) || wish.expected < 0)) {
    throw new UsageError("--expect takes a revision, a whole number from 0 on");
  }
  const request = {
    idempotencyKey: randomUUID(),
    endpoint: wish.endpoint,
    message: wish.message,
    pins: [...wish.pins],
    pinAll: wish.pinAll,
    shared: [...wish.shared],
    evenBad: wish.evenBad,
    ...(wish.expected === undefined ? {} : { expectedTargetRevision: BigInt(wish.expected) }),
  };
  const { target } = await connection.targets.setLatest(request, { signal }).catch((error: unknown) => {
    throw explain(error, wish.endpoint);
  });
  if (target === undefined) throw new Error("the server answered without a target");
  return decodeTarget(target);
}

export function tellTarget({ terminal, options }: Context, target: Target, endpoint: string): void {
  if (options.output === "json") {
    terminal.printJson(targetJson(target));
    return;
  }
  terminal.print(terminal.paint("good", `Target ${String(target.revision)} is taken from ${clean(endpoint)}.`));
  printTarget(terminal, target);
}

function explain(error: unknown, endpoint: string): unknown {
  if (!(error instanceof Refusal) || error.reason !== "SOURCE_PARTIALLY_UPGRADED") return error;
  const details = (error.metadata["details"] ?? "").split(/\n|, |; /).filter((line) => line !== "");
  const list = details.map((line) => `\n  ${line}`).join("");
  return new VerbFailure(
    EXIT.refused,
    `${endpoint} is partially upgraded: these versions are not those of its own repositories' moment:${list}`,
    {
      advice: [
        "Upgrade it fully (pacman -Syu, or `pacpool update` there) and try again,",
        "or keep what differs as it is: --pin NAME for some, --pin-all for every one.",
      ].join("\n  "),
      cause: error,
    },
  );
}
