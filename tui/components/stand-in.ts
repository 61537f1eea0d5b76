// A row that carries its styles costs Ink a long measuring in every frame. Where somebody puts the rows in place afterwards,
// Ink is given a plain text of the same width instead; without such a somebody the row itself is drawn.
import { createContext, useContext, useEffect, useMemo } from "react";

export interface StandIn {
  readonly text: string;
  /** Nobody will ask for the row again. */
  readonly release: () => void;
}

export type StandInFor = (row: string) => StandIn;

export const StandIns = createContext<StandInFor | undefined>(undefined);

/** What Ink is to be given for the row. */
export function useStandIn(row: string): string {
  const standInFor = useContext(StandIns);
  const standIn = useMemo(() => standInFor?.(row), [standInFor, row]);
  useEffect(() => standIn?.release, [standIn]);
  return standIn?.text ?? row;
}
