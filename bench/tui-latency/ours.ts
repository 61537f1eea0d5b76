// The TUI as it is built, on ten thousand endpoints of a server in this process. Argument: changes per second.
import { fleetServer } from "./fleet.ts";

const built = new URL("../../dist/tui.js", import.meta.url).href;
const { runTui } = (await import(built)) as typeof import("../../tui/main.tsx");

process.exitCode = await runTui({ connection: undefined, server: fleetServer(Number(process.argv[2] ?? "0")) });
