import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { Refusal } from "../../domain/refusal.ts";
import { RpcFailure } from "../../rpc/failure.ts";
import { nextAttempt } from "./next-attempt.ts";

const half = () => 0.5;
const least = () => 0;
const most = () => 0.999_999;

test("a lost server is tried again with full jitter, a minute at most", () => {
  const lost = { kind: "failed", error: new RpcFailure(status.UNAVAILABLE, "no connection") } as const;
  expect(nextAttempt(lost, 0, half)).toEqual({ delayMs: 500, why: "no connection", needsPerson: false });
  expect(nextAttempt(lost, 3, half).delayMs).toBe(4_000);
  expect(nextAttempt(lost, 50, most).delayMs).toBeLessThanOrEqual(60_000);
  expect(nextAttempt(lost, 50, least).delayMs).toBe(0);
});

test("after a drain the agent stays away for the server's window first", () => {
  const drained = { kind: "drained", minDelayMs: 2_000, maxDelayMs: 6_000, reason: "upgrade" } as const;
  expect(nextAttempt(drained, 0, least).delayMs).toBe(2_000);
  expect(nextAttempt(drained, 0, half).delayMs).toBe(4_500);
});

test("a refused key is tried again only every few minutes, and a person is told what to do", () => {
  const next = nextAttempt({ kind: "failed", error: new Refusal("WRONG_KEY") }, 0, least);
  expect(next).toMatchObject({ delayMs: 150_000, needsPerson: true });
  expect(next.why).toContain("pacpool join CODE --replace NAME");
});

test("a stream that another one of the same identity replaced does not hurry back", () => {
  for (const error of [new RpcFailure(status.ABORTED, "a newer stream"), new Refusal("SUPERSEDED")]) {
    expect(nextAttempt({ kind: "failed", error }, 0, least)).toMatchObject({ delayMs: 30_000, needsPerson: false });
  }
});

test("the server's own word on when to come back is kept", () => {
  const busy = new RpcFailure(status.RESOURCE_EXHAUSTED, "busy", { retryDelayMs: 7_000 });
  expect(nextAttempt({ kind: "failed", error: busy }, 0, half).delayMs).toBe(7_000);
});

test("reports that did not fit are no reason to stay away", () => {
  expect(nextAttempt({ kind: "failed", error: new Refusal("STALE_DIGEST") }, 0, half).delayMs).toBe(500);
});
