// A world of `make play` with a person in front of it: each terminal that is opened is a new start of the TUI on the same
// server.
import type { Terminal } from "../support/terminal.ts";
import { openStage, type Stage, type World } from "../worlds/stage.ts";
import { openTui, type TuiSetup } from "./open-tui.ts";

export interface PlayedWorld extends AsyncDisposable {
  readonly stage: Stage;
  readonly open: (setup?: Omit<TuiSetup, "server">) => Terminal;
}

/** What journeys are told at: the smallest that is promised, and a large one. */
export const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 132, rows: 43 },
] as const;

export async function openWorld(world: World): Promise<PlayedWorld> {
  await using opening = new AsyncDisposableStack();
  const stage = opening.use(await openStage());
  const adminKey = (await world.build(stage)) ?? stage.server.adminKey;
  const server = { address: stage.server.address, ca: stage.server.ca, adminKey };
  const here = world.here === undefined ? {} : { endpoint: world.here };
  const kept = opening.move();
  return {
    stage,
    open: (setup = {}) => openTui({ ...here, ...setup, server }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Does something by its name. An endpoint is offered with its status once it is known; Enter before that asks for more. */
export async function command(tui: Terminal, words: string): Promise<void> {
  tui.type(`:${words}`);
  await tui.until(`:${words}▏`);
  if (words.startsWith("endpoint ")) await tui.until(new RegExp(`› ${words} +\\S`, "u"));
  tui.press("enter");
  await tui.untilGone("Enter do it");
}
