// Views, wire <-> domain. The digest on the wire is checked by whoever can hash; here only the shape is.
import { checkView, type View } from "../../domain/view/view.ts";
import type { View as WireView } from "../../proto/generated/pacpool/v1/view.ts";

export function encodeView(view: View, digest: string): WireView {
  return {
    digest,
    architecture: view.architecture,
    class: view.class,
    databases: view.databases.map((one) => ({
      repository: one.repository,
      sha256: one.sha256,
      size: BigInt(one.size),
    })),
  };
}

/** Throws Refusal INVALID_FIELD or TOO_LARGE. */
export function decodeView(wire: WireView): View {
  return checkView({
    architecture: wire.architecture,
    class: wire.class,
    databases: wire.databases.map((one) => ({
      repository: one.repository,
      sha256: one.sha256,
      size: Number(one.size),
    })),
  });
}
