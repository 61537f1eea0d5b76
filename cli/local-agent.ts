// What the machine's own agent can answer when there is no server, no key or no network.

import { SYNC_STATUSES } from "../domain/drift/sync-status.ts";
import { waysOut } from "../domain/drift/ways-out.ts";
import { EXIT } from "./exit-code.ts";
import { tellFailure, unwrap } from "./failure.ts";
import { printFacts } from "./output/facts.ts";
import { statusCell } from "./output/words.ts";
import { chooseProfile, loadProfileFile, type Profile } from "./profile.ts";
import type { Terminal } from "./terminal.ts";
import { agentRunDirs } from "./this-endpoint.ts";
import { VerbFailure } from "./usage-error.ts";
import type { Context } from "./verb.ts";

type Question =
  | { readonly do: "moments" | "shut-down" }
  | { readonly do: "status"; readonly fresh?: boolean }
  | { readonly do: "plan"; readonly revert?: boolean; readonly revertOperation?: string; readonly update?: boolean }
  | { readonly do: "run"; readonly plan: string }
  | { readonly do: "operation"; readonly id: string };

/** Tries the server; when it cannot be reached or there is no key, the agent answers and that is said. */
export async function localFallback(
  context: Context,
  fromServer: () => Promise<void>,
  fromAgent: () => Promise<void>,
): Promise<void> {
  try {
    await fromServer();
  } catch (thrown) {
    context.signal.throwIfAborted();
    const story = await tellFailure(unwrap(thrown).error);
    // Somebody who named a server or a key wants to know that it does not work.
    const isAway =
      story.exitCode === EXIT.network || (story.exitCode === EXIT.permission && thrown instanceof VerbFailure);
    if (!isAway) throw thrown;
    const before = await agentAnswers(context);
    if (!before) throw thrown;
    context.terminal.note(`Without the server (${story.why}): this is what the agent of this machine knows.`);
    await fromAgent();
  }
}

/** Whether an agent of this machine answers on its socket. */
export async function agentAnswers(context: Context): Promise<boolean> {
  try {
    await askLocalAgent(context, { do: "status" });
    return true;
  } catch {
    return false;
  }
}

/** The agent's answer. Throws VerbFailure 4 for its refusal, AgentUnreachableError when none answers. */
export async function askLocalAgent(context: Context, question: Question): Promise<unknown> {
  const { askAgent } = await import("../agent/local/ask-agent.ts");
  let failure: unknown;
  for (const runDir of await agentRunDirs(profileOf(context), context.environment)) {
    try {
      const answer = await askAgent(runDir, question, question.do === "plan" ? 120_000 : 10_000);
      if (answer.ok) return answer.answer;
      const { message, details } = answer;
      failure = new VerbFailure(EXIT.refused, [message, ...details.map((detail) => `  ${detail}`)].join("\n"));
      break;
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

function profileOf({ options, environment }: Context): Profile | undefined {
  return chooseProfile(loadProfileFile(options.config, environment), options.profile ?? environment["PACPOOL_PROFILE"])
    .profile;
}

/** The agent's answer to `status`, in the shape of `status -o json`. Another version may leave fields out. */
export function printLocalStatus(terminal: Terminal, answer: unknown): void {
  const facts = (typeof answer === "object" && answer !== null ? answer : {}) as Readonly<Record<string, unknown>>;
  const text = (name: string): string => (typeof facts[name] === "string" ? facts[name] : "");
  const number = (name: string): number => (typeof facts[name] === "number" ? facts[name] : 0);
  const reasons = Array.isArray(facts["reasons"]) ? facts["reasons"].filter((one) => typeof one === "string") : [];
  const status = SYNC_STATUSES.find((one) => one === text("status")) ?? "unknown";
  const counts = ["older", "newer", "rebuilt", "missing", "extra", "reason", "replaced", "held", "foreign", "own"];
  const named = counts.filter((name) => number(name) > 0).map((name) => `${String(number(name))} ${name}`);
  printFacts(terminal, [
    ["endpoint", { text: text("name"), paint: (name) => terminal.paint("strong", name) }],
    ["pool", text("pool")],
    ["status", statusCell(status, terminal)],
    ...reasons.map((reason, index) => [index === 0 ? "why" : " ", reason] as const),
    ["packages", [String(number("packages")), ...(named.length === 0 ? [] : [named.join(", ")])].join("; ")],
    ["target", number("targetRevision") === 0 ? "" : `${String(number("targetRevision"))}: ${text("targetMessage")}`],
    ["reboot", facts["rebootRequired"] === true ? "required" : ""],
    ...waysOut({ name: text("name"), status }).map(
      ({ verb, does }, at) => [at === 0 ? "ways out" : " ", `${does}: ${verb}`] as const,
    ),
  ]);
}
