// Which row of a list lies where on the screen, for the mouse: panels say what their lines are of, the layout says where
// the panels are. Read when somebody clicks, so that drawing costs nothing more.
import { type DOMElement, measureElement } from "ink";
import { createContext, type RefObject, useContext, useEffect, useLayoutEffect, useRef } from "react";
import type { PanelLine } from "./panel.tsx";

interface Place {
  readonly element: RefObject<DOMElement | null>;
  lines: readonly PanelLine[];
}

export type Places = Set<Place>;

export const PlacesContext = createContext<Places | undefined>(undefined);

/** For the box of a panel that has these lines, its border around them. */
export function usePlace(lines: readonly PanelLine[]): RefObject<DOMElement | null> {
  const places = useContext(PlacesContext);
  const element = useRef<DOMElement>(null);
  const place = useRef<Place>({ element, lines });
  useLayoutEffect(() => {
    place.current.lines = lines;
  });
  useEffect(() => {
    const mine = place.current;
    places?.add(mine);
    return () => {
      places?.delete(mine);
    };
  }, [places]);
  return element;
}

/** The index in its list of the row that is there, of the panel that came last and so lies uppermost. */
export function rowAt(places: Places, column: number, line: number): number | undefined {
  for (const { element, lines } of [...places].reverse()) {
    if (element.current === null) continue;
    const { x, y, width, height } = measureElement(element.current);
    if (column >= x && column < x + width && line >= y && line < y + height) return lines[line - y - 1]?.row;
  }
  return undefined;
}
