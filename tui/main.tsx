// The TUI's process: wires store, feed and screens to a terminal, and leaves the terminal as it was, however it ends.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setInterval as ticks } from "node:timers/promises";
import { render } from "ink";
import type { ReactNode } from "react";
import type { Look } from "../domain/face/look.ts";
import { isFinished } from "../domain/operation/lifecycle.ts";
import { type ConnectionOptions, openConnection } from "../rpc/connection.ts";
import { App, type Terminal } from "./app.tsx";
import { StandIns } from "./components/stand-in.ts";
import { rememberDrawnRows } from "./drawn-rows.ts";
import type { Deed } from "./store/deed.ts";
import { followServer } from "./store/feed.ts";
import { isSilent } from "./store/freshness.ts";
import { loadNeeds } from "./store/load-needs.ts";
import type { Effect } from "./store/outcome.ts";
import { type DeedOptions, findOperation, performDeed, say } from "./store/perform-deed.ts";
import { planPool, startMany } from "./store/pool-sync.ts";
import { createSelect } from "./store/select.ts";
import { sentenceOf } from "./store/sentence.ts";
import { type Server, serverOver } from "./store/server.ts";
import { type StartPlace, startAt } from "./store/start-place.ts";
import { initialState, type State } from "./store/state.ts";
import { createStore, type Store } from "./store/store.ts";
import { type TakeOutOptions, type TakingOut, takeOut } from "./take-out.ts";
import { endOn } from "./terminal/ends.ts";
import { lendInput } from "./terminal/lent-input.ts";
import { openMouse } from "./terminal/mouse.ts";
import { openThemes } from "./terminal/open-themes.ts";
import { type Lend, Suspension, suspend } from "./terminal/suspension.tsx";
import type { Theme } from "./theme.ts";

export interface TuiOptions {
  /** Undefined when nothing is set up: the screen then says how to begin. */
  readonly connection: ConnectionOptions | undefined;
  /** The profile of the configuration that the connection is of, and all that there are. */
  readonly profile?: string | undefined;
  readonly profiles?: readonly string[] | undefined;
  /** The connection of another profile. Throws an error whose sentence is for people. */
  readonly openProfile?: ((name: string) => Promise<ProfileConnection>) | undefined;
  /** Answers instead of the connection's. */
  readonly server?: Server | undefined;
  /** Name or id of the endpoint that this machine is. */
  readonly endpointName?: string | undefined;
  /** Where to begin; home when absent. */
  readonly start?: StartPlace | undefined;
  /** Ends the TUI. */
  readonly signal?: AbortSignal | undefined;
  /** False: no colour, whatever the terminal could show. */
  readonly hasColour?: boolean;
  /** Theme, colours, glyphs and mouse as the person wants them. */
  readonly look?: Look | undefined;
  /**
   * Runs the update of this machine in the terminal that it is lent, and answers with its exit code. Absent: the key says
   * that `pacpool update` does it.
   */
  readonly runUpdate?: (() => Promise<number>) | undefined;
}

export interface ProfileConnection {
  readonly connection: ConnectionOptions;
  /** Name or id of the endpoint that this machine is there. */
  readonly endpointName: string | undefined;
}

const EXIT_USAGE = 2;
/** Ages on the screen are to the second only while the server is gone or something runs. */
const TICK_MS = 1_000;
const IDLE_TICKS = 15;

/** Runs until the person quits. Answers with the exit code; 2 without a terminal. */
export async function runTui(options: TuiOptions): Promise<number> {
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) {
    process.stderr.write("pacpool tui: it needs a terminal. For scripts there is pacpool status -o json\n");
    return EXIT_USAGE;
  }
  let current = options;
  for (;;) {
    const end = await showOneServer(current);
    if (end.kind === "quit") return end.code;
    const { name, connection, endpointName } = end;
    current = { ...options, start: undefined, profile: name, connection, endpointName };
  }
}

type End =
  | { readonly kind: "quit"; readonly code: number }
  | ({ readonly kind: "profile"; readonly name: string } & ProfileConnection);

/** Until the person quits, or wants the screens of another server. */
async function showOneServer(options: TuiOptions): Promise<End> {
  const ending = new AbortController();
  const store = createStore(
    initialState({
      address: options.server === undefined ? options.connection?.address : "here",
      profile: options.profile,
      profiles: options.profiles,
      endpointName: options.endpointName,
      updateDisabled: options.runUpdate === undefined ? "run pacpool update in a shell on this machine" : undefined,
      columns: process.stdout.columns,
      rows: process.stdout.rows,
      nowMs: Date.now(),
    }),
  );
  using connection = options.connection === undefined ? undefined : openConnection(options.connection);
  const server = options.server ?? (connection === undefined ? undefined : serverOver(connection));
  const end = await drawUntilEnd(options, store, server, ending);
  ending.abort(new Error("the TUI has ended"));
  return end;
}

async function drawUntilEnd(
  options: TuiOptions,
  store: Store,
  server: Server | undefined,
  ending: AbortController,
): Promise<End> {
  const { signal } = ending;
  const select = createSelect();
  const wishes = { look: options.look, isColourless: options.hasColour === false };
  const themes = await openThemes(wishes, process, process.env);
  const tools = { store, signal, now: Date.now, random: Math.random, newKey: randomUUID };
  const lend =
    ({ suspendTerminal }: Terminal): Lend =>
    (work) =>
      suspendTerminal(() => mouse.lent(work));
  let next: End | undefined;
  const changeTo = async (name: string, terminal: Terminal): Promise<void> => {
    next = await openNext(options, name, tools);
    if (next !== undefined) terminal.exit();
  };
  const perform = (effect: Effect, terminal: Terminal): void => {
    if (effect.kind === "quit") terminal.exit();
    else if (effect.kind === "suspend") void suspend(lend(terminal)).catch(() => undefined);
    else if (effect.kind === "profile") void changeTo(effect.name, terminal);
    else if (effect.kind === "theme") instance.rerender(drawnIn(themes.named(effect.name)));
    else if (effect.kind === "copy" || effect.kind === "export") void takeOut(effect, takingOut(tools));
    else if (server !== undefined) void performEffect(effect, { ...tools, server }, lend(terminal), options.runUpdate);
  };
  using rows = rememberDrawnRows();
  using mouse = openMouse(options.look?.mouse !== false, (sequence) => process.stdout.write(sequence));
  const drawnIn = (theme: Theme): ReactNode => (
    <StandIns value={rows.standInFor}>
      <App store={store} select={select} theme={theme} perform={perform} />
      <Suspension mouse={mouse} />
    </StandIns>
  );
  const instance = render(drawnIn(themes.first), {
    alternateScreen: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    interactive: true,
    maxFps: 60,
  });
  using _size = followSize(store);
  using ends = endOn(instance, options.signal);
  using _loads = server === undefined ? undefined : loadNeeds(store, select, server, signal);
  if (server !== undefined) void followServer({ ...tools, server });
  if (options.start !== undefined) startAt(store, options.start, signal);
  void tick(store, signal);
  try {
    await instance.waitUntilExit();
  } catch (error) {
    return { kind: "quit", code: ends.failed(error) };
  }
  return next !== undefined && ends.code() === 0 ? next : { kind: "quit", code: ends.code() };
}

/** Undefined, and said why, when there is no way to that profile's server. */
async function openNext(
  { openProfile }: TuiOptions,
  name: string,
  tools: Parameters<typeof say>[0],
): Promise<End | undefined> {
  try {
    if (openProfile === undefined) throw new Error("run pacpool tui --profile instead");
    return { kind: "profile", name, ...(await openProfile(name)) };
  } catch (error) {
    say(tools, "danger", `changing to profile ${name} failed: ${sentenceOf(error)}`);
    return undefined;
  }
}

function takingOut(tools: Parameters<typeof say>[0]): TakeOutOptions {
  return {
    say: (tone, text) => say(tools, tone, text),
    write: (sequence) => process.stdout.write(sequence),
    term: process.env["TERM"],
  };
}

async function performEffect(
  effect: Exclude<Effect, { readonly kind: "quit" | "suspend" | "theme" | "profile" } | TakingOut>,
  tools: DeedOptions,
  lend: Lend,
  runUpdate: (() => Promise<number>) | undefined,
): Promise<void> {
  if (effect.kind === "find-operation") return findOperation(effect.endpointId, tools);
  if (effect.kind === "plan-pool") return planPool(effect, tools);
  if (effect.deed.kind === "start-many") return startMany(effect.deed, tools);
  if (effect.deed.kind !== "update") return performDeed(effect.deed, tools);
  return update(effect.deed, tools, lend, runUpdate);
}

/** The terminal is lent to the update: pacman asks its questions there. */
async function update(
  deed: Extract<Deed, { readonly kind: "update" }>,
  tools: DeedOptions,
  lend: Lend,
  runUpdate: (() => Promise<number>) | undefined,
): Promise<void> {
  try {
    let code = 1;
    await lend(() =>
      lendInput(process.stdin, async () => {
        code = (await runUpdate?.()) ?? 1;
        await enterPressed();
      }),
    );
    const words =
      code === 0 ? `${deed.endpoint} is updated` : `the update ended with exit code ${code}; see pacpool doctor`;
    say(tools, code === 0 ? "good" : "danger", words);
  } catch (error) {
    say(tools, "danger", sentenceOf(error));
  } finally {
    tools.store.dispatch({ kind: "doing-changed", doing: undefined });
  }
}

/**
 * What pacman said is on the terminal until then. A child reads the line: a reader in this process would leave standard
 * input in a state in which Ink hears no key any more.
 */
async function enterPressed(): Promise<void> {
  const script = 'printf "\\nEnter goes back to the screens. "; read -r _';
  const child = spawn("sh", ["-c", script], { stdio: "inherit" });
  await once(child, "close");
}

function followSize(store: Store): Disposable {
  const { stdout } = process;
  const resized = (): void => {
    store.dispatch({ kind: "resized", columns: stdout.columns, rows: stdout.rows });
  };
  stdout.on("resize", resized);
  return { [Symbol.dispose]: () => stdout.off("resize", resized) };
}

async function tick(store: Store, signal: AbortSignal): Promise<void> {
  let idle = 0;
  try {
    for await (const _ of ticks(TICK_MS, undefined, { signal, ref: false })) {
      idle += 1;
      if (!hasSeconds(store.getState()) && idle < IDLE_TICKS) continue;
      idle = 0;
      store.dispatch({ kind: "ticked", nowMs: Date.now() });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Something on the screen counts seconds: drawing once a second for nothing would be an idle program that is not idle. */
function hasSeconds(state: State): boolean {
  const { link, toast, fleet } = state;
  const isWaiting = link.kind === "lost" || link.kind === "connecting" || isSilent(state);
  return isWaiting || toast !== undefined || fleet.operations.values().some(({ state }) => !isFinished(state));
}
