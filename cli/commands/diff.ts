// `pacpool diff`: every package of a machine that differs from its pool's target, with a reason each. Without a server the
// machine's own agent answers.
import { waysOut } from "../../domain/drift/ways-out.ts";
import { type DriftLine, decodeDriftItem } from "../../rpc/codec/drift.ts";
import { decodeEndpoint } from "../../rpc/codec/endpoint.ts";
import { withServer } from "../connect.ts";
import { askLocalAgent, localFallback } from "../local-agent.ts";
import { driftJson, isDriftKind, printDrift } from "../output/drift.ts";
import { findThisEndpoint } from "../this-endpoint.ts";
import { type Context, verb } from "../verb.ts";

interface Found {
  readonly name: string;
  readonly isAhead: boolean;
  readonly targetRevision: number;
  readonly lines: readonly DriftLine[];
}

export const diff = verb({
  options: (yargs) =>
    yargs
      .positional("endpoint", { type: "string", describe: "name or id; this machine when left out" })
      .example("$0 diff", "this machine against its pool's target")
      .example("$0 diff borealis -o json", "another one, for a script"),
  run: async (context) => {
    const { signal, environment, options } = context;
    const fromServer = async (): Promise<void> => {
      await withServer(context, async (connection, access) => {
        const name = options.endpoint ?? (await findThisEndpoint(access, environment));
        const answer = await connection.endpoints.getDrift({ endpoint: name }, { signal });
        const endpoint = answer.endpoint === undefined ? undefined : decodeEndpoint(answer.endpoint);
        show(context, {
          name: endpoint?.name ?? name,
          isAhead: endpoint?.status === "ahead",
          targetRevision: Number(answer.targetRevision),
          lines: answer.items.map(decodeDriftItem),
        });
      });
    };
    const fromAgent = async (): Promise<void> => {
      show(context, readLocal(await askLocalAgent(context, { do: "status" })));
    };
    await (options.endpoint === undefined ? localFallback(context, fromServer, fromAgent) : fromServer());
    return undefined;
  },
});

function show({ terminal, options }: Context, { name, isAhead, targetRevision, lines }: Found): void {
  if (options.output === "json") {
    terminal.printJson(lines.map(driftJson));
    return;
  }
  printDrift(terminal, lines);
  for (const { verb: line, does } of isAhead ? waysOut({ name, status: "ahead" }) : []) {
    terminal.note(`${does}: ${line}`);
  }
  if (targetRevision === 0) terminal.note("The pool has no target yet; take one with `pacpool set-latest`.");
  else if (lines.length === 0) {
    terminal.note(`${name} has everything as target ${String(targetRevision)} wants it.`);
  }
}

/** The agent's status has its drift. Another version may leave fields out. */
function readLocal(status: unknown): Found {
  const facts = status as Readonly<Record<string, unknown>>;
  const items = Array.isArray(facts["items"]) ? (facts["items"] as readonly Readonly<Record<string, unknown>>[]) : [];
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return {
    name: text(facts["name"]),
    isAhead: facts["status"] === "ahead",
    targetRevision: typeof facts["targetRevision"] === "number" ? facts["targetRevision"] : 0,
    lines: items.flatMap(({ name, kind, installed, wanted, why }): readonly DriftLine[] => {
      const line = { name: text(name), installed: text(installed), wanted: text(wanted), why: text(why) };
      return isDriftKind(kind) ? [{ ...line, kind }] : [];
    }),
  };
}
