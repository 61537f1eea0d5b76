// The pages of the configuration files: a key that the programs know and that is not explained here does not compile.
import type { AgentKey } from "../../../agent/config.ts";
import type { ProfileKey } from "../../../cli/profile.ts";
import { VERSION } from "../../../cli/version.ts";
import { GLYPH_CHOICES, LOOK_ROLES, type Look, THEMES } from "../../../domain/face/look.ts";
import { STYLE_SYNTAX } from "../../../domain/face/style.ts";
import { SERVER_KEYS } from "../../../server/config.ts";
import { bold, heading, italic, item, type ManPage, prose, verbatim } from "./roff.ts";

type Keys<Key extends string> = Readonly<Record<Key, readonly [allowed: string, says: string]>>;

const SERVER: Readonly<Record<keyof typeof SERVER_KEYS, string>> = {
  listen:
    "Where agents and people reach it, over TLS. 127.0.0.1:7117 when left out; `pacpool init` writes 0.0.0.0:7117.",
  ops_listen: "Health and metrics over plain HTTP. 127.0.0.1:7118 when left out.",
  state_dir: "Its database, authority and kept files. /var/lib/pacpool for root when left out.",
  database_url: "A PostgreSQL of yours. Without it the server brings one of its own, in the state folder.",
  redis_url: "Only for several servers over one database: rings and caches, and never holds what would be missed.",
  tls_cert: "A certificate of yours. Without it the server makes an authority at its first start.",
  tls_key: "The private key of that certificate; both or none.",
  heartbeat: "How often agents say that they are there. 30 when left out.",
  log_level: "How much is logged. info when left out.",
  keep_targets: "Of how many older targets the package files stay. 3 when left out.",
  fetch_mirrors: "Whether package files are fetched from the mirrors that endpoints use. true when left out.",
  archive: "Where package files are looked for that no mirror has any more. None when left out.",
  unsigned_allowed: "Package files that may be kept and given without a signature. None when left out.",
  advertise: "What join codes say of where this server is. Found out when left out.",
};

const AGENT: Keys<AgentKey> = {
  server: ["HOST:PORT", "The server, when it is another than the one that the machine enrolled at."],
  ca: ["a PEM file", "Its authority, when it is another than the one of the enrolment."],
  key_file: ["a file", "The endpoint's key. In the environment it is PACPOOL_AGENT_KEY_FILE."],
  state_dir: ["a folder", "Identity, journal and kept files. /var/lib/pacpool for root when left out."],
  run_dir: ["a folder", "The socket and the status file. /run/pacpool for root when left out."],
  pacman_config: ["a pacman.conf", "Which root is managed. /etc/pacman.conf when left out."],
  apply: [
    "never, ask, window, shutdown or auto",
    "How far operations may change this machine. never: plans only, which is what counts on a running system when it is left out. ask: a person starts every operation. window, shutdown and auto: the server also starts what is behind by itself, in the windows, when the machine goes down, or at any time. The stricter of this and the pool's wins.",
  ],
  reboot: ["never, ask or window", "Whether the machine may be restarted when that is due. never when left out."],
  metered: ["wait or allow", "Whether files are fetched over a connection that costs. wait when left out."],
  missed_window: [
    "boot, next, shutdown or now",
    "When an operation begins whose window passed while the machine was off. shutdown when left out.",
  ],
  windows: ["a list such as Sat 02:00-04:00", "When operations may begin under apply = window. Local time."],
  reboot_command: ["a program and its arguments", "What restarts the machine. systemctl reboot when left out."],
  battery: ["percent", "On battery, below it, operations wait; 0 for never. 30 when left out."],
  archive: [
    "an http or https URL with {filename}, or {name}, {version} and {arch}",
    "Where old package files are looked for.",
  ],
  unsigned_allowed: ["a list of SHA-256 digests", "Package files that may come from others without a signature."],
  upload_rate: ["bytes a second, such as 500K or 2M", "How fast package files go to the server. 1M when left out."],
};

const PROFILE: Keys<ProfileKey> = {
  server: ["HOST:PORT", "The server."],
  ca: ["a PEM file", "Its authority, when that is not one of the system's."],
  key_file: ["a file of mode 0600", "Your key."],
  pool: ["a pool", "The pool that is meant when none is named."],
  endpoint: ["an endpoint", "The endpoint that is meant when none is named."],
  state_dir: ["a folder", "State of this machine's agent, when it is not the usual one."],
};

const LOOK: Keys<keyof Look | "themes"> = {
  theme: [
    THEMES.join(", "),
    "Colours of the screens, or the name of a theme of your own. auto asks the terminal for its background; where it does not tell, its own sixteen colours are taken. PACPOOL_TUI_THEME in the environment.",
  ],
  colors: [
    "a table of roles",
    `Styles over the theme's, in the table [tui.colors]: ${STYLE_SYNTAX}. Roles: ${LOOK_ROLES.join(", ")}.`,
  ],
  themes: [
    "a table of tables",
    "A theme of your own, as [tui.themes.NAME]: roles as above, and base, the theme below.",
  ],
  glyphs: [
    GLYPH_CHOICES.join(", "),
    "What is drawn with. auto goes by the locale and the terminal. PACPOOL_TUI_GLYPHS.",
  ],
  mouse: ["true or false", "Whether the screens take the mouse. true when left out. PACPOOL_TUI_MOUSE."],
};

export const FILE_PAGES: readonly ManPage[] = [
  filePage({
    name: "pacpool-server.toml",
    file: "/etc/pacpool/server.toml",
    summary: "how the pacpool server runs",
    about:
      "The server reads this file when it starts; `--config` or PACPOOL_SERVER_CONFIG names another. Each key may be given in the environment too, as PACPOOL_ and the key in capitals, which wins. `pacpool config check` says what is wrong.",
    keys: Object.entries(SERVER).map(([key, says]) => [key, SERVER_KEYS[key as keyof typeof SERVER], says]),
    example: ['listen = "0.0.0.0:7117"', "keep_targets = 5"],
    see: "server",
  }),
  filePage({
    name: "pacpool-agent.toml",
    file: "/etc/pacpool/agent.toml",
    summary: "what the owner of a machine allows pacpool",
    about:
      "The agent reads this file when it starts; `--config` or PACPOOL_AGENT_CONFIG names another. What is forbidden here no server can override. Each key may be given in the environment too, as PACPOOL_ and the key in capitals, which wins. Dashes in keys are as good as underscores.",
    keys: Object.entries(AGENT).map(([key, [allowed, says]]) => [key, allowed, says]),
    example: ['apply = "window"', 'windows = ["Sat 02:00-04:00", "Mon-Fri 22:00-04:00"]', 'reboot = "window"'],
    see: "agent",
  }),
  filePage({
    name: "pacpool.toml",
    file: "$XDG_CONFIG_HOME/pacpool/config.toml",
    summary: "profiles of the people who use pacpool, and how the screens look",
    about:
      "Says which servers you use and with which keys. `pacpool init` and `pacpool join` write it. `default_profile` names the profile that counts when `--profile` and PACPOOL_PROFILE name none; each profile is a table [profiles.NAME]. Options win over the environment, and that over the profile.",
    keys: [
      ...Object.entries(PROFILE).map(([key, [allowed, says]]) => [key, allowed, says] as const),
      ...Object.entries(LOOK).map(([key, [allowed, says]]) => [`tui.${key}`, allowed, says] as const),
      ["waybar.text", "a template", "what the bar shows, with fields in braces: {icon} {behind} {percent} and others"],
      ["waybar.tooltip", "a template", "what its tooltip tells; {tooltip} is what it would tell"],
      ["waybar.hide_in_sync", "true or false", "no text while all is well: WayBar hides the module then"],
    ],
    example: [
      'default_profile = "home"',
      "",
      "[profiles.home]",
      'server = "192.168.1.20:7117"',
      'key_file = "/home/anna/.config/pacpool/key"',
      "",
      "[tui]",
      'theme = "dark"',
      "",
      "[tui.colors]",
      'selected = "bold black on bright-yellow"',
    ],
    see: "config",
  }),
];

interface FileWords {
  readonly name: string;
  readonly file: string;
  readonly summary: string;
  readonly about: string;
  readonly keys: readonly (readonly [key: string, allowed: string, says: string])[];
  readonly example: readonly string[];
  readonly see: string;
}

function filePage({ name, file, summary, about, keys, example, see }: FileWords): ManPage {
  return {
    name,
    section: 5,
    summary,
    version: VERSION,
    body: [
      heading("synopsis"),
      italic(file),
      heading("description"),
      prose(about),
      heading("keys"),
      ...keys.flatMap(([key, allowed, says]) => item(`${bold(key)} = ${italic(allowed)}`, prose(says))),
      heading("example"),
      ...verbatim(example),
      heading("see also"),
      `${bold("pacpool")}(1),`,
      `${bold(`pacpool-${see}`)}(1)`,
    ],
  };
}
