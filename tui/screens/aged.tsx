// Whatever is drawn within is live, or it is seen at once that it is not: faint, in broken lines, while the header says how
// old it is. Rows, selection and place stay, so that nothing jumps when the server is back.
import { type ReactNode, useMemo } from "react";
import { isStale } from "../store/freshness.ts";
import { staleTheme } from "../theme.ts";
import { UiContext, useUi } from "../ui.ts";

export function Aged({ children }: { readonly children: ReactNode }): ReactNode {
  const ui = useUi();
  const isOld = isStale(ui.state);
  const stale = useMemo(() => staleTheme(ui.theme), [ui.theme]);
  const aged = useMemo(() => (isOld ? { ...ui, theme: stale } : ui), [ui, isOld, stale]);
  return <UiContext value={aged}>{children}</UiContext>;
}
