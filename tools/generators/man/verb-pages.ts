// pacpool(1) and a page per verb, from the very pages that --help shows.
import { endsOf } from "../../../cli/help/ends.ts";
import type { OptionWords } from "../../../cli/help/record-options.ts";
import { valueWord } from "../../../cli/help/value-word.ts";
import { globalOptionWords, type Page, type VerbPage } from "../../../cli/help/verb-page.ts";
import { VERSION } from "../../../cli/version.ts";
import { bold, heading, italic, item, type ManPage, prose, roff, sentence, subheading, verbatim } from "./roff.ts";

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ["PACPOOL_SERVER", "HOST:PORT of the server, instead of the profile's."],
  ["PACPOOL_CA", "PEM file of the server's authority."],
  ["PACPOOL_KEY, PACPOOL_KEY_FILE", "Your key, or a file that holds it."],
  ["PACPOOL_CONFIG, PACPOOL_PROFILE", "Your configuration file, and the profile of it."],
  ["PACPOOL_ENDPOINT", "The endpoint that is meant when none is named."],
  ["NO_COLOR", "No colour when it is set to anything."],
];

const FILES: readonly (readonly [string, string])[] = [
  ["$XDG_CONFIG_HOME/pacpool/config.toml", "Your profiles: pacpool.toml(5)."],
  ["/etc/pacpool/agent.toml", "What the machine's owner allows: pacpool-agent.toml(5)."],
  ["/etc/pacpool/server.toml", "How the server runs: pacpool-server.toml(5)."],
  ["/var/lib/pacpool", "State of server and agent."],
  ["/run/pacpool", "The agent's socket and status file."],
];

export function programPage(pages: readonly Page[]): ManPage {
  return {
    name: "pacpool",
    section: 1,
    summary: "keep Arch machines on the same package versions",
    version: VERSION,
    body: [
      heading("synopsis"),
      `${bold("pacpool")} [${italic("verb")}] [${italic("options")}]`,
      heading("description"),
      prose(
        "pacpool takes one machine's state as the target of a pool; the other machines move to it, or back, in one pacman transaction each, and prove it afterwards. Alone in a terminal it opens the screens.",
      ),
      ".PP",
      prose("Every verb has a page: `man pacpool-sync` is of `pacpool sync`, and `pacpool help sync` says the same."),
      heading("verbs"),
      ...pages.flatMap(({ path, summary }) => item(bold(path.join(" ")), sentence(summary))),
      heading("options of every verb"),
      ...globalOptionWords().flatMap(optionItem),
      heading("exit status"),
      ...[
        ["0", "done"],
        ["1", "failed; for a deed also degraded"],
        ["2", "wrong usage or configuration"],
        ["3", "no server, no agent, or no answer in time"],
        ["4", "a conflict, or a refusal with its reason"],
        ["5", "no key, or one that may not"],
      ].flatMap(([code = "", meaning = ""]) => item(bold(code), sentence(meaning))),
      heading("environment"),
      ...ENVIRONMENT.flatMap(([name, meaning]) => item(bold(name), prose(meaning))),
      heading("files"),
      ...FILES.flatMap(([name, meaning]) => item(italic(name), prose(meaning))),
      ...seeAlso([...pages.map(({ path }) => path.join(" ")), "pacman(8)", "pacpool.toml(5)"], ""),
    ],
  };
}

export function verbPage(page: Page): ManPage {
  const verbs = page.kind === "verb" ? [page] : [...(page.alone === undefined ? [] : [page.alone]), ...page.verbs];
  const isLone = verbs.length === 1;
  const see = [...new Set(verbs.flatMap(({ about }) => about.see))];
  return {
    name: `pacpool-${page.path.join("-")}`,
    section: 1,
    summary: page.summary,
    version: VERSION,
    body: [
      heading("synopsis"),
      ...verbs.flatMap((verb, at) => [...(at === 0 ? [] : [".br"]), synopsis(verb)]),
      heading("description"),
      ...verbs.flatMap((verb) => [...(isLone ? [] : [subheading(titleOf(verb))]), ...description(verb)]),
      ".PP",
      "The options of every verb are in",
      `${bold("pacpool")}(1).`,
      ...seeAlso(see, page.path.join(" ")),
    ],
  };
}

function titleOf({ path }: VerbPage): string {
  return `pacpool ${path.join(" ")}`;
}

function synopsis({ path, arguments: words }: VerbPage): string {
  const shown = words.map(({ name, isRequired, isMany }) => {
    const word = `${italic(name)}${isMany ? " ..." : ""}`;
    return isRequired ? word : `[${word}]`;
  });
  return [bold(`pacpool ${path.join(" ")}`), ...shown, `[${italic("options")}]`].join(" ");
}

function description(verb: VerbPage): readonly string[] {
  const { about, notes, summary, options, examples } = verb;
  const paragraphs = [about.says === "" ? summary : about.says, ...notes];
  return [
    ...paragraphs.flatMap((text) => [".PP", sentence(text)]),
    ...verb.arguments.flatMap(({ name, describe, choices }) =>
      describe === "" ? [] : item(italic(name), sentence([describe, choices.join(", ")].filter(Boolean).join(": "))),
    ),
    ...options.flatMap(optionItem),
    ...(examples.length === 0 ? [] : [".PP", "Examples:"]),
    ...examples.flatMap(([command, does]) => [
      ...verbatim([command.replaceAll("$0", "pacpool")]),
      ...(does === "" ? [] : [".RS 8", sentence(does), ".RE"]),
    ]),
    ".PP",
    "Exit status:",
    ...endsOf(about.ends).flatMap(([code, meaning]) => item(bold(String(code)), sentence(meaning))),
  ];
}

function optionItem(option: OptionWords): readonly string[] {
  const value = valueWord(option);
  const names = [...(option.alias === undefined ? [] : [`-${option.alias}`]), `--${option.name}`].map(bold).join(", ");
  const shown = value === "" ? names : `${names} ${value.includes("|") ? roff(value) : italic(value)}`;
  const rest = option.default === undefined ? "" : prose(`When left out: ${option.default}.`);
  return item(shown, sentence(option.describe), rest);
}

/** Verbs are pages of their first word; `own` is the page that it stands on. */
function seeAlso(see: readonly string[], own: string): readonly string[] {
  const pages = see.map((one) => (one.endsWith(")") ? one : `pacpool-${one.split(" ")[0] ?? ""}(1)`));
  const others = [...new Set(["pacpool(1)", ...pages])].filter((one) => one !== `pacpool-${own}(1)` && one !== "(1)");
  const shown = others.filter((one) => own !== "" || one !== "pacpool(1)");
  return [
    heading("see also"),
    ...shown.map((one, at) => {
      const [name = "", section = ""] = one.split("(");
      return `${bold(name)}(${section}${at === shown.length - 1 ? "" : ","}`;
    }),
  ];
}
