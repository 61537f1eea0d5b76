// The whole screen: header, the screen in front, footer, and what lies over them. Keys go in here, once.
import { Box, useApp, useInput, usePaste } from "ink";
import { type ReactNode, useMemo, useSyncExternalStore } from "react";
import { Help, Question, ToastBox } from "./components/dialog.tsx";
import { Footer, type FooterKey } from "./components/footer.tsx";
import { Header } from "./components/header.tsx";
import { bindingsOf, shownKey } from "./keys/bindings.ts";
import { keysOf } from "./keys/match.ts";
import { DashboardScreen } from "./screens/dashboard/dashboard-screen.tsx";
import { EndpointScreen } from "./screens/endpoint/endpoint-screen.tsx";
import { helpLines } from "./screens/help-lines.ts";
import { HistoryScreen } from "./screens/history/history-screen.tsx";
import { linkLine } from "./screens/link-line.ts";
import { NothingScreen } from "./screens/nothing-screen.tsx";
import { OperationScreen } from "./screens/operation/operation-screen.tsx";
import { pathOf } from "./screens/path.ts";
import { PlanScreen } from "./screens/plan/plan-screen.tsx";
import { PoolScreen } from "./screens/pool/pool-screen.tsx";
import { TooSmallScreen } from "./screens/too-small-screen.tsx";
import { paste, press } from "./store/act.ts";
import { describeDeed } from "./store/deed.ts";
import { isTooSmall } from "./store/layout.ts";
import type { Effect, Outcome } from "./store/outcome.ts";
import type { Select } from "./store/select.ts";
import { type Situation, situationOf } from "./store/situation.ts";
import type { Route, State } from "./store/state.ts";
import type { Store } from "./store/store.ts";
import type { Theme } from "./theme.ts";
import { UiContext, useUi } from "./ui.ts";

/** What Ink lets an effect do with the terminal. */
export type Terminal = ReturnType<typeof useApp>;

export interface AppProps {
  readonly store: Store;
  readonly select: Select;
  readonly theme: Theme;
  readonly perform: (effect: Effect, terminal: Terminal) => void;
}

export function App({ store, select, theme, perform }: AppProps): ReactNode {
  const state = useSyncExternalStore(store.subscribe, store.getState);
  const terminal = useApp();
  const take = (answer: (situation: Situation) => Outcome): void => {
    const { events, effects } = answer(situationOf(store.getState(), select));
    for (const event of events) store.dispatch(event);
    for (const effect of effects) perform(effect, terminal);
  };
  useInput((input, key) => {
    store.together(() => {
      // Each key sees what the one before it did, however many came in one read.
      for (const name of keysOf(input, key)) take((situation) => press(name, situation));
    });
  });
  usePaste((text) => {
    store.together(() => {
      take((situation) => paste(text, situation));
    });
  });
  const ui = useMemo(() => ({ state, select, situation: situationOf(state, select), theme }), [state, select, theme]);
  const { columns, rows } = state.size;
  return (
    <UiContext value={ui}>
      {/* Every line is fitted to its place already; clipping would take each of them apart again for every frame. */}
      <Box width={columns} height={rows} flexDirection="column">
        {isTooSmall(state) ? <TooSmallScreen /> : <Whole />}
      </Box>
    </UiContext>
  );
}

function Whole(): ReactNode {
  const { state, situation, theme } = useUi();
  const { columns, rows } = state.size;
  const hasNothing = state.link.kind === "unset" || state.fleet.heardAtMs === 0;
  return (
    <>
      <Header theme={theme} width={columns} path={pathOf(state)} link={linkLine(state)} />
      <Box flexDirection="column" height={rows - 2}>
        {hasNothing ? <NothingScreen /> : <Screen route={situation.route} />}
      </Box>
      <Footer theme={theme} width={columns} keys={footerKeys(situation)} />
      <Overlay />
    </>
  );
}

function Screen({ route }: { readonly route: Route }): ReactNode {
  switch (route.kind) {
    case "dashboard":
      return <DashboardScreen />;
    case "pool":
      return <PoolScreen poolId={route.poolId} />;
    case "endpoint":
      return <EndpointScreen endpointId={route.endpointId} />;
    case "plan":
      return <PlanScreen isRevert={route.isRevert} />;
    case "operation":
      return <OperationScreen operationId={route.operationId} />;
    case "history":
      return <HistoryScreen poolId={route.poolId} />;
  }
}

function Overlay(): ReactNode {
  const { state, situation, theme } = useUi();
  const place = { theme, ...state.size };
  const { dialog } = state;
  switch (dialog?.kind) {
    case "help":
      return <Help {...place} lines={(width) => helpLines(situation, width)} top={dialog.top} />;
    case "confirm": {
      const { title, lines, confirm } = describeDeed(dialog.deed);
      return <Question {...place} title={title} lines={lines} confirm={confirm} />;
    }
    case "message": {
      const { title, lines, confirm } = describeDeed(dialog.deed);
      return <Question {...place} title={title} lines={lines} confirm={confirm} field={dialog.field} />;
    }
    case undefined:
      return <Passing state={state} theme={theme} />;
  }
}

const TOAST_GLYPHS = { good: "✓", notice: "·", danger: "!" } as const;

function Passing({ state, theme }: { readonly state: State; readonly theme: Theme }): ReactNode {
  const place = { theme, ...state.size };
  if (state.toast !== undefined) {
    const { tone, text } = state.toast;
    return <ToastBox {...place} tone={tone} glyph={TOAST_GLYPHS[tone]} text={text} />;
  }
  return state.doing === undefined ? null : <ToastBox {...place} tone="busy" glyph="»" text={`${state.doing} …`} />;
}

const FOOTER_KEPT = new Set(["back", "help", "quit"]);

export function footerKeys(situation: Situation): readonly FooterKey[] {
  const { dialog, isFiltering } = situation.state;
  const only = (...pairs: readonly (readonly [string, string])[]): readonly FooterKey[] =>
    pairs.map(([key, label]) => ({ key, label, isDisabled: false, isKept: true }));
  if (dialog?.kind === "help") return only(["j k", "scroll"], ["Esc", "close"]);
  if (dialog !== undefined) return only(["Enter", "yes"], ["Esc", "no"]);
  if (isFiltering) return only(["Enter", "keep the filter"], ["Esc", "clear it"]);
  if (situation.state.fleet.heardAtMs === 0) return only(["?", "help"], ["q", "quit"]);
  // Back at home, and what an operation in this state cannot do, would only be in the way.
  const isOperation = situation.route.kind === "operation";
  const shown = bindingsOf(situation.route.kind).flatMap(({ keys: [key = ""], footer, action, group, disabled }) => {
    const isDisabled = disabled(situation) !== undefined;
    const isHidden = isDisabled && (action === "back" || (isOperation && group === "do"));
    if (footer === undefined || isHidden) return [];
    return [{ key: shownKey(key), label: footer, isDisabled, isKept: FOOTER_KEPT.has(action) }];
  });
  return [...shown.filter(({ isKept }) => !isKept), ...shown.filter(({ isKept }) => isKept)];
}
