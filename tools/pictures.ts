// Makes the README's pictures of the TUI: real screens of a scripted world in a real terminal (foot) under a real compositor,
// dark and light. The bar's pictures are bar-pictures.ts's.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Bar, openBar } from "../test/support/bar.ts";
import { eventually } from "../test/support/eventually.ts";
import { behind } from "../test/worlds/behind.ts";
import { launcher } from "../test/worlds/demo/processes.ts";
import { openStage, type Stage } from "../test/worlds/stage.ts";

const images = fileURLToPath(new URL("../docs/images/", import.meta.url));

interface Paper {
  readonly name: string;
  readonly background: string;
  readonly foreground: string;
}

const PAPERS = [
  { name: "dark", background: "1d2021", foreground: "ebdbb2" },
  { name: "light", background: "fbf1c7", foreground: "3c3836" },
] as const satisfies readonly Paper[];

interface Picture {
  readonly name: string;
  /** How the TUI begins there. */
  readonly start: readonly string[];
  /** For `wtype`, one after the other. */
  readonly keys: readonly (readonly string[])[];
  readonly papers: readonly Paper[];
  /** The step in which operations stay while it is taken. */
  readonly hold?: Stage["hold"];
}

const [dark] = PAPERS;
const PICTURES: readonly Picture[] = [
  { name: "dashboard", start: [], keys: [["j"]], papers: PAPERS },
  { name: "pool", start: ["--pool", "studio"], keys: [["j"]], papers: [dark] },
  { name: "plan", start: ["--endpoint", "borealis", "--plan"], keys: [], papers: [dark] },
  {
    name: "operation",
    start: ["--endpoint", "borealis", "--plan"],
    keys: [["s"], ["-k", "Return"]],
    papers: [dark],
    hold: "transaction",
  },
];

async function main(): Promise<void> {
  mkdirSync(images, { recursive: true });
  await using stage = await openStage();
  await behind.build(stage);
  const folder = mkdtempSync(join(tmpdir(), "pacpool-pictures-"));
  // The desktop is another user's.
  chmodSync(folder, 0o755);
  try {
    writeFileSync(join(folder, "ca.pem"), stage.server.ca, { mode: 0o644 });
    const person = {
      PACPOOL_SERVER: stage.server.address,
      PACPOOL_CA: join(folder, "ca.pem"),
      PACPOOL_KEY: stage.server.adminKey,
      PACPOOL_ENDPOINT: "atlas",
      COLORTERM: "truecolor",
    };
    for (const picture of PICTURES) {
      for (const paper of picture.papers) await take(picture, paper, stage, person);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function take(
  picture: Picture,
  { name, background, foreground }: Paper,
  stage: Stage,
  person: Readonly<Record<string, string>>,
): Promise<void> {
  stage.hold = picture.hold;
  // A bar without a line: only the desktop is wanted.
  await using desktop = await openBar({
    size: "1100x600",
    style: `window#waybar { background: #${background}; } * { min-height: 0; font-size: 1px; border: none; }`,
    module: { exec: "echo" },
    env: { NODE_COMPILE_CACHE: join(tmpdir(), "pacpool-pictures-cache") },
  });
  const options = [
    "main.font=DejaVu Sans Mono:size=11",
    "main.pad=8x8",
    `colors.background=${background}`,
    `colors.foreground=${foreground}`,
    "csd.preferred=none",
  ].flatMap((option) => ["-o", option]);
  desktop.open(["foot", ...options, launcher, "tui", ...picture.start], person);
  await eventually("the TUI to be drawn", () => isDrawn(desktop, background), 30_000);
  await settle();
  for (const key of picture.keys) {
    desktop.open(["wtype", "-s", "200", ...key]);
    await settle();
  }
  desktop.screenshot(join(images, `tui-${picture.name}-${name}.png`));
  stage.hold = undefined;
}

/** Some pixel below the first lines is not the paper's: a frame is there. */
function isDrawn(desktop: Bar, background: string): true | undefined {
  const paper = [0, 2, 4].map((at) => Number.parseInt(background.slice(at, at + 2), 16));
  const isInk = (y: number): boolean => desktop.pixel(600, y).some((part, at) => part !== paper[at] && part !== 0);
  return Array.from({ length: 12 }, (_, line) => 30 + line * 3).some(isInk) ? true : undefined;
}

/** A picture has no state to wait for: the last frame is the one that stays. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2_500));
}

await main();
