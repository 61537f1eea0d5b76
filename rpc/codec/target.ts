// Targets, wire <-> domain.
import { Refusal } from "../../domain/refusal.ts";
import type { Mode, Target } from "../../domain/target/target.ts";
import { TargetMode, type Target as WireTarget } from "../../proto/generated/pacpool/v1/target.ts";
import { decodeView, encodeView } from "./view.ts";

export function encodeTarget(target: Target, poolId: string): WireTarget {
  return {
    poolId,
    revision: BigInt(target.revision),
    mode: encodeMode(target.mode),
    view: encodeView(target.view, target.viewDigest),
    pins: [...target.pins].map(([name, version]) => ({ name, version })),
    shared: [...target.shared],
    packageSetDigest: target.packageSetDigest,
    sourceEndpointId: target.sourceEndpointId,
    sourceEndpoint: target.sourceEndpoint,
    author: target.author,
    message: target.message,
    createdAt: new Date(target.createdAtMs),
    bad: target.bad,
    restoresRevision: BigInt(target.restoresRevision),
    otherViews: target.otherViews.map(({ view, digest }) => encodeView(view, digest)),
  };
}

/** Throws Refusal INVALID_FIELD when the view is absent or wrong. */
export function decodeTarget(wire: WireTarget): Target {
  if (wire.view === undefined) {
    throw new Refusal("INVALID_FIELD", { field: "target.view", value: "", expected: "a view" });
  }
  return {
    revision: Number(wire.revision),
    mode: decodeMode(wire.mode),
    view: decodeView(wire.view),
    viewDigest: wire.view.digest,
    otherViews: wire.otherViews.map((view) => ({ view: decodeView(view), digest: view.digest })),
    pins: new Map(wire.pins.map(({ name, version }) => [name, version])),
    shared: wire.shared,
    packageSetDigest: wire.packageSetDigest,
    sourceEndpointId: wire.sourceEndpointId,
    sourceEndpoint: wire.sourceEndpoint,
    author: wire.author,
    message: wire.message,
    createdAtMs: wire.createdAt?.getTime() ?? 0,
    bad: wire.bad,
    restoresRevision: Number(wire.restoresRevision),
  };
}

export function encodeMode(mode: Mode): TargetMode {
  return mode === "mirror" ? TargetMode.MIRROR : TargetMode.VERSIONS;
}

/** UNSPECIFIED means versions. */
export function decodeMode(wire: TargetMode): Mode {
  return wire === TargetMode.MIRROR ? "mirror" : "versions";
}
