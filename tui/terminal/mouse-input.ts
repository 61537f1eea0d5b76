// Takes the mouse's reports out of what a terminal sends, before Ink, which knows keys only and drops them. What lies before
// a report is handled before it, so that a click and the keys after it come in their order.
import { type MouseReport, mouseReport } from "../keys/mouse.ts";

/** What Ink reads from. */
export interface KeyInput {
  read: () => unknown;
}

const ESCAPE = "\u001b";
const PASTE_BEGIN = `${ESCAPE}[200~`;
const PASTE_END = `${ESCAPE}[201~`;
/** A report that was cut by the end of a read; a lone escape is the key. */
const CUT = new RegExp(`${ESCAPE}\\[<[\\d;]{0,16}$`, "u");
const REPORTS = new RegExp(`${ESCAPE}\\[<\\d{1,3};\\d{1,5};\\d{1,5}[Mm]`, "gu");

/** Disposing gives the input its own way back. */
export function hearMouse(input: KeyInput, heard: (report: MouseReport) => void): Disposable {
  const read = input.read;
  const readOn = read.bind(input);
  const split = splitReports();
  const waiting: Part[] = [];
  input.read = () => {
    for (;;) {
      const part = waiting.shift();
      if (part === undefined) {
        const chunk = readOn();
        if (typeof chunk !== "string") return chunk;
        waiting.push(...split(chunk));
        if (waiting.length === 0) return null;
        continue;
      }
      if (part.report === undefined) return part.text;
      heard(part.report);
    }
  };
  return {
    [Symbol.dispose]: () => {
      input.read = read;
    },
  };
}

interface Part {
  readonly text: string;
  readonly report?: MouseReport | undefined;
}

/** Reports and what lies between them, of one read after the other. Pasted text is left whole: it must never click. */
export function splitReports(): (chunk: string) => readonly Part[] {
  let cut = "";
  let isPasting = false;
  return (chunk) => {
    const parts: Part[] = [];
    let rest = cut + chunk;
    cut = "";
    while (rest !== "") {
      const mark = isPasting ? PASTE_END : PASTE_BEGIN;
      const at = rest.indexOf(mark);
      const end = at < 0 ? rest.length : at + mark.length;
      const piece = rest.slice(0, end);
      if (isPasting) parts.push({ text: piece });
      else parts.push(...reportsIn(at < 0 ? withoutCut(piece) : piece));
      if (at >= 0) isPasting = !isPasting;
      rest = rest.slice(end);
    }
    return parts;
  };

  function withoutCut(piece: string): string {
    cut = CUT.exec(piece)?.[0] ?? "";
    return piece.slice(0, piece.length - cut.length);
  }
}

function reportsIn(text: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const { 0: sequence, index } of text.matchAll(REPORTS)) {
    parts.push({ text: text.slice(from, index) }, { text: sequence, report: mouseReport(sequence.slice(1)) });
    from = index + sequence.length;
  }
  return [...parts, { text: text.slice(from) }].filter((part) => part.text !== "");
}
