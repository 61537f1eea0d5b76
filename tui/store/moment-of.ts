// Where Enter leads from rows that are no list items: a package from a drift or a plan, a target from a history. Pure.
import type { ListRoute, Route } from "./state.ts";

/** What a row of a drift, a plan or a history opens; undefined where it opens nothing. */
export function momentOf(route: Route, id: string, poolId: string): ListRoute | undefined {
  switch (route.kind) {
    case "endpoint":
      return id === "" ? undefined : { kind: "package", poolId, name: id };
    case "plan": {
      const [action = "", name = ""] = id.split(" ");
      const isPackage = name !== "" && action !== "#" && action !== "warning" && action !== "detail";
      return isPackage ? { kind: "package", poolId, name } : undefined;
    }
    case "history":
      return id === "" ? undefined : { kind: "target", poolId, revision: Number(id) };
    default:
      return undefined;
  }
}
