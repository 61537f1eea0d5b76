// `pacpool package NAME`: who has which version of one package, and what the targets want of it.
import { decodePackage, type PackageEndpointView, type PackageView } from "../../rpc/codec/package.ts";
import type { Connection } from "../../rpc/connection.ts";
import { withServer } from "../connect.ts";
import { packageJson, printPackage } from "../output/package.ts";
import { verb } from "../verb.ts";

/** Endpoints that are told of; a fleet beyond it is asked pool by pool. */
const MAX_ENDPOINTS = 20_000;
const PAGE_SIZE = 2_000;
/** Ten thousand machines with sets of their own are searched in a few seconds. */
const TIMEOUT_MS = 60_000;

export const packageVerb = verb({
  options: (yargs) =>
    yargs
      .positional("name", { type: "string", demandOption: true, describe: "the package's whole name" })
      .option("pool", { type: "string", requiresArg: true, describe: "only that pool's machines" })
      .example("$0 package firefox", "its versions in the whole fleet, and who is not as the target wants it")
      .example("$0 package openssl --pool studio -o json | jq '.endpoints[].version'", "for scripts"),
  run: async (context) =>
    await withServer(context, async (connection) => {
      const { options, terminal, signal } = context;
      const found = await ask(connection, options.name, options.pool ?? "", signal);
      if (options.output === "json") terminal.printJson(packageJson(found));
      else printPackage(terminal, found);
      if (found.endpoints.length < found.total) {
        terminal.note(`Only the first ${String(found.endpoints.length)} machines are told of; name a pool.`);
      }
      return undefined;
    }),
});

async function ask(connection: Connection, name: string, pool: string, signal: AbortSignal): Promise<PackageView> {
  const options = { signal, timeoutMs: TIMEOUT_MS };
  const request = { name, pool, pageSize: PAGE_SIZE };
  const first = await connection.analyses.getPackage(request, options);
  const found = decodePackage(first);
  const endpoints: PackageEndpointView[] = [...found.endpoints];
  let pageToken = first.nextPageToken;
  while (pageToken !== "" && endpoints.length < MAX_ENDPOINTS) {
    const page = await connection.analyses.getPackage({ ...request, pageToken }, options);
    endpoints.push(...decodePackage(page).endpoints);
    pageToken = page.nextPageToken;
  }
  return { ...found, endpoints };
}
