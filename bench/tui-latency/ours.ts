// The TUI as it is built, on ten thousand endpoints of a server in this process. Argument: changes per second.
import { DEFAULT_LOOK } from "../../domain/face/look.ts";
import { fleetServer } from "./fleet.ts";

const built = new URL("../../dist/tui.js", import.meta.url).href;
const { runTui } = (await import(built)) as typeof import("../../tui/main.tsx");

const server = fleetServer(Number(process.argv[2] ?? "0"));
// The theme is given, so that no time is spent on asking a terminal that does not answer.
process.exitCode = await runTui({ connection: undefined, server, look: { ...DEFAULT_LOOK, theme: "dark" } });
