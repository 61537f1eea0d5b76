import { render } from "ink-testing-library";
import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../test/support/eventually.ts";
import { ENTER, ESCAPE, openApp as openUndisposed, STUDIO, snapshotOf } from "../test/support/tui-app.tsx";
import { anOperation, aPlan, aPool, aTarget, NOW_MS } from "../test/support/tui-data.ts";
import { recordedServer } from "../test/support/tui-server.ts";
import { App } from "./app.tsx";
import { createSelect } from "./store/select.ts";
import { initialState } from "./store/state.ts";
import { createStore } from "./store/store.ts";
import { createTheme } from "./theme.ts";

const open: Disposable[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one[Symbol.dispose]();
});

function openApp(...args: Parameters<typeof openUndisposed>): ReturnType<typeof openUndisposed> {
  const app = openUndisposed(...args);
  open.push(app);
  return app;
}

describe("the screens", () => {
  it("begin with the only pool, this machine first, and what differs on it below", async () => {
    const { shows } = openApp(recordedServer(STUDIO));
    const frame = await shows("every package is as the target wants it");
    const names = frame.split("\n").flatMap((line) => /│ [› ] (atlas|borealis|cassini)/u.exec(line)?.[1] ?? []);
    expect(names).toEqual(["atlas", "borealis", "cassini"]);
    expect(frame).toContain("atlas (here)");
    expect(frame).toContain("target 4 “May, tested on atlas” from atlas");
    expect(frame.split("\n")).toHaveLength(24);
  });

  it("begin with a dashboard when there are several pools", async () => {
    const pools = [aPool(), aPool("kiosks", { mode: "mirror" })];
    const { shows, stdin } = openApp(recordedServer({ ...STUDIO, pools, events: snapshotOf(pools) }));
    await shows("› kiosks");
    stdin.write("j");
    await shows("› studio");
    stdin.write(ENTER);
    await shows("› atlas (here)");
    stdin.write(ESCAPE);
    await shows("› studio");
  });

  it("say when a target is old and what upstream has beyond it", async () => {
    const upstream = { newer: 50, newerInstalled: 41, builtAt: NOW_MS / 1_000, endpoint: "borealis" };
    const old = aPool("studio", { upstream, target: aTarget({ createdAtMs: NOW_MS - 20 * 86_400_000 }) });
    const { shows } = openApp(recordedServer({ ...STUDIO, pools: [old], events: snapshotOf([old]) }));
    await shows("target 4 old, 41 newer upstream “May, tested on atlas” from atlas, 20 d ago");
  });

  it("take keys that came in one read one after another", async () => {
    const { shows, stdin } = openApp(recordedServer(STUDIO));
    await shows("› atlas");
    stdin.write("jjk");
    await shows("› borealis");
  });

  it("show a plan, ask before the deed, and follow the operation", async () => {
    const server = recordedServer(STUDIO);
    const { shows, stdin } = openApp(server);
    await shows("› atlas");
    stdin.write("j");
    await shows("125.0-1");
    stdin.write("s");
    await shows("1 removal, 1 upgrade");
    // A key held down asks, and never answers.
    stdin.write("ssss");
    const frame = await shows("Sync borealis to target 4?");
    expect(frame).toContain("Removes pipewire-media-session.");
    expect(server.performed).toEqual([]);
    stdin.write(ESCAPE);
    await shows("carries it out, after a question");
    stdin.write("s");
    await shows("Sync borealis to target 4?");
    server.tell({
      kind: "batch",
      poolId: "p-studio",
      revision: 2n,
      items: [{ kind: "operation", operation: anOperation("op-1") }],
    });
    stdin.write(ENTER);
    await shows("↻ pacman transaction");
    expect(server.performed).toMatchObject([{ kind: "start-operation", planDigest: aPlan().digest }]);
    const progress = {
      operationId: "op-1",
      endpointId: "e-borealis",
      step: "proof",
      percent: 91,
      message: "",
    } as const;
    server.tell({ kind: "progress", progress });
    await shows("91 %");
  });

  it("plan a whole pool, name every machine in one question, and start all", async () => {
    const server = recordedServer(STUDIO);
    const { shows, stdin } = openApp(server);
    await shows("› atlas");
    stdin.write("S");
    const frame = await shows("Sync 1 of studio?");
    expect(frame).toContain("borealis: 1 removal, 1 upgrade; removes pipewire-media-session");
    stdin.write("y");
    await shows("1 of 1 operations started in studio");
    expect(server.performed).toMatchObject([{ kind: "start-operation", endpoint: "borealis" }]);
  });

  it("ask for a message when this moment becomes the target", async () => {
    const server = recordedServer(STUDIO);
    const { shows, stdin } = openApp(server);
    await shows("› atlas");
    stdin.write("L");
    await shows("Take atlas as the target?");
    stdin.write("June, q and s");
    await shows("> June, q and s");
    stdin.write(ENTER);
    await shows("atlas is now target 5 of studio");
    expect(server.performed).toMatchObject([{ kind: "set-latest", message: "June, q and s", seenRevision: 4 }]);
  });

  it("return a pool to an older target, and say that it marks the present one bad", async () => {
    const server = recordedServer(STUDIO);
    const { shows, stdin } = openApp(server);
    await shows("› atlas");
    stdin.write("t");
    await shows("broken mesa");
    stdin.write("j");
    await shows("marked bad by a revert");
    stdin.write("R");
    await shows("target 3 is marked bad; select another one");
    stdin.write("jR");
    await shows("Target 4 is marked bad");
    stdin.write("y");
    await shows("studio is back at target 2");
    expect(server.performed).toMatchObject([{ kind: "restore-target", revision: 2, currentRevision: 4 }]);
  });

  it("say why a key cannot do its deed, in a toast and in the help", async () => {
    const { shows, stdin } = openApp(recordedServer(STUDIO));
    await shows("› atlas");
    stdin.write("s");
    await shows("atlas is in sync: there is nothing to do");
    stdin.write("G");
    await shows("› cassini");
    stdin.write("s");
    await shows("cassini is asleep");
    stdin.write("?");
    await shows("not now: cassini is asleep");
  });

  it("filter by every word, and say when nothing matches", async () => {
    const { shows, stdin, plain } = openApp(recordedServer(STUDIO));
    await shows("› atlas");
    stdin.write("/behind asl");
    await shows("1 of 1 that match");
    expect(plain()).not.toContain("borealis");
    stdin.write("zzz");
    await shows("nothing matches");
    stdin.write(ESCAPE);
    await shows("1 of 3");
  });

  it("keep the last data when the line breaks, say how old it is, and come back", async () => {
    const server = recordedServer(STUDIO);
    const { shows, store } = openApp(server);
    await shows("● live");
    server.cut(new Error("broken"));
    const frame = await shows("server gone");
    expect(frame).toContain("borealis");
    await eventually("it is live again", async () => (store.getState().link.kind === "live" ? true : undefined));
  });

  it("use no colour when there is to be none, and still mark the selected row", async () => {
    const { shows, raw } = openApp(recordedServer(STUDIO), undefined, false);
    await shows("› atlas");
    const styles = raw()
      .split("\u001b[")
      .slice(1)
      .flatMap((part) => (part.split("m")[0] ?? "").split(";"));
    // Bold, faint, reverse and their ends.
    expect(new Set(styles).difference(new Set(["0", "1", "2", "7", "22", "27"]))).toEqual(new Set());
  });

  it("say how to begin when nothing is set up, and how large the terminal must be", () => {
    const select = createSelect();
    const draw = (columns: number, rows: number): string => {
      const store = createStore(initialState({ nowMs: NOW_MS, columns, rows }));
      const app = <App store={store} select={select} theme={createTheme(false)} perform={() => undefined} />;
      const { lastFrame, unmount } = render(app);
      const frame = lastFrame() ?? "";
      unmount();
      return frame;
    };
    expect(draw(80, 24)).toMatch(/pacpool init[\s\S]*pacpool join CODE/u);
    expect(draw(40, 8)).toContain("pacpool needs 60x16");
  });

  it("never draw wider or higher than the terminal", async () => {
    for (const [columns, rows] of [
      [60, 16],
      [80, 24],
      [99, 31],
    ] as const) {
      const { shows, plain } = openApp(recordedServer(STUDIO), { columns, rows });
      await shows("› atlas");
      const lines = plain().split("\n");
      expect(lines.length).toBeLessThanOrEqual(rows);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    }
  });
});
