// What a terminal reports of its mouse in SGR form (mode 1006), one report at a time: the parser of keys takes a read apart.

export interface MouseReport {
  readonly kind: "click" | "wheel-up" | "wheel-down" | "other";
  /** From 0, at the left. */
  readonly column: number;
  /** From 0, at the top. */
  readonly line: number;
}

/** Without the escape character, as Ink hands it on. */
const REPORT = /^\[<(?<button>\d{1,3});(?<column>\d{1,5});(?<line>\d{1,5})(?<end>[Mm])$/u;

const WHEEL = 64;
const BUTTONS = 3;
/** Moved while a button is held. */
const MOTION = 32;

/** Undefined for what is no report of a mouse. */
export function mouseReport(input: string): MouseReport | undefined {
  const groups = REPORT.exec(input)?.groups;
  if (groups === undefined) return undefined;
  const button = Number(groups["button"]);
  return {
    kind: kindOf(button, groups["end"] === "M"),
    column: Number(groups["column"]) - 1,
    line: Number(groups["line"]) - 1,
  };
}

function kindOf(button: number, isPressed: boolean): MouseReport["kind"] {
  if ((button & WHEEL) !== 0) {
    // To the left and to the right there is nothing to scroll.
    return (button & BUTTONS) === 0 ? "wheel-up" : (button & BUTTONS) === 1 ? "wheel-down" : "other";
  }
  return isPressed && (button & (BUTTONS | MOTION)) === 0 ? "click" : "other";
}
