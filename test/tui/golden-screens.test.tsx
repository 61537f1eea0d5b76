// Every screen at two sizes, compared with the text that is committed in golden/. A change of a screen shows there, in
// review; `make golden-screens` writes them anew.
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { needOf } from "../../tui/store/needs.ts";
import { createSelect } from "../../tui/store/select.ts";
import { eventually } from "../support/eventually.ts";
import { ENTER, openApp } from "../support/tui-app.tsx";
import { goldenServer } from "./golden-fleet.ts";

interface GoldenScreen {
  /** The file's name. */
  readonly name: string;
  /** From the dashboard. Each is pressed when the one before has been drawn. */
  readonly keys: readonly string[];
  /** What the screen alone has. */
  readonly shows: string | RegExp;
}

const goTo = (name: string): readonly string[] => [`:${name}`, ENTER];
const BOREALIS = goTo("endpoint borealis");

const screens: readonly GoldenScreen[] = [
  { name: "dashboard", keys: [], shows: "Fleet" },
  { name: "pool", keys: goTo("pool studio"), shows: "hyperion" },
  { name: "pools", keys: ["P", "j"], shows: "needs a person" },
  { name: "endpoints", keys: ["F"], shows: "9 endpoints, 8 online" },
  { name: "endpoints-filtered", keys: ["F", "/status:behind"], shows: "of 2 that match" },
  { name: "endpoint", keys: BOREALIS, shows: "› ↓ older" },
  { name: "plan", keys: [...BOREALIS, "p"], shows: "1 removal" },
  { name: "question-sync", keys: [...BOREALIS, "p", "s"], shows: "Sync borealis to target 4?" },
  { name: "operation", keys: [...goTo("endpoint fornax"), "o"], shows: "fetching firefox 126.0-1" },
  { name: "operation-waiting", keys: [...goTo("endpoint ganymede"), "o"], shows: "waits for a decision" },
  { name: "conflicts", keys: [...goTo("endpoint ganymede"), "x"], shows: "wait for you (1)" },
  { name: "history", keys: [...goTo("pool studio"), "t"], shows: "April" },
  { name: "target", keys: [...goTo("pool studio"), "t", "j", ENTER], shows: "shared by the whole pool (1)" },
  { name: "difference", keys: [...goTo("pool studio"), "t", "G", "d"], shows: "Target 2 → 4 of studio" },
  { name: "package", keys: [...BOREALIS, ENTER], shows: "Package firefox in pool studio" },
  { name: "rules", keys: [...goTo("pool studio"), "H"], shows: "steam" },
  { name: "analysis", keys: [...goTo("pool studio"), "A"], shows: "multilib" },
  { name: "inbox", keys: ["i"], shows: "Inbox of the whole fleet" },
  { name: "operations", keys: ["O"], shows: "under way (2)" },
  { name: "connection", keys: ["C"], shows: "operator" },
  { name: "palette", keys: [":sy"], shows: "sync-pool" },
  { name: "help", keys: ["?"], shows: "This help" },
];

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 132, rows: 43 },
];

const open: Disposable[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one[Symbol.dispose]();
});
beforeAll(() => {
  // Hours of days are shown as the person's clock has them.
  process.env["TZ"] = "UTC";
});

/** The screen once everything is read that it needs. */
async function drawn({ keys, shows }: GoldenScreen, size: (typeof sizes)[number]): Promise<string> {
  const app = openApp(goldenServer(), size);
  open.push(app);
  const select = createSelect();
  const settled = (): Promise<true> =>
    eventually("everything to be read", () => {
      const state = app.store.getState();
      const isReading = [...state.loads.values()].some(({ isLoading }) => isLoading);
      return isReading || needOf(state, select) !== undefined ? undefined : true;
    });
  await app.shows("kiosks");
  for (const key of keys) {
    await settled();
    const before = app.store.getState();
    app.stdin.write(key);
    await eventually(`${key} to be heard`, () => app.store.getState() !== before || undefined);
  }
  await settled();
  return app.shows(shows);
}

for (const size of sizes) {
  const at = `${String(size.columns)}x${String(size.rows)}`;
  describe(`at ${at}`, () => {
    it.each(screens)("$name is drawn as it was", async (screen) => {
      const text = await drawn(screen, size);
      for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(size.columns);
      await expect(`${text}\n`).toMatchFileSnapshot(`golden/${screen.name}-${at}.txt`);
    });
  });
}
