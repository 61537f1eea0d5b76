// What the exit codes of a verb mean, by the kind of verb. The numbers are exit-code.ts's.
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Ends } from "./about.ts";

type End = readonly [code: ExitCode, meaning: string];

const DONE: End = [EXIT.done, "done"];
const USAGE: End = [EXIT.usage, "wrong usage or configuration"];
const NETWORK: End = [EXIT.network, "no server, or no answer in time"];
const REFUSED: End = [EXIT.refused, "refused, with the reason"];
const PERMISSION: End = [EXIT.permission, "no key, or one that may not"];

const ENDS: Readonly<Record<Ends, readonly End[]>> = {
  local: [DONE, [EXIT.failed, "failed"], USAGE],
  reads: [DONE, USAGE, NETWORK, [EXIT.refused, "there is no such thing"], PERMISSION],
  verifies: [[EXIT.done, "all is there"], [EXIT.failed, "something is missing"], USAGE, NETWORK, REFUSED, PERMISSION],
  changes: [DONE, USAGE, NETWORK, REFUSED, PERMISSION],
  deed: [
    [EXIT.done, "done and proved"],
    [EXIT.failed, "failed, or degraded: the proof failed"],
    [EXIT.usage, "wrong usage or configuration, or nobody there to ask and no --yes"],
    NETWORK,
    REFUSED,
    PERMISSION,
  ],
  process: [[EXIT.done, "ended as it was told to"], [EXIT.failed, "ended by an error"], USAGE, NETWORK, PERMISSION],
  bar: [
    [EXIT.done, "always"],
    [EXIT.usage, "unless an option is wrong"],
  ],
};

export function endsOf(ends: Ends): readonly End[] {
  return ENDS[ends];
}
