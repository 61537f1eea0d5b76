// Adds the module to a person's WayBar configuration: which bar, which list, which file, and nothing that is there
// already. Works on texts; must not read or write files.
import type { BarModule } from "./bar-module.ts";
import { type JsoncNode, memberOf, parseJsonc, textsOf } from "./jsonc.ts";
import { addFirst, addMembers, applyEdits, replaceValue, type TextEdit } from "./jsonc-edit.ts";

export interface ConfigurationFile {
  readonly path: string;
  readonly text: string;
}

export interface ConfigurationWish {
  readonly module: BarModule;
  readonly list: "modules-left" | "modules-center" | "modules-right";
  /** A bar's `name`, its place in the file from 1, or "all"; undefined: the first. */
  readonly bar: string | undefined;
  /** Puts the module as it is written today in the place of an older one. */
  readonly renew: boolean;
  /** An included file as WayBar would find it; undefined when there is none. Throws for one that cannot be read. */
  readonly readIncluded: (named: string) => ConfigurationFile | undefined;
}

export interface ConfigurationChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export interface ConfigurationPlan {
  /** Empty when everything is there already. */
  readonly changes: readonly ConfigurationChange[];
  /** What a person should know of it, one sentence each. */
  readonly notes: readonly string[];
}

/** The configuration is not understood, or does not have what was named; the message says what to do. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

type ObjectNode = Extract<JsoncNode, { readonly kind: "object" }>;

/** A bar with everything that its includes add, the bar's own file first: what stands first counts. */
interface BarSources {
  readonly own: ObjectNode;
  readonly all: readonly { readonly file: ConfigurationFile; readonly node: ObjectNode }[];
}

const LISTS = ["modules-left", "modules-center", "modules-right"] as const;
/** As WayBar: includes may include. */
const MAX_INCLUDED = 100;

/** Throws ConfigurationError. */
export function planConfiguration(file: ConfigurationFile, wish: ConfigurationWish): ConfigurationPlan {
  const bars = chooseBars(file, wish.bar);
  const edits = new Map<ConfigurationFile, readonly TextEdit[]>();
  const notes: string[] = [...bars.notes];
  const add = (to: ConfigurationFile, more: readonly TextEdit[]): void => {
    edits.set(to, [...(edits.get(to) ?? []), ...more]);
  };
  for (const own of bars.chosen) {
    const sources = withIncludes(file, own, wish);
    const missing = [...listed(file, sources, wish, add, notes), ...defined(sources, wish, add, notes)];
    add(file, addMembers(file.text, own, missing));
  }
  const changes = [...edits].filter(([, some]) => some.length > 0);
  return {
    changes: changes.map(([{ path, text }, some]) => ({ path, before: text, after: applyEdits(text, unique(some)) })),
    notes,
  };
}

/** A list of one included file that two bars share is added to once. */
function unique(edits: readonly TextEdit[]): readonly TextEdit[] {
  return edits.filter(
    (edit, at) =>
      edits.findIndex(({ from, to, text }) => from === edit.from && to === edit.to && text === edit.text) === at,
  );
}

function chooseBars(file: ConfigurationFile, wanted: string | undefined): { chosen: ObjectNode[]; notes: string[] } {
  const root = parse(file);
  const bars = (root.kind === "array" ? root.elements : [root]).filter((node) => node.kind === "object");
  if (bars.length === 0 || (root.kind === "array" && bars.length !== root.elements.length)) {
    throw new ConfigurationError(`${file.path} is not a bar or a list of bars; see waybar(5)`);
  }
  if (wanted === "all") return { chosen: bars, notes: [] };
  const names = bars.map((bar, at) => nameOf(bar) ?? String(at + 1));
  if (wanted === undefined) {
    const others = names.slice(1);
    const note = `it has ${String(bars.length)} bars and the first one (${names[0] ?? ""}) gets the module; --bar takes ${others.join(", ")} or all`;
    return { chosen: bars.slice(0, 1), notes: bars.length > 1 ? [note] : [] };
  }
  const found = bars.find((bar, at) => nameOf(bar) === wanted || String(at + 1) === wanted);
  if (found === undefined) {
    throw new ConfigurationError(`${file.path} has no bar ${wanted}; --bar takes ${names.join(", ")} or all`);
  }
  return { chosen: [found], notes: [] };
}

function nameOf(bar: JsoncNode): string | undefined {
  const name = memberOf(bar, "name")?.value;
  return name?.kind === "plain" && typeof name.value === "string" ? name.value : undefined;
}

function parse(file: ConfigurationFile): JsoncNode {
  try {
    return parseJsonc(file.text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(
      `${file.path} is not understood: ${why}. Mend that, or paste what \`pacpool waybar config\` prints`,
      { cause },
    );
  }
}

function withIncludes(file: ConfigurationFile, own: ObjectNode, { readIncluded }: ConfigurationWish): BarSources {
  const all = [{ file, node: own }];
  for (const { node } of all) {
    const include = memberOf(node, "include")?.value;
    const named =
      include?.kind === "plain" && typeof include.value === "string" ? [include.value] : (textsOf(include) ?? []);
    for (const name of named) {
      const found = readIncluded(name);
      if (found === undefined || all.some(({ file: { path } }) => path === found.path)) continue;
      const included = parse(found);
      if (included.kind !== "object") throw new ConfigurationError(`${found.path} is included and is not an object`);
      if (all.length > MAX_INCLUDED) throw new ConfigurationError(`${file.path} includes too many files`);
      all.push({ file: found, node: included });
    }
  }
  return { own, all };
}

type Add = (to: ConfigurationFile, edits: readonly TextEdit[]) => void;

type Member = readonly [name: string, value: unknown];

/** The module itself; it is missing in the bar's own file unless something has it. */
function defined(sources: BarSources, wish: ConfigurationWish, add: Add, notes: string[]): readonly Member[] {
  const { name, value } = wish.module;
  const there = sources.all.find(({ node }) => memberOf(node, name) !== undefined);
  const member = memberOf(there?.node, name);
  if (there === undefined || member === undefined) return [[name, value]];
  if (JSON.stringify(plainOf(member.value)) === JSON.stringify(value)) return [];
  if (wish.renew) add(there.file, replaceValue(there.file.text, member.value, value));
  else notes.push(`${there.file.path} has a ${name} of its own, which stays; --renew replaces it`);
  return [];
}

/** Puts its name into a list of modules, unless it is in one, or in a group, already; answers with a list of its own. */
function listed(
  file: ConfigurationFile,
  sources: BarSources,
  wish: ConfigurationWish,
  add: Add,
  notes: string[],
): readonly Member[] {
  const { name } = wish.module;
  if (sources.all.some(({ node }) => isListed(node, name))) return [];
  const place = sources.all.find(({ node }) => memberOf(node, wish.list) !== undefined);
  const member = memberOf(place?.node, wish.list);
  if (place === undefined || member === undefined) return [[wish.list, [name]]];
  if (member.value.kind !== "array") {
    throw new ConfigurationError(`${place.file.path}: ${wish.list} is not a list; see waybar(5)`);
  }
  if (place.file !== file) notes.push(`${wish.list} stands in ${place.file.path}, which is included`);
  add(place.file, addFirst(place.file.text, member.value, name));
  return [];
}

function isListed(bar: ObjectNode, name: string): boolean {
  const inGroups = bar.members
    .filter((member) => member.name.startsWith("group/"))
    .map((member) => memberOf(member.value, "modules")?.value);
  const lists = [...LISTS.map((one) => memberOf(bar, one)?.value), ...inGroups];
  return lists.some((node) => textsOf(node)?.includes(name) === true);
}

function plainOf(node: JsoncNode): unknown {
  switch (node.kind) {
    case "plain":
      return node.value;
    case "array":
      return node.elements.map(plainOf);
    case "object":
      return Object.fromEntries(node.members.map((member) => [member.name, plainOf(member.value)]));
  }
}
