// How findings name things: lists that end before they tire, and one place that bounds what a suggestion carries.
import { MAX_NAMED, type Suggestion } from "./analysis.ts";

const SHOWN = 3;

/** "a", "a and b", "a, b, c and 4 more". */
export function namesOf(names: readonly string[], shown = SHOWN): string {
  const [first = "", ...others] = names;
  if (others.length === 0) return first;
  if (names.length <= shown) return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
  return `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`;
}

export function plural(things: readonly unknown[] | number, one: string, many: string): string {
  return (typeof things === "number" ? things : things.length) === 1 ? one : many;
}

/** "1 package", "2 packages". */
export function counted(count: number, noun: string): string {
  return `${count} ${plural(count, noun, `${noun}s`)}`;
}

/** Names are bounded here, so that an answer stays small whatever the fleet. */
export function finding(
  one: Omit<Suggestion, "endpoints" | "packages"> & Partial<Pick<Suggestion, "endpoints" | "packages">>,
): Suggestion {
  const { endpoints = [], packages = [] } = one;
  return { ...one, endpoints: endpoints.slice(0, MAX_NAMED), packages: packages.slice(0, MAX_NAMED) };
}
