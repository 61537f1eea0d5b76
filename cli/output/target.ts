// Targets as JSON and as tables.
import { HEADINGS } from "../../domain/face/headings.ts";
import type { ClassView, Target } from "../../domain/target/target.ts";
import type { View } from "../../domain/view/view.ts";
import type { Terminal } from "../terminal.ts";
import { printFacts } from "./facts.ts";
import { jsonTime } from "./json.ts";
import { ago, counted, localTime, short } from "./words.ts";

/** `digest` is that of the source's package set; what the repositories were is `viewDigest`. */
export function targetJson(target: Target): Readonly<Record<string, unknown>> {
  return {
    revision: target.revision,
    digest: target.packageSetDigest,
    message: target.message,
    source: target.sourceEndpoint,
    time: jsonTime(target.createdAtMs),
    author: target.author,
    mode: target.mode,
    viewDigest: target.viewDigest,
    views: classViews(target).map(({ view, digest }) => ({ class: view.class, digest })),
    pins: [...target.pins].map(([name, version]) => ({ name, version })),
    shared: target.shared,
    bad: target.bad,
    restoresRevision: target.restoresRevision === 0 ? null : target.restoresRevision,
  };
}

function classViews({ view, viewDigest, otherViews }: Target): readonly ClassView[] {
  return [{ view, digest: viewDigest }, ...otherViews];
}

function viewWords({ databases, architecture }: View): string {
  return `${databases.map(({ repository }) => repository).join(", ")} (${architecture})`;
}

export function printTargets(terminal: Terminal, targets: readonly Target[]): void {
  terminal.printTable(
    [
      { title: HEADINGS.target, align: "right" },
      { title: HEADINGS.when },
      { title: HEADINGS.from },
      { title: HEADINGS.by },
      { title: HEADINGS.mode },
      { title: "PINS", align: "right" },
      { title: HEADINGS.message, flexible: true },
    ],
    targets.map((target) => [
      {
        text: String(target.revision),
        paint: (text: string) => (target.bad ? terminal.paint("danger", text) : text),
      },
      localTime(target.createdAtMs),
      target.sourceEndpoint,
      target.author,
      target.mode,
      String(target.pins.size),
      remarks(target),
    ]),
  );
}

export function printTarget(terminal: Terminal, target: Target): void {
  printFacts(terminal, [
    ["target", { text: String(target.revision), paint: (text) => terminal.paint("strong", text) }],
    ["message", remarks(target)],
    ["from", `${target.sourceEndpoint}, ${ago(target.createdAtMs)}, by ${target.author}`],
    ["mode", target.mode],
    ["view", `${viewWords(target.view)} ${short(target.viewDigest)}`],
    ...target.otherViews.map(({ view, digest }): [string, string] => ["view", `${viewWords(view)} ${short(digest)}`]),
    ["set", short(target.packageSetDigest)],
    ["shared", target.shared.join(" ")],
    ["pins", target.pins.size === 0 ? "" : counted(target.pins.size, "package")],
    ...[...target.pins].map(([name, version]) => [" ", `${name} ${version}`] as const),
  ]);
}

function remarks(target: Target): string {
  const restores = target.restoresRevision === 0 ? [] : [`(as ${String(target.restoresRevision)})`];
  return [...(target.bad ? ["[bad]"] : []), target.message, ...restores].filter((part) => part !== "").join(" ");
}
