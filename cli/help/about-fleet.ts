// About the verbs for pools, endpoints, targets, rules, operations and access. Keyed by the words of the verb.
import { type About, about } from "./about.ts";

/** The four kinds of rules have the same three verbs. */
function rules(kind: string): Readonly<Record<string, About>> {
  return {
    [`${kind} list`]: about("reads", `Shows who made which rule, for whom, when and why.`, `${kind} add`, "pool show"),
    [`${kind} add`]: about(
      "changes",
      "Adds a rule for a pool, a label or an endpoint. It counts from the next plan on.",
      `${kind} list`,
      `${kind} remove`,
    ),
    [`${kind} remove`]: about("changes", "Takes rules back, by what they were added with or by id.", `${kind} list`),
  };
}

export const ABOUT_FLEET: Readonly<Record<string, About>> = {
  "pool list": about("reads", "Shows every pool with its mode, its target and how its endpoints stand.", "pool show"),
  "pool show": about(
    "reads",
    "Shows one pool: its target and how old it is, how its endpoints stand, and what it says of conflicts and consent.",
    "pool edit",
    "endpoint list",
  ),
  "pool create": about(
    "changes",
    "Makes an empty pool. In mode `versions` every repository package takes its version from the target and presence is each machine's affair; in mode `mirror` machines become exactly what the source is, extras removed.",
    "pool edit",
    "token create",
    "endpoint move",
  ),
  "pool edit": about(
    "changes",
    "Changes only what is named. Of the pool's and the endpoint's consent the stricter one wins.",
    "pool show",
    "pacpool-agent.toml(5)",
  ),
  "pool delete": about("changes", "Deletes an empty pool with its targets.", "endpoint move"),
  "endpoint list": about(
    "reads",
    "Shows all machines with status, presence and counts, and why each is not in sync.",
    "endpoint show",
    "status",
  ),
  "endpoint show": about("reads", "Shows everything that is known of one machine.", "status", "endpoint label"),
  "endpoint move": about(
    "changes",
    "Puts a machine into another pool. Its packages stay as they are until the next sync there.",
    "pool list",
    "sync",
  ),
  "endpoint label": about(
    "changes",
    "Sets and clears labels. Rules may be for a label, so this may change what a machine holds or must have.",
    "hold add",
    "endpoint show",
  ),
  "endpoint remove": about(
    "changes",
    "Ends a machine's identity and forgets it. Its packages stay; it can join again.",
    "join",
    "agent reset",
  ),
  "target show": about("reads", "Shows a pool's newest target, or one revision of it.", "target history", "pool show"),
  "target history": about(
    "reads",
    "Shows a pool's targets, newest first: when, from which machine, by whom, and what it was said to be.",
    "target diff",
    "revert",
  ),
  "target diff": about("reads", "Lists what differs between two targets of a pool.", "target history", "diff"),
  "target verify": about(
    "verifies",
    "Says for every machine whether each file that it needs for a target is kept or reachable, and names those that are not. Exits with 1 when one is missing.",
    "target show",
    "pacpool-server.toml(5)",
  ),
  ...rules("hold"),
  ...rules("share"),
  ...rules("own"),
  ...rules("foreign"),
  "conflict list": about(
    "reads",
    "Shows the packages that machines changed by themselves, what they were, what the target wants, and what becomes of them.",
    "conflict resolve",
    "pool edit",
  ),
  "conflict resolve": about(
    "changes",
    "Decides conflicts: the machine moves to the target's version, or keeps what it has.",
    "conflict list",
    "plan",
  ),
  inbox: about(
    "reads",
    "Shows what pacpool sees and must not decide: failed proofs, blocked machines, approvals, reboots, services that run with replaced files, and .pacnew files. What many machines share is one line.",
    "operation approve",
    "operation repair",
    "status",
  ),
  analyze: about(
    "reads",
    "Compares the repositories of a pool's machines: what all have, what differs, who could be the next source, who could follow, and what to do about the rest.",
    "set-latest",
    "target verify",
  ),
  package: about(
    "reads",
    "Says which machines have a package and in which version, and what their targets want of it.",
    "diff",
    "target diff",
  ),
  "operation list": about("reads", "Shows operations, newest first.", "operation show"),
  "operation show": about(
    "reads",
    "Shows one operation: its state and step, its problems, with --plan what it does, and with --log what it said on its way.",
    "operation watch",
    "plan",
  ),
  "operation watch": about(
    "deed",
    "Follows an operation to its end and exits with its outcome. Ctrl-C ends the watching, never the operation.",
    "operation show",
    "operation cancel",
  ),
  "operation approve": about(
    "changes",
    "Approves an operation that waits for a person. The machine makes its plan again, it is shown, and exactly that plan is run.",
    "inbox",
    "operation cancel",
  ),
  "operation cancel": about(
    "changes",
    "Cancels an operation before its transaction begins. Later it is refused: pacman must not be stopped halfway.",
    "operation show",
    "revert",
  ),
  "operation repair": about(
    "deed",
    "Runs an interrupted operation again, or installs again what pacman's database has torn entries of. Only entries and locks that pacpool's own journal names are touched.",
    "doctor",
    "inbox",
    "revert",
  ),
  "token create": about(
    "changes",
    "Makes a token for new machines and prints the line to type there. It is shown once.",
    "join",
    "pool create",
  ),
  "key create": about(
    "changes",
    "Makes a key for a person or a script, and prints it once. A viewer looks, an operator does the deeds, an administrator also says who may.",
    "key revoke",
  ),
  "key list": about("reads", "Shows all keys without their secrets, and when each was last used.", "key revoke"),
  "key revoke": about("changes", "Ends a key at once.", "key list"),
};
