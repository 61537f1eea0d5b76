// The keys of the last line, from the key table: those of the screen in front, or of what lies over it.
import type { FooterKey } from "../components/footer.tsx";
import { bindingsOf, shownKey } from "../keys/bindings.ts";
import type { Situation } from "../store/situation.ts";

/** Left out, not faint, when they cannot be done: at home, on other machines, without an operation. */
const HIDDEN: ReadonlySet<string> = new Set(["back", "approve", "cancel", "update"]);

/** Stay when there is no room for all. */
const FOOTER_KEPT: ReadonlySet<string> = new Set(["back", "help", "quit"]);

export function footerKeys(situation: Situation): readonly FooterKey[] {
  const { dialog, isFiltering } = situation.state;
  const only = (...pairs: readonly (readonly [string, string])[]): readonly FooterKey[] =>
    pairs.map(([name, label]) => {
      const shown = name.split(" ").map(shownKey).join(" ");
      return { key: shown, press: name.includes(" ") ? undefined : name, label, isDisabled: false, isKept: true };
    });
  if (dialog?.kind === "help") return only(["j k", "scroll"], ["escape", "close"]);
  if (dialog !== undefined) return only(["enter", "yes"], ["escape", "no"]);
  if (isFiltering) return [];
  if (situation.state.fleet.heardAtMs === 0) return only(["?", "help"], ["q", "quit"]);
  // What an operation in this state cannot do would only be in the way.
  const isOperation = situation.route.kind === "operation";
  const shown = bindingsOf(situation.route.kind).flatMap(({ keys: [key = ""], footer, action, group, disabled }) => {
    if (footer === undefined) return [];
    const isDisabled = disabled(situation) !== undefined;
    const isHidden = isDisabled && (HIDDEN.has(action) || (isOperation && group === "do"));
    if (isHidden) return [];
    return [{ key: shownKey(key), press: key, label: footer, isDisabled, isKept: FOOTER_KEPT.has(action) }];
  });
  return [...shown.filter(({ isKept }) => !isKept), ...shown.filter(({ isKept }) => isKept)];
}
