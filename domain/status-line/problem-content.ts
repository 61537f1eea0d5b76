// What the line says when nothing can be known, or something is wrong with the bar's own set-up: never silence.
import { CONDITION_FACES, STATUS_FACES } from "../face/faces.ts";
import type { BarSummary, Problem } from "./bar-summary.ts";
import type { LineAlt, LineClass, LineContent } from "./line-content.ts";

const FACE_OF = {
  setup: { alt: "unknown", classes: ["unknown"] },
  server: { alt: "offline", classes: ["unknown", "offline"] },
  config: { alt: "error", classes: ["unknown", "error"] },
  key: { alt: "error", classes: ["unknown", "error"] },
  pool: { alt: "error", classes: ["unknown", "error"] },
  endpoint: { alt: "error", classes: ["unknown", "error"] },
  defect: { alt: "error", classes: ["unknown", "error"] },
} as const satisfies Record<Problem, { readonly alt: LineAlt; readonly classes: readonly LineClass[] }>;

const WHAT = {
  setup: "not set up",
  server: "no server",
  config: "its configuration is wrong",
  key: "its key is wrong",
  pool: "no such pool",
  endpoint: "no such endpoint",
  defect: "it failed",
} as const satisfies Record<Problem, string>;

export function problemContent({ problem, sentence }: Extract<BarSummary, { kind: "problem" }>): LineContent {
  const { alt, classes } = FACE_OF[problem];
  const face = alt === "error" ? CONDITION_FACES.error : STATUS_FACES.unknown;
  return {
    text: `${problem === "setup" ? "?" : "!"} ${problem}`,
    alt,
    classes,
    percentage: 0,
    tooltip: [`pacpool: ${WHAT[problem]}`, ...sentence.split("\n")],
    isDim: false,
    isQuiet: false,
    fields: { icon: face.glyph, status: "unknown", reason: sentence },
  };
}

/** The same line with the problem in front of it: what is known stays right, and the person's mistake is not hidden. */
export function withProblem(content: LineContent, problem: Extract<BarSummary, { kind: "problem" }>): LineContent {
  const front = problemContent(problem);
  return {
    ...content,
    text: `${front.text} ${content.text}`,
    alt: "error",
    classes: [...new Set<LineClass>([...content.classes, "error"])],
    tooltip: [...front.tooltip, ...content.tooltip],
    isQuiet: false,
  };
}
