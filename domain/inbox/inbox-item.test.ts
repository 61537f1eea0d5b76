import { describe, expect, it } from "vitest";
import { type InboxItem, inboxOf } from "./inbox-item.ts";

const seen: readonly InboxItem[] = [
  { kind: "configuration-file", subject: "/etc/x.pacnew", what: "merge it", digest: "d" },
  { kind: "reboot", subject: "glibc", what: "restart", digest: "" },
];

describe("inboxOf", () => {
  it("puts what is broken before what only waits", () => {
    const items = inboxOf({ status: "degraded", reasons: ["x"], degradedBecause: ["hook failed"], seen });
    expect(items.map(({ kind }) => kind)).toEqual(["degraded", "reboot", "configuration-file"]);
  });

  it("tells the first reason of an endpoint that is blocked or waits for a decision", () => {
    const blocked = inboxOf({ status: "blocked", reasons: ["torn", "more"], degradedBecause: [], seen: [] });
    expect(blocked).toMatchObject([{ kind: "blocked", what: "torn" }]);
    const waiting = inboxOf({ status: "pending-approval", reasons: ["2 wait"], degradedBecause: [], seen: [] });
    expect(waiting).toMatchObject([{ kind: "approval", what: "2 wait" }]);
  });

  it("is empty for an endpoint that only has to be synced", () => {
    expect(inboxOf({ status: "behind", reasons: ["3 packages older"], degradedBecause: [], seen: [] })).toEqual([]);
  });
});
