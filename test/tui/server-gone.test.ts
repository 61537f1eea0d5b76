// A server that stops and comes back: the TUI keeps what it knew, says how old it is, and is live again by itself.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openServer } from "../support/server.ts";
import { openTui } from "./open-tui.ts";
import { SIZES } from "./open-world.ts";
import { openStudio } from "./studio.ts";

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  if (address === null || typeof address === "string") throw new Error("asking the kernel for a free port failed");
  return address.port;
}

it.each(SIZES)(
  "keeps the last data at $columns x $rows while the server is gone, refuses deeds, and comes back by itself",
  async (size) => {
    const stateDir = await mkdtemp(join(tmpdir(), "pacpool-gone-"));
    try {
      const config = { listen: `127.0.0.1:${await freePort()}` };
      const studio = await openStudio({ stateDir, config });
      await using tui = openTui({ server: studio.server, endpoint: "atlas", ...size });
      await tui.until(/borealis +↓ behind/u);
      await studio[Symbol.asyncDispose]();
      await tui.until(/server gone data .*old/u);
      expect(tui.text()).toMatch(/borealis +↓ behind/u);
      tui.press("j", "s");
      await tui.until("the server is gone; this works again as soon as it is back");
      await using server = await openServer({ stateDir, config });
      await tui.until("● live");
      // Nobody's agent is back yet.
      await tui.until("4 endpoints, 0 online");
      await server.enrol("estuary", "studio");
      await tui.until("estuary");
    } finally {
      await rm(stateDir, { recursive: true, force: true });
    }
  },
);

it.each(SIZES)("says at $columns x $rows what to do when the key is not one of the server's", async (size) => {
  await using server = await openServer();
  const stranger = { address: server.address, ca: server.ca, adminKey: `ppk_${"0".repeat(16)}_${"b".repeat(43)}` };
  await using tui = openTui({ server: stranger, ...size });
  await tui.until("not let in");
  expect(tui.text()).toContain("the key is not one of this server's");
});
