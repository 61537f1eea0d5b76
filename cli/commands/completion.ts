// `pacpool completion`: prints the script of a shell. The names that the scripts ask for are completion/tell-names.ts's.
import { SHELLS, type Shell } from "../completion/shells.ts";
import { verb } from "../verb.ts";

export const completion = verb({
  options: (yargs) =>
    yargs
      .positional("shell", { choices: SHELLS, describe: "that of $SHELL when left out" })
      .example("source <($0 completion bash)", "in ~/.bashrc, for you alone; zsh likewise in ~/.zshrc after compinit")
      .example("$0 completion fish > ~/.config/fish/completions/pacpool.fish", ""),
  run: async ({ options, environment, terminal }) => {
    const { readPages } = await import("../help/verb-page.ts");
    const { spotsOf } = await import("../completion/spots.ts");
    const script = await scriptOf(options.shell ?? ownShell(environment["SHELL"]));
    terminal.print(script(spotsOf(await readPages())).trimEnd());
    return undefined;
  },
});

async function scriptOf(shell: Shell) {
  switch (shell) {
    case "bash":
      return (await import("../completion/bash.ts")).bashScript;
    case "zsh":
      return (await import("../completion/zsh.ts")).zshScript;
    case "fish":
      return (await import("../completion/fish.ts")).fishScript;
  }
}

/** bash's for shells that read what bash reads, or nothing. */
function ownShell(program = ""): Shell {
  const name = program.slice(program.lastIndexOf("/") + 1);
  return SHELLS.find((one) => one === name) ?? "bash";
}
