// Finds this machine's agent running, or starts it.
import { join } from "node:path";
import { type AgentConfig, loadAgentConfig } from "../../agent/config.ts";
import { askAgent } from "../../agent/local/ask-agent.ts";
import type { Context } from "../verb.ts";
import type { Aim } from "./aim.ts";
import { writeSettingsOnce } from "./settings-file.ts";
import { type Started, startProcess } from "./start-process.ts";

/** The agent's configuration as it will read it, after its file was written where one is needed. */
export function prepareAgent(aim: Aim, { terminal }: Context): AgentConfig {
  const settings = {
    ...(aim.isUsual ? {} : { state_dir: aim.stateDir }),
    ...(aim.pacmanConfig === undefined ? {} : { pacman_config: aim.pacmanConfig }),
  };
  if (Object.keys(settings).length > 0) {
    const isNew = writeSettingsOnce(
      aim.agentConfig,
      'Written by pacpool; apply = "ask" allows operations here.',
      settings,
    );
    if (isNew) terminal.note(`Wrote ${aim.agentConfig}.`);
  }
  return loadAgentConfig({ ...configFlag(aim, settings), stateDir: aim.stateDir, pacmanConfig: aim.pacmanConfig });
}

/** Undefined when it ran already. */
export async function bringAgent(context: Context, aim: Aim, config: AgentConfig): Promise<Started | undefined> {
  if (await isAgentUp(config.runDir)) {
    context.terminal.note("The agent runs already.");
    return undefined;
  }
  const words = aim.isUsual ? [] : ["--config", aim.agentConfig];
  return startProcess("agent", aim, words, context.terminal);
}

export async function isAgentUp(runDir: string): Promise<boolean> {
  return (await askStatus(runDir)) !== undefined;
}

/** The agent's own status, in the shape of `status -o json`; undefined when none answers. */
export async function askStatus(runDir: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const answer = await askAgent(runDir, { do: "status" });
    return answer.ok && typeof answer.answer === "object" && answer.answer !== null
      ? (answer.answer as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

function configFlag(aim: Aim, settings: object): { readonly config?: string } {
  return Object.keys(settings).length > 0 || aim.agentConfig !== join("/etc/pacpool", "agent.toml")
    ? { config: aim.agentConfig }
    : {};
}
