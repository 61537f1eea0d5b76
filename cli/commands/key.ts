// `pacpool key ...`: keys of people and scripts. A secret is shown once.
import { randomUUID } from "node:crypto";
import { decodeKey, encodeRole } from "../../rpc/codec/access.ts";
import { withServer } from "../connect.ts";
import { clean } from "../output/clean.ts";
import { keyJson, printKeys } from "../output/key.ts";
import { verb } from "../verb.ts";

export const keyVerbs = {
  create: verb({
    options: (yargs) =>
      yargs
        .option("name", { type: "string", demandOption: true, requiresArg: true, describe: "whose it is" })
        .option("role", {
          choices: ["viewer", "operator", "administrator"] as const,
          default: "operator" as const,
          describe: "viewer reads, operator runs deeds, administrator makes keys and tokens",
        })
        .example("$0 key create --name anna", "prints the key; put it into PACPOOL_KEY or a file of mode 0600")
        .example("$0 key create --name bar --role viewer -o json", ""),
    run: async (context) =>
      await withServer(context, async (connection) => {
        const { options, terminal, signal } = context;
        const request = { idempotencyKey: randomUUID(), name: options.name, role: encodeRole(options.role) };
        const { key, secret } = await connection.access.createKey(request, { signal });
        if (key === undefined) throw new Error("the server answered without a key");
        if (options.output === "json") {
          terminal.printJson({ ...keyJson(decodeKey(key)), secret });
          return undefined;
        }
        terminal.note(`The key of ${options.name} (${options.role}). It is shown this once:`);
        terminal.print(clean(secret));
        return undefined;
      }),
  }),

  list: verb({
    options: (yargs) => yargs.example("$0 key list", "who has a key, and when it was last used"),
    run: async (context) =>
      await withServer(context, async (connection) => {
        const { keys } = await connection.access.listKeys({}, { signal: context.signal });
        const shown = keys.map(decodeKey);
        if (context.options.output === "json") context.terminal.printJson(shown.map(keyJson));
        else printKeys(context.terminal, shown);
        return undefined;
      }),
  }),

  revoke: verb({
    options: (yargs) =>
      yargs
        .positional("id", { type: "string", demandOption: true, describe: "as `pacpool key list` shows it" })
        .example("$0 key revoke 7c1d", "it stops working at once"),
    run: async (context) =>
      await withServer(context, async (connection) => {
        const { id } = context.options;
        await connection.access.revokeKey({ idempotencyKey: randomUUID(), id }, { signal: context.signal });
        context.terminal.note(`Key ${id} no longer opens anything.`);
        return undefined;
      }),
  }),
} as const;
