import { describe, expect, it } from "vitest";
import { OperationStep } from "../../proto/generated/pacpool/v1/operation.ts";
import { WatchRequest, WatchResponse } from "../../proto/generated/pacpool/v1/watch.ts";
import { decodeWatchResponse, encodeWatchScope } from "./watch.ts";

/** As it arrives: through the bytes. */
function arrived(event: NonNullable<WatchResponse["event"]>) {
  return decodeWatchResponse(WatchResponse.decode(WatchResponse.encode({ event }).finish()));
}

describe("a watch over the wire", () => {
  it("asks for tokens, incarnation and interval as the contract has them", () => {
    const scope = { tokens: new Map([["p", 7n]]), incarnation: "one", minIntervalMs: 1_250, wantsProgress: true };
    const request = WatchRequest.fromPartial(encodeWatchScope(scope));
    expect(WatchRequest.decode(WatchRequest.encode(request).finish())).toMatchObject({
      pools: [],
      tokens: [{ poolId: "p", revision: 7n }],
      incarnation: "one",
      progress: true,
      summary: false,
      minInterval: { seconds: 1n, nanos: 250_000_000 },
    });
    expect(encodeWatchScope({})).not.toHaveProperty("minInterval");
  });

  it("tells every kind of event in plain words", () => {
    expect(
      arrived({ $case: "snapshotEnd", value: { poolId: "p", revision: 3n, incarnation: "one", snapshotsLeft: 2 } }),
    ).toEqual({
      kind: "snapshot-end",
      poolId: "p",
      revision: 3n,
      incarnation: "one",
      snapshotsLeft: 2,
    });
    const items = [
      { item: { $case: "removedEndpointId", value: "e" } },
      { item: { $case: "removedPoolId", value: "p" } },
    ] as const;
    expect(arrived({ $case: "batch", value: { poolId: "p", revision: 4n, items: [...items] } })).toMatchObject({
      kind: "batch",
      items: [
        { kind: "endpoint-removed", id: "e" },
        { kind: "pool-removed", id: "p" },
      ],
    });
    const progress = { operationId: "o", endpointId: "e", step: OperationStep.PROOF, percent: 80, message: "m" };
    expect(arrived({ $case: "progress", value: progress })).toEqual({
      kind: "progress",
      progress: { ...progress, step: "proof" },
    });
    expect(arrived({ $case: "drain", value: { maxDelay: { seconds: 2n, nanos: 500_000_000 } } })).toEqual({
      kind: "drain",
      maxDelayMs: 2_500,
    });
    expect(arrived({ $case: "resyncRequired", value: { poolId: "p", compactRevision: 1n } })).toEqual({
      kind: "resync-required",
      poolId: "p",
    });
  });

  it("passes over what only a newer server says", () => {
    expect(decodeWatchResponse({ event: undefined })).toBeUndefined();
    expect(arrived({ $case: "snapshotItem", value: { poolId: "p", item: { item: undefined } } })).toBeUndefined();
    expect(
      arrived({ $case: "batch", value: { poolId: "p", revision: 1n, items: [{ item: undefined }] } }),
    ).toMatchObject({ items: [] });
  });
});
