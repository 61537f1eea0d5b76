// What a verb's options cannot say of it: what it does in full, how it ends, and what belongs to it. A test
// holds that every verb has it and that everything under `see` exists.

/** Which exit codes a verb has; ends.ts has the sentences. */
export type Ends = "local" | "reads" | "verifies" | "changes" | "deed" | "process" | "bar";

export interface About {
  /** Full sentences. */
  readonly says: string;
  readonly ends: Ends;
  /** Other verbs, or pages with their section: "pacpool-agent.toml(5)". */
  readonly see: readonly string[];
}

export function about(ends: Ends, says: string, ...see: readonly string[]): About {
  return { says, ends, see };
}
