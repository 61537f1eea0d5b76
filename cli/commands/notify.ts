// `pacpool notify`: hands over to the desktop notifications of this person's session, as far as the configuration wants any.
import { homedir } from "node:os";
import { join } from "node:path";
import { followOptions } from "../follow-bar.ts";
import { globalWords, ownCommand } from "../global-words.ts";
import { type Environment, loadProfileFile } from "../profile.ts";
import { tryThisEndpoint } from "../this-endpoint.ts";
import { verb } from "../verb.ts";

export const notify = verb({
  options: (yargs) =>
    yargs
      .option("endpoint", { type: "string", requiresArg: true, describe: "another machine, from the server" })
      .option("pool", { type: "string", requiresArg: true, describe: "a pool, from the server" })
      .option("fleet", { type: "boolean", describe: "all pools, from the server" })
      .conflicts({ endpoint: ["pool", "fleet"], pool: ["fleet"] })
      .example("systemctl --user enable --now pacpool-notify", "with every session, where there is a user manager")
      .example("$0 notify", "from the compositor's own start, where there is none")
      .epilog(
        "Off unless config.toml has [notifications] with enabled = true, or one of target, sync, done, failed, approval, reboot.",
      ),
  run: async ({ options, environment, signal, terminal }) => {
    const { NOTICE_KINDS } = await import("../../waybar/notify/notices.ts");
    const file = loadProfileFile(options.config, environment);
    const { enabled = false } = file.notifications;
    const kinds = new Set(NOTICE_KINDS.filter((kind) => file.notifications[kind] ?? enabled));
    if (kinds.size === 0) {
      terminal.note(`Notifications are off: ${file.path} has no [notifications] with enabled = true.`);
      return undefined;
    }
    const { runNotify } = await import("../../waybar/notify/run-notify.ts");
    const { endpoint, pool, fleet = false } = options;
    const following = await followOptions({ endpoint, pool, fleet }, environment, options);
    const here = endpoint ?? (await tryThisEndpoint(undefined, environment));
    const end = await runNotify({
      ...following,
      environment,
      kinds,
      basisFile: basisFile(environment, pool ?? endpoint ?? (fleet ? "*" : "")),
      signal,
      pressed: (action) => {
        const place = here === undefined ? [] : ["--endpoint", here, ...(action === "plan" ? ["--plan"] : [])];
        const words = pool === undefined ? place : ["--pool", pool];
        void open(ownCommand(["tui", ...globalWords(options), ...(fleet ? [] : words)]), environment, terminal.note);
      },
    });
    if (end === "other") terminal.note("Another pacpool of this session notifies already.");
    if (end === "no-bus") terminal.note("There is no session bus: there is no desktop to notify.");
    return undefined;
  },
});

async function open(command: readonly string[], environment: Environment, note: (line: string) => void): Promise<void> {
  const { openInTerminal } = await import("../../waybar/desk/open-screens.ts");
  await openInTerminal(command, environment).catch((error: unknown) => {
    note(error instanceof Error ? error.message : String(error));
  });
}

/** One for each scope: what was told of the fleet says nothing of this machine. */
function basisFile(environment: Environment, scope: string): string {
  const state = environment["XDG_STATE_HOME"] ?? "";
  const base = state === "" ? join(environment["HOME"] ?? homedir(), ".local/state") : state;
  return join(base, "pacpool", `told${scope === "" ? "" : `-${encodeURIComponent(scope)}`}.json`);
}
