// An agent's executor in a process of its own, for tests that kill it. Arguments: pacman.conf, state folder, operation,
// plan digest. Prints the outcome.
import { executeOperation } from "../../agent/executor.ts";
import { openInstallationReader } from "../../agent/installation.ts";

const [configurationFile = "", stateDir = "", operationId = "", planDigest = ""] = process.argv.slice(2);
const never = new AbortController().signal;
const outcome = await executeOperation(
  { reader: openInstallationReader(configurationFile), stateDir },
  { operationId, fence: 1, planDigest },
  { cancelled: never, stopped: never, progress: () => undefined },
);
process.stdout.write(`${JSON.stringify(outcome)}\n`);
