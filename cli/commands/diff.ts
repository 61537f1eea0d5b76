// `pacpool diff`: every package of a machine that differs from its pool's target, with a reason each.
import { waysOut } from "../../domain/drift/ways-out.ts";
import { decodeDriftItem } from "../../rpc/codec/drift.ts";
import { decodeEndpoint } from "../../rpc/codec/endpoint.ts";
import { withServer } from "../connect.ts";
import { driftJson, printDrift } from "../output/drift.ts";
import { findThisEndpoint } from "../this-endpoint.ts";
import { verb } from "../verb.ts";

export const diff = verb({
  options: (yargs) =>
    yargs
      .positional("endpoint", { type: "string", describe: "name or id; this machine when left out" })
      .example("$0 diff", "this machine against its pool's target")
      .example("$0 diff borealis -o json", "another one, for a script"),
  run: async (context) =>
    await withServer(context, async (connection, access) => {
      const { terminal, signal, environment, options } = context;
      const name = options.endpoint ?? (await findThisEndpoint(access, environment));
      const answer = await connection.endpoints.getDrift({ endpoint: name }, { signal });
      const lines = answer.items.map(decodeDriftItem);
      if (options.output === "json") {
        terminal.printJson(lines.map(driftJson));
        return undefined;
      }
      printDrift(terminal, lines);
      const found = answer.endpoint === undefined ? undefined : decodeEndpoint(answer.endpoint);
      for (const { verb: line, does } of found === undefined ? [] : waysOut(found)) terminal.note(`${does}: ${line}`);
      const revision = Number(answer.targetRevision);
      if (revision === 0) terminal.note("The pool has no target yet; take one with `pacpool set-latest`.");
      else if (lines.length === 0) {
        terminal.note(`${found?.name ?? name} has everything as target ${String(revision)} wants it.`);
      }
      return undefined;
    }),
});
