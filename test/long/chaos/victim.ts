// What an agent does on its machine, in a process that may be killed at any moment: it recovers what an earlier one left,
// then runs the operation unless that finished it. Arguments: pacman.conf, state folder, operation, plan digest. Prints a
// line per step, and its outcome.
import { executeOperation } from "../../../agent/executor.ts";
import { openInstallationReader } from "../../../agent/installation.ts";
import type { ExecutionHooks, Outcome } from "../../../agent/machine.ts";
import { recoverOperations } from "../../../agent/recover.ts";

const [configurationFile = "", stateDir = "", operationId = "", planDigest = ""] = process.argv.slice(2);
const never = new AbortController().signal;
let last = "";
const hooks: ExecutionHooks = {
  cancelled: never,
  stopped: never,
  progress: ({ step }) => {
    if (step !== last) process.stdout.write(`step ${step}\n`);
    last = step;
  },
};
const options = { reader: openInstallationReader(configurationFile), stateDir };
const recovered: readonly Outcome[] = await recoverOperations(options, hooks);
const done = recovered.find(({ state }) => state === "succeeded");
const outcome = done ?? (await executeOperation(options, { operationId, fence: 1, planDigest }, hooks));
process.stdout.write(`outcome ${JSON.stringify(outcome)}\n`);
