// The whole screen: header, the screen in front, footer, and what lies over them. Keys go in here, once.
import { Box, useApp, useInput, usePaste, useStdin } from "ink";
import { type ReactNode, useEffect, useEffectEvent, useMemo, useState, useSyncExternalStore } from "react";
import { Help, Question, ToastBox } from "./components/dialog.tsx";
import { Footer, footerKeyAt } from "./components/footer.tsx";
import { Header } from "./components/header.tsx";
import { type Places, PlacesContext, rowAt } from "./components/places.ts";
import { Offers, Prompt } from "./components/prompt.tsx";
import { helpLines } from "./keys/help-lines.ts";
import { keysOf } from "./keys/match.ts";
import type { MouseReport } from "./keys/mouse.ts";
import { paletteEntries } from "./palette/palette.ts";
import { Aged } from "./screens/aged.tsx";
import { DashboardScreen } from "./screens/dashboard/dashboard-screen.tsx";
import { EndpointScreen } from "./screens/endpoint/endpoint-screen.tsx";
import { EndpointsScreen } from "./screens/endpoints/endpoints-screen.tsx";
import { footerKeys } from "./screens/footer-keys.ts";
import { filterAside, hintLine } from "./screens/hints.ts";
import { HistoryScreen } from "./screens/history/history-screen.tsx";
import { linkLine } from "./screens/link-line.ts";
import { ListScreen } from "./screens/list/list-screen.tsx";
import { NothingScreen } from "./screens/nothing-screen.tsx";
import { OperationScreen } from "./screens/operation/operation-screen.tsx";
import { pathOf } from "./screens/path.ts";
import { PlanScreen } from "./screens/plan/plan-screen.tsx";
import { PoolScreen } from "./screens/pool/pool-screen.tsx";
import { PoolsScreen } from "./screens/pools/pools-screen.tsx";
import { TooSmallScreen } from "./screens/too-small-screen.tsx";
import { paste, press } from "./store/act.ts";
import { describeDeed } from "./store/deed.ts";
import { isTooSmall } from "./store/layout.ts";
import type { Effect, Outcome } from "./store/outcome.ts";
import { type Hit, point } from "./store/point.ts";
import { filterOf, type Select } from "./store/select.ts";
import { type Situation, situationOf } from "./store/situation.ts";
import type { Route, State } from "./store/state.ts";
import type { Store } from "./store/store.ts";
import { hearMouse } from "./terminal/mouse-input.ts";
import type { Line, Theme } from "./theme.ts";
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
  const [places] = useState<Places>(() => new Set());
  const pointed = useEffectEvent((report: MouseReport) => {
    store.together(() => take((situation) => point(hitOf(report, places, situation, theme), situation)));
  });
  const { stdin } = useStdin();
  useEffect(() => {
    const hearing = hearMouse(stdin, pointed);
    return () => hearing[Symbol.dispose]();
  }, [stdin]);
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
    <PlacesContext value={places}>
      <UiContext value={ui}>
        {/* Every line is fitted to its place already; clipping would take each of them apart again for every frame. */}
        <Box width={columns} height={rows} flexDirection="column">
          {isTooSmall(state) ? <TooSmallScreen /> : <Whole />}
        </Box>
      </UiContext>
    </PlacesContext>
  );
}

function hitOf({ kind, column, line }: MouseReport, places: Places, situation: Situation, theme: Theme): Hit {
  if (kind === "other") return { kind: "nothing" };
  if (kind !== "click") return { kind };
  const { columns, rows } = situation.state.size;
  if (line === rows - 1) {
    const key = footerKeyAt(column, { theme, width: columns, keys: footerKeys(situation) });
    return key === undefined ? { kind: "nothing" } : { kind: "key", key };
  }
  const index = rowAt(places, column, line);
  return index === undefined ? { kind: "nothing" } : { kind: "row", index };
}

function Whole(): ReactNode {
  const { state, situation, theme } = useUi();
  const { columns, rows } = state.size;
  const isUnheard = state.link.kind === "unset" || state.fleet.heardAtMs === 0;
  // The way to the server is worth a look all the more then.
  const hasNothing = isUnheard && situation.route.kind !== "connection";
  return (
    <>
      <Header theme={theme} width={columns} path={pathOf(state)} link={linkLine(state)} />
      <Box flexDirection="column" height={rows - 2}>
        {hasNothing ? (
          <NothingScreen />
        ) : (
          <Aged>
            <Screen route={situation.route} />
          </Aged>
        )}
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
    case "pools":
      return <PoolsScreen />;
    case "endpoints":
      return <EndpointsScreen />;
    case "endpoint":
      return <EndpointScreen endpointId={route.endpointId} />;
    case "plan":
      return <PlanScreen isRevert={route.isRevert} />;
    case "operation":
      return <OperationScreen operationId={route.operationId} />;
    case "history":
      return <HistoryScreen poolId={route.poolId} />;
    default:
      return <ListScreen route={route} />;
  }
}

function Overlay(): ReactNode {
  const { state, situation, theme } = useUi();
  const place = { theme, ...state.size };
  const { dialog } = state;
  switch (dialog?.kind) {
    case "help":
      return <Help {...place} lines={(width) => helpLines(situation, width)} top={dialog.top} />;
    case "confirm":
      return <Question {...place} {...describeDeed(dialog.deed)} top={dialog.top} />;
    case "typed":
      return (
        <Question {...place} {...describeDeed(dialog.deed)} field={dialog.field} word={dialog.word} top={dialog.top} />
      );
    case "message":
      return <Question {...place} {...describeDeed(dialog.deed)} field={dialog.field} asks="message" />;
    case "palette": {
      const { field, chosen } = dialog;
      const offers = paletteEntries(field.text, situation);
      return (
        <>
          <Offers {...place} offers={offers} chosen={chosen} nothing="nothing is called that" />
          <Prompt {...place} sign=":" field={field} aside={PALETTE_KEYS} />
        </>
      );
    }
    case undefined:
      return state.isFiltering ? <FilterLine /> : <Passing state={state} theme={theme} />;
  }
}

const PALETTE_KEYS: Line = hintLine([
  ["↑ ↓", "choose"],
  ["Tab", "complete"],
  ["Enter", "do it"],
  ["Esc", "leave"],
]);

function FilterLine(): ReactNode {
  const { state, situation, theme } = useUi();
  const field = { text: filterOf(state, situation.route), cursor: state.filterCursor };
  return <Prompt theme={theme} {...state.size} sign="/" field={field} aside={filterAside(field, situation.route)} />;
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
