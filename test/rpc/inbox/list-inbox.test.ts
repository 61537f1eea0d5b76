import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { InboxItem } from "../../../domain/inbox/inbox-item.ts";
import { InboxKind } from "../../../proto/generated/pacpool/v1/inbox.ts";
import { decodeInboxEntry, encodeInboxItem, type InboxEntryView } from "../../../rpc/codec/inbox.ts";
import { eventually } from "../../support/eventually.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { CURRENT, settled } from "../../support/two-moments.ts";

const PACNEW: InboxItem = {
  kind: "configuration-file",
  subject: "/etc/pacman.conf.pacnew",
  what: "a package's new /etc/pacman.conf",
  digest: "a".repeat(64),
};
const REBOOT: InboxItem = { kind: "reboot", subject: "glibc", what: "was replaced: restart", digest: "" };

describe("ListInbox", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await server.admin.pools.createPool({ name: "desks" });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const list = async (filter: Parameters<typeof server.admin.inbox.listInbox>[0]): Promise<readonly InboxEntryView[]> =>
    (await server.admin.inbox.listInbox(filter)).entries.map(decodeInboxEntry);

  const machine = (name: string, items: readonly InboxItem[], more: { healthProblems?: string[] } = {}) =>
    settled(server, name, { ...CURRENT, facts: { inbox: items.map(encodeInboxItem), ...more } }, "desks");

  it("says nothing of a fleet in which nobody waits", async () => {
    expect(await list({})).toEqual([]);
  });

  it("has what endpoints see of themselves, and what the server knows of them", async () => {
    await machine("one", [PACNEW, REBOOT]);
    await machine("two", [PACNEW], { healthProblems: ["an entry is torn"] });
    await server.admin.targets.setLatest({ endpoint: "one" });
    const entries = await eventually("two endpoints", async () => {
      const found = await list({ pool: "desks" });
      return found[1]?.items.length === 2 ? found : undefined;
    });
    expect(entries.map(({ endpoint, pool, items }) => [endpoint, pool, items.map(({ kind }) => kind)])).toEqual([
      ["one", "desks", ["reboot", "configuration-file"]],
      ["two", "desks", ["blocked", "configuration-file"]],
    ]);
    expect(entries[0]?.items[1]).toEqual(PACNEW);
    expect((await server.admin.endpoints.getEndpoint({ endpoint: "one" })).endpoint?.inbox).toBe(2);
  });

  it("filters by pool, endpoint and kind, and pages by endpoint", async () => {
    expect((await list({ kind: InboxKind.BLOCKED })).map(({ endpoint }) => endpoint)).toEqual(["two"]);
    expect((await list({ endpoint: "one" })).map(({ endpoint }) => endpoint)).toEqual(["one"]);
    expect(await list({ pool: "unassigned" })).toEqual([]);
    const first = await server.admin.inbox.listInbox({ pageSize: 1 });
    const second = await server.admin.inbox.listInbox({ pageSize: 1, pageToken: first.nextPageToken });
    expect([first, second].map(({ entries }) => entries[0]?.endpoint)).toEqual(["one", "two"]);
    expect(second.nextPageToken).toBe("");
  });

  it("refuses a pool that there is not, and a kind that it does not know", async () => {
    expect(await reasonOf(server.admin.inbox.listInbox({ pool: "nowhere" }))).toBe("POOL_NOT_FOUND");
    expect(await reasonOf(server.admin.inbox.listInbox({ kind: 99 as InboxKind }))).toBe("INVALID_FIELD");
  });
});
