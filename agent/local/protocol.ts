// What is said over the agent's own socket: one JSON object a line, one answer for each. Must not know sockets.
import * as z from "zod/mini";

/** A question is a few words; anything longer is a mistake or an attack. */
export const MAX_QUESTION_BYTES = 4_096;
/** A plan of thousands of packages with their sentences stays far below. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

const QuestionSchema = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("status"), fresh: z.optional(z.boolean()) }),
  z.strictObject({ do: z.literal("summary") }),
  z.strictObject({
    do: z.literal("plan"),
    revert: z.optional(z.boolean()),
    revertOperation: z.optional(z.string()),
    update: z.optional(z.boolean()),
    repair: z.optional(z.boolean()),
  }),
  z.strictObject({ do: z.literal("moments") }),
  z.strictObject({ do: z.literal("run"), plan: z.string() }),
  z.strictObject({ do: z.literal("operation"), id: z.string() }),
  z.strictObject({ do: z.literal("shut-down") }),
]);

/**
 * `status`: how this machine stands to the delivered target, with `fresh` after its database was read again. `summary`:
 * the same as the status file has it, of this moment. `plan`: what would be done about it, on the way back, for an update
 * to the newest of the machine's own repositories, or to repair torn entries; changes nothing.
 * `moments`: what it can be returned to. `run`: executes the plan of that digest, which was asked for before; answers
 * with the operation's id. `operation`: how far it is, or how it ended. `shut-down`: the machine goes down; what waits for
 * that begins. Answers with what is under way.
 */
export type Question = Readonly<z.infer<typeof QuestionSchema>>;

/** `answer` is the status or the plan as JSON; `reason` comes from the closed list, or is BAD_QUESTION or FAILED. */
export type Answer =
  | { readonly ok: true; readonly answer: unknown }
  | { readonly ok: false; readonly reason: string; readonly message: string; readonly details: readonly string[] };

/** A question, or the answer that tells what is wrong with it. */
export function parseQuestion(line: string): Question | Extract<Answer, { ok: false }> {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    return badQuestion("the line is not JSON");
  }
  const parsed = QuestionSchema.safeParse(raw);
  return parsed.success
    ? parsed.data
    : badQuestion("known are status, summary, plan, moments, run, operation and shut-down");
}

export function badQuestion(why: string): Extract<Answer, { ok: false }> {
  const message = `the agent did not understand: ${why}; ask for example {"do":"status"}`;
  return { ok: false, reason: "BAD_QUESTION", message, details: [] };
}
