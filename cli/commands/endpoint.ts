// `pacpool endpoint ...`: machines, enrolled.
import { randomUUID } from "node:crypto";
import { decodeEndpoint, type EndpointView } from "../../rpc/codec/endpoint.ts";
import type { Connection } from "../../rpc/connection.ts";
import { withServer } from "../connect.ts";
import { askConsent, requireConsentPossible } from "../consent.ts";
import { endpointJson, printEndpoint, printEndpoints, statusJson } from "../output/endpoint.ts";
import { collectPages } from "../pages.ts";
import { UsageError } from "../usage-error.ts";
import { type Context, verb } from "../verb.ts";

/** All endpoints of a pool by name; of every pool when it is empty. */
export async function listEndpoints(
  connection: Connection,
  pool: string,
  signal: AbortSignal,
): Promise<readonly EndpointView[]> {
  const wire = await collectPages(async (pageToken) => {
    const page = await connection.endpoints.listEndpoints({ pool, pageToken }, { signal });
    return { items: page.endpoints, nextPageToken: page.nextPageToken };
  });
  return wire.map(decodeEndpoint);
}

export const endpointVerbs = {
  list: verb({
    options: (yargs) =>
      yargs
        .option("pool", { type: "string", requiresArg: true, describe: "only those of this pool" })
        .example("$0 endpoint list", "all machines, their status and why")
        .example("$0 endpoint list --pool main -o json", "for a script"),
    run: async (context) =>
      await withServer(context, async (connection) => {
        const { options, terminal, signal } = context;
        const endpoints = await listEndpoints(connection, options.pool ?? "", signal);
        if (options.output === "json") terminal.printJson(endpoints.map(endpointJson));
        else if (endpoints.length === 0)
          terminal.note("No machine is enrolled yet; `pacpool token create` makes the line to type on one.");
        else printEndpoints(terminal, endpoints);
        return undefined;
      }),
  }),

  show: verb({
    options: (yargs) =>
      yargs
        .positional("endpoint", { type: "string", demandOption: true, describe: "name or id" })
        .example("$0 endpoint show borealis", ""),
    run: async (context) =>
      await withServer(context, async (connection) => {
        const { endpoint } = await connection.endpoints.getEndpoint(
          { endpoint: context.options.endpoint },
          { signal: context.signal },
        );
        return showEndpoint(context, endpoint === undefined ? undefined : decodeEndpoint(endpoint));
      }),
  }),

  move: verb({
    options: (yargs) =>
      yargs
        .positional("endpoint", { type: "string", demandOption: true, describe: "name or id" })
        .positional("pool", { type: "string", demandOption: true, describe: "name or id" })
        .example("$0 endpoint move borealis studio", "its packages stay as they are until the next sync"),
    run: async (context) =>
      await withServer(context, async (connection) => {
        const { endpoint: which, pool } = context.options;
        const request = { idempotencyKey: randomUUID(), endpoint: which, pool };
        const { endpoint } = await connection.endpoints.moveEndpoint(request, { signal: context.signal });
        return showEndpoint(context, endpoint === undefined ? undefined : decodeEndpoint(endpoint));
      }),
  }),

  label: verb({
    repeatable: ["set", "clear"],
    options: (yargs) =>
      yargs
        .positional("endpoint", { type: "string", demandOption: true, describe: "name or id" })
        .option("set", {
          type: "string",
          array: true,
          default: [] as string[],
          requiresArg: true,
          describe: "NAME=VALUE",
        })
        .option("clear", { type: "string", array: true, default: [] as string[], requiresArg: true, describe: "NAME" })
        .example("$0 endpoint label borealis --set room=upstairs --set kind=desk", "")
        .example("$0 endpoint label borealis --clear room", ""),
    run: async (context) => {
      const { endpoint: which, set, clear } = context.options;
      if (set.length === 0 && clear.length === 0)
        throw new UsageError("say which labels: --set NAME=VALUE or --clear NAME");
      const labels = Object.fromEntries(set.map(parseLabel));
      return await withServer(context, async (connection) => {
        const request = { idempotencyKey: randomUUID(), endpoint: which, set: labels, clear };
        const { endpoint } = await connection.endpoints.labelEndpoint(request, { signal: context.signal });
        return showEndpoint(context, endpoint === undefined ? undefined : decodeEndpoint(endpoint));
      });
    },
  }),

  remove: verb({
    options: (yargs) =>
      yargs
        .positional("endpoint", { type: "string", demandOption: true, describe: "name or id" })
        .option("yes", { type: "boolean", alias: "y", default: false, describe: "do not ask" })
        .example("$0 endpoint remove borealis", "its identity ends; its packages stay"),
    run: async (context) => {
      const { endpoint, yes } = context.options;
      requireConsentPossible(context, yes);
      return await withServer(context, async (connection) => {
        if (!(await askConsent(context, yes, `Forget ${endpoint}? It has to join again to come back.`)))
          return undefined;
        const request = { idempotencyKey: randomUUID(), endpoint };
        await connection.endpoints.removeEndpoint(request, { signal: context.signal });
        context.terminal.note(
          `Endpoint ${endpoint} is gone. On the machine itself \`pacpool agent reset\` forgets the identity.`,
        );
        return undefined;
      });
    },
  }),
} as const;

function parseLabel(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`the label "${text.slice(0, 80)}" is not NAME=VALUE`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function showEndpoint({ options, terminal }: Context, endpoint: EndpointView | undefined): undefined {
  if (endpoint === undefined) throw new Error("the server answered without an endpoint");
  if (options.output === "json") terminal.printJson(statusJson(endpoint));
  else printEndpoint(terminal, endpoint);
  return undefined;
}
