// Chooses who works on this machine without the server, and finds where its agent would look.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { agentAnswers } from "../local-agent.ts";
import { chooseProfile, loadProfileFile } from "../profile.ts";
import type { Context } from "../verb.ts";
import { openAgentHand } from "./agent-hand.ts";
import { openAloneHand } from "./alone-hand.ts";
import type { OwnHand } from "./own-hand.ts";

export interface HandWish {
  /** Where another system is mounted. */
  readonly root: string | undefined;
  /** For a plan only: nothing may change, not even what an earlier run left. */
  readonly isLooking?: boolean;
}

/** The agent where it answers, else this process. Throws VerbFailure when neither may or can. */
export async function openOwnHand(context: Context, { root, isLooking = false }: HandWish): Promise<OwnHand> {
  if (root === undefined && (await agentAnswers(context))) return await openAgentHand(context);
  return await openAloneHand(context, await aimHere(context, root), isLooking);
}

/** Whether this machine has, or had, an agent that could do something by itself. */
export async function hasOwnHand(context: Context): Promise<boolean> {
  if (await agentAnswers(context)) return true;
  const { config } = await aimHere(context, undefined);
  return existsSync(join(config.stateDir, "history"));
}

/** What openAlone works on; loads nothing of the agent but its configuration. */
export async function aimHere(context: Context, root: string | undefined) {
  const { aimAlone } = await import("../../agent/alone/aim-alone.ts");
  return await aimAlone(root === undefined ? await ownFlags(context) : {}, root);
}

/** Where this machine's agent would look, as join has left it. */
async function ownFlags({ options, environment }: Context) {
  const { defaultStateDir, ownSurroundings } = await import("../../agent/paths.ts");
  const file = loadProfileFile(options.config, environment);
  const { profile } = chooseProfile(file, options.profile ?? environment["PACPOOL_PROFILE"]);
  const named = environment["PACPOOL_STATE_DIR"] ?? profile.stateDir;
  const stateDir = named ?? defaultStateDir({ ...ownSurroundings(), environment });
  const settings = join(stateDir, "agent.toml");
  const isBeside = environment["PACPOOL_AGENT_CONFIG"] === undefined && existsSync(settings);
  return {
    ...(named === undefined ? {} : { stateDir: named }),
    ...(isBeside ? { config: settings } : {}),
  };
}
