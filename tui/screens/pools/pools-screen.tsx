// The pools, and all of the selected one below them.
import type { ReactNode } from "react";
import { layoutOf } from "../../store/layout.ts";
import { useUi } from "../../ui.ts";
import { PoolDetail } from "./pool-detail.tsx";
import { PoolList } from "./pool-list.tsx";

export function PoolsScreen(): ReactNode {
  const ui = useUi();
  const { state, select, situation } = ui;
  const { detail } = layoutOf(state, situation.route, select);
  const { pool } = situation;
  return (
    <>
      <PoolList screen="pools" />
      {detail > 0 && pool !== undefined ? (
        <PoolDetail ui={ui} pool={pool} width={state.size.columns} height={detail} />
      ) : null}
    </>
  );
}
