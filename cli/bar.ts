// `pacpool waybar` in one piece, built as dist/bar.cjs: the bar of a machine with an agent needs nothing else, and Node
// loads one file of the older kind three times as fast as a dozen modules. Everything else goes to dist/cli.js.
import { followBar, parseBarWords } from "./follow-bar.ts";

async function runBar(): Promise<void> {
  const wish = parseBarWords(process.argv.slice(2));
  if (wish === undefined) {
    // It reads the same words and ends the process itself.
    await import("./main.ts");
    return;
  }
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      stop.abort();
    });
  }
  await followBar(wish, process.env, stop.signal);
  process.exit(0);
}

void runBar();
