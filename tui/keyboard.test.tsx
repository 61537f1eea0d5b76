import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../test/support/eventually.ts";
import { ENTER, ESCAPE, openApp as openUndisposed, STUDIO, snapshotOf } from "../test/support/tui-app.tsx";
import { anEndpoint, aPlan, aPool, counts } from "../test/support/tui-data.ts";
import { recordedServer } from "../test/support/tui-server.ts";

const TAB = "\t";
const UP = "\u001b[A";
const DOWN = "\u001b[B";
const CTRL_O = "\u000f";

const open: Disposable[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one[Symbol.dispose]();
});

function openApp(...args: Parameters<typeof openUndisposed>): ReturnType<typeof openUndisposed> {
  const app = openUndisposed(...args);
  open.push(app);
  return app;
}

const FLEET = [
  anEndpoint("atlas"),
  anEndpoint("borealis", { status: "behind", counts: counts({ older: 2 }) }),
  anEndpoint("cassini", { status: "behind", isOnline: false }),
  anEndpoint("dawn", { status: "behind", counts: counts({ older: 9 }) }),
  anEndpoint("europa", { status: "diverged", labels: { role: "desk" } }),
];

function fleet(size?: { readonly columns: number; readonly rows: number }) {
  const plans = Object.fromEntries(
    ["borealis", "dawn", "europa"].map((name) => [
      `plan e-${name}`,
      { kind: "plan", plan: aPlan({ endpointId: `e-${name}`, digest: name.repeat(8) }) } as const,
    ]),
  );
  const drifts = Object.fromEntries(
    FLEET.map(({ id }) => [`drift ${id}`, { kind: "drift", targetRevision: 4, items: [] } as const]),
  );
  const pool = aPool("studio", { endpoints: FLEET.length });
  const server = recordedServer({
    ...STUDIO,
    pools: [pool],
    events: snapshotOf([pool], FLEET),
    answers: { ...STUDIO.answers, ...drifts, ...plans },
  });
  return { server, ...openApp(server, size) };
}

describe("the palette", () => {
  it("opens an endpoint by a few letters of its name", async () => {
    const { shows, stdin } = fleet();
    await shows("› atlas");
    stdin.write(":");
    await shows("By name");
    stdin.write("endpoint daw");
    await shows("endpoint dawn");
    stdin.write(ENTER);
    await shows("studio › dawn");
  });

  it("finds endpoints without their verb, and completes by Tab", async () => {
    const { shows, stdin, store } = fleet();
    await shows("› atlas");
    stdin.write(":boreal");
    await shows("› endpoint borealis");
    stdin.write(TAB);
    await eventually("it is completed", () => {
      const { dialog } = store.getState();
      return dialog?.kind === "palette" && dialog.field.text === "endpoint borealis" ? true : undefined;
    });
  });

  it("does deeds by their names, after their question", async () => {
    const { shows, stdin, server } = fleet();
    await shows("› atlas");
    stdin.write("j:set-latest");
    await shows("set-latest");
    stdin.write(ENTER);
    await shows("Take borealis as the target?");
    stdin.write(ESCAPE);
    await shows("› borealis");
    expect(server.performed).toEqual([]);
  });

  it("says why something cannot be done, and where it can", async () => {
    const { shows, stdin } = fleet();
    await shows("› atlas");
    stdin.write(":sync");
    await shows("not now: atlas is in sync: there is nothing to do");
    stdin.write("\u0015repair");
    const frame = await shows("not now: this is for");
    expect(frame).toContain("operation");
    stdin.write(ENTER);
    await shows("this is for");
    stdin.write(":nonsense");
    await shows("nothing is called that");
  });

  it("chooses by arrows, and goes round", async () => {
    const { shows, stdin } = fleet();
    await shows("› atlas");
    stdin.write(":endpoint ");
    await shows("› endpoint atlas");
    stdin.write(DOWN);
    await shows("› endpoint borealis");
    stdin.write(UP + UP);
    await shows("› endpoint europa");
  });
});

describe("a filter being typed", () => {
  it("knows fields, completes them, and says what it does not understand", async () => {
    const { shows, stdin, plain } = fleet({ columns: 120, rows: 30 });
    await shows("› atlas");
    stdin.write("/sta");
    await shows("Tab status:");
    stdin.write(TAB);
    await shows("/status:▏");
    stdin.write("be");
    await shows("1 of 3 that match");
    stdin.write(`${TAB},div`);
    await shows("1 of 4 that match");
    expect(plain()).not.toContain("atlas (here)");
    stdin.write(" colour:red");
    await shows("! there is no field colour; there are status, pool");
  });

  it("is edited as other lines are, and takes pasted text", async () => {
    const { shows, stdin } = fleet();
    await shows("› atlas");
    stdin.write("/dawn");
    await shows("1 of 1 that match");
    stdin.write("\u0001!");
    await shows("1 of 4 that match");
    stdin.write("\u0005\u0015");
    await shows("› atlas");
    stdin.write("\u001b[200~europa\u001b[201~");
    await shows("› europa");
  });
});

describe("rows of a list", () => {
  it("that are marked are planned together, named in one question and started as one deed", async () => {
    const { shows, stdin, server } = fleet();
    await shows("› atlas");
    stdin.write("j jV");
    await shows(/2 of|3 marked|4 marked/u);
    stdin.write(ESCAPE);
    await shows(/\d of 5 /u);
    stdin.write("gj jv");
    await shows("2 marked");
    stdin.write("s");
    const frame = await shows("Sync 2 of studio?");
    expect(frame).toContain("borealis: 1 removal, 1 upgrade");
    expect(frame).toContain("dawn: 1 removal, 1 upgrade");
    // Packages disappear from more than one machine: a yes is too quickly said.
    expect(frame).toContain("type studio to go on");
    stdin.write(`y${ENTER}`);
    await shows("> y");
    expect(server.performed).toEqual([]);
    stdin.write(`\u0015studio${ENTER}`);
    await shows("2 of 2 operations started in studio");
    expect(server.performed).toMatchObject([
      { kind: "start-operation", endpoint: "borealis" },
      { kind: "start-operation", endpoint: "dawn" },
    ]);
  });

  it("that make a large deed are all named, and scrolled without typing", async () => {
    const { shows, stdin, store } = fleet({ columns: 60, rows: 16 });
    await shows("› atlas");
    stdin.write("*s");
    await shows(/lines 1 to \d of \d+, ↑ ↓ scroll/u);
    stdin.write(DOWN.repeat(50));
    const end = await shows(/europa: 1 removal[\s\S]*cassini: asleep/u);
    expect(end).toContain("type studio to go on");
    stdin.write("k");
    await shows("> k");
    const top = (): number | undefined => {
      const { dialog } = store.getState();
      return dialog?.kind === "typed" ? dialog.top : undefined;
    };
    const bottom = top() ?? 0;
    stdin.write(UP);
    await eventually("one key up scrolls at once", () => (top() === bottom - 1 ? true : undefined));
  });

  it("that cannot take part are named with why", async () => {
    const { shows, stdin } = fleet();
    await shows("› atlas");
    stdin.write("*s");
    const frame = await shows("Sync 3 of studio?");
    expect(frame).toContain("Left as they are:");
    expect(frame).toContain("cassini: asleep");
  });

  it("are not planned any longer when a person stops it, and nothing is started", async () => {
    const aborted: string[] = [];
    const { server: answering } = fleet();
    const plan = (id: string, _isRevert: boolean, signal: AbortSignal): Promise<never> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          aborted.push(id);
          reject(new Error("stopped"));
        });
      });
    const { shows, stdin, store } = openApp({ ...answering, plan });
    await shows("› atlas");
    stdin.write("\u0007");
    await shows("nothing is being planned");
    stdin.write("*s");
    await shows("Ctrl-G stops");
    stdin.write("\u0007");
    await eventually("it is stopped", () => (aborted.length === 3 ? true : undefined));
    expect(store.getState()).toMatchObject({ doing: undefined, dialog: undefined });
    expect(answering.performed).toEqual([]);
  });

  it("are sorted by columns, shown in the title, and the other way round", async () => {
    const { shows, stdin, plain } = fleet();
    await shows("› atlas");
    stdin.write(">");
    await shows("STATUS▾");
    const names = (): readonly string[] =>
      plain()
        .split("\n")
        .flatMap((line) => /│ [› ][* ](atlas|borealis|cassini|dawn|europa)/u.exec(line)?.[1] ?? []);
    expect(names()).toEqual(["europa", "borealis", "cassini", "dawn", "atlas"]);
    stdin.write("z");
    await shows("STATUS▴");
    expect(names()[0]).toBe("atlas");
    stdin.write(`:sort differs${ENTER}`);
    await shows("DIFFERS▾");
    expect(names()[0]).toBe("dawn");
  });

  it("that need a person are jumped to, round and round", async () => {
    const { shows, stdin } = fleet();
    await shows("› atlas");
    stdin.write("n");
    await shows("› europa");
    stdin.write("gN");
    await shows("› europa");
  });

  it("are copied by name and as a whole, the marked ones together", async () => {
    const { shows, stdin, effects } = fleet();
    await shows("› atlas");
    stdin.write("jy");
    await eventually("it is copied", () => (effects.length > 0 ? true : undefined));
    stdin.write("v y");
    await eventually("both are copied", () => (effects.length > 1 ? true : undefined));
    expect(effects).toMatchObject([
      { kind: "copy", text: "borealis" },
      { kind: "copy", text: "borealis\ncassini" },
    ]);
  });

  it("are written into the file that is named", async () => {
    const { shows, stdin, effects } = fleet();
    await shows("› atlas");
    stdin.write("E");
    await shows(":export pacpool-pool-studio.csv");
    stdin.write(`\u0017/tmp/x.json${ENTER}`);
    await eventually("it is written", () => (effects.length > 0 ? true : undefined));
    expect(effects).toMatchObject([{ kind: "export", file: "/tmp/x.json", rows: 5 }]);
  });
});

describe("a target of a pool in mode mirror", () => {
  it("wants its message, and then the pool's name", async () => {
    const pool = aPool("studio", { mode: "mirror", endpoints: FLEET.length });
    const server = recordedServer({ ...STUDIO, pools: [pool], events: snapshotOf([pool], FLEET) });
    const { shows, stdin } = openApp(server);
    await shows("› atlas");
    stdin.write("L");
    await shows("Take atlas as the target?");
    stdin.write(`June${ENTER}`);
    await shows("type studio to go on");
    stdin.write(`studi${ENTER}`);
    await shows("> studi");
    expect(server.performed).toEqual([]);
    stdin.write(`o${ENTER}`);
    await shows("atlas is now target 5 of studio");
    expect(server.performed).toMatchObject([{ kind: "set-latest", message: "June" }]);
  });
});

describe("the way back", () => {
  it("leads through the screens as they were, and forth again by a minus", async () => {
    const { shows, stdin } = fleet();
    await shows("› atlas");
    stdin.write(`:endpoint dawn${ENTER}`);
    await shows("studio › dawn");
    stdin.write(`:endpoint europa${ENTER}`);
    await shows(/› europa/u);
    stdin.write(CTRL_O);
    await shows("studio › dawn");
    stdin.write("-");
    await shows("› atlas");
    stdin.write("-");
    await shows("studio › dawn");
  });
});

describe("the mouse", () => {
  const click = (column: number, line: number): string => `\u001b[<0;${column};${line}M\u001b[<0;${column};${line}m`;

  it("selects, opens, scrolls and presses keys of the last line, several reports in one read", async () => {
    const { shows, stdin, plain } = fleet();
    await shows("› atlas");
    const lineOf = (text: string): number =>
      plain()
        .split("\n")
        .findIndex((line) => line.includes(text)) + 1;
    stdin.write(click(10, lineOf("  cassini")));
    await shows("› cassini");
    stdin.write("\u001b[<64;10;10M\u001b[<64;10;10M");
    await shows("› atlas");
    stdin.write(click(10, lineOf("  dawn")) + click(10, lineOf("  dawn")));
    await shows("studio › dawn");
    stdin.write(":endpoint ");
    await shows("› endpoint atlas");
    stdin.write(click(10, lineOf("  endpoint europa")));
    await shows("› endpoint europa");
    stdin.write(click(10, lineOf("› endpoint europa")));
    await shows("› europa");
    const footer = plain().split("\n")[23] ?? "";
    stdin.write(click(footer.indexOf("? help") + 1, 24));
    await shows("Esc closes");
  });
});

describe("the help", () => {
  it("stops at its end: one key up shows another line at once", async () => {
    const { shows, stdin, store } = fleet();
    await shows("› atlas");
    stdin.write("?");
    await shows("Esc closes");
    stdin.write("j".repeat(300));
    const { dialog } = store.getState();
    const end = dialog?.kind === "help" ? dialog.top : 0;
    expect(end).toBeGreaterThan(0);
    expect(end).toBeLessThan(200);
    stdin.write("k");
    await eventually("it scrolls back", () => {
      const now = store.getState().dialog;
      return now?.kind === "help" && now.top === end - 1 ? true : undefined;
    });
  });
});
