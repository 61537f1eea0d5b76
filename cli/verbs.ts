// The table of verbs: what each is called and where it lives. Nothing of a verb is loaded before it is typed.
import type { PolicyKind } from "../domain/policy/policy.ts";
import type { Verb } from "./verb.ts";

export interface VerbEntry {
  /** As yargs wants it, with positionals. */
  readonly command: string;
  readonly describe: string;
  readonly load: () => Promise<Verb>;
}

export interface VerbGroup {
  readonly command: string;
  readonly describe: string;
  readonly verbs: readonly VerbEntry[];
}

const pool = (name: "list" | "show" | "create" | "edit" | "remove") => async () =>
  (await import("./commands/pool.ts")).poolVerbs[name];
const endpoint = (name: "list" | "show" | "move" | "label" | "remove") => async () =>
  (await import("./commands/endpoint.ts")).endpointVerbs[name];
const target = (name: "show" | "history" | "diff") => async () =>
  (await import("./commands/target.ts")).targetVerbs[name];
const operation = (name: "list" | "show" | "watch" | "approve" | "cancel" | "repair") => async () =>
  (await import("./commands/operation.ts")).operationVerbs[name];
const key = (name: "create" | "list" | "revoke") => async () => (await import("./commands/key.ts")).keyVerbs[name];
const rule = (kind: PolicyKind, name: "list" | "add" | "remove") => async () =>
  (await import("./commands/rules.ts")).ruleVerbs(kind)[name];
const conflict = (name: "list" | "resolve") => async () => (await import("./commands/conflict.ts")).conflictVerbs[name];
const waybar = (name: "config" | "style") => async () =>
  (await import("./commands/waybar-write.ts")).waybarWriters[name];

function ruleGroup(kind: PolicyKind, what: string): VerbGroup {
  return {
    command: kind,
    describe: `${what}: list, add, remove`,
    verbs: [
      { command: "list", describe: "all rules of that kind, or those of one scope", load: rule(kind, "list") },
      { command: "add <pattern..>", describe: "for a pool, a label or an endpoint", load: rule(kind, "add") },
      { command: "remove [pattern..]", describe: "take rules back", load: rule(kind, "remove") },
    ],
  };
}

export const VERBS: readonly (VerbEntry | VerbGroup)[] = [
  {
    command: "init",
    describe: "make this machine the first: server, pool, endpoint, target",
    load: async () => (await import("./commands/init.ts")).init,
  },
  {
    command: "join <code>",
    describe: "enrol this machine at a server; changes no package",
    load: async () => (await import("./commands/join.ts")).join,
  },
  {
    command: "status [endpoint]",
    describe: "how a machine stands to its pool's target, and why",
    load: async () => (await import("./commands/status.ts")).status,
  },
  {
    command: "diff [endpoint]",
    describe: "every package that differs from the target, with a reason",
    load: async () => (await import("./commands/diff.ts")).diff,
  },
  {
    command: "plan [endpoint]",
    describe: "what a sync would do, computed by pacman on a copy (dry run)",
    load: async () => (await import("./commands/plan.ts")).plan,
  },
  {
    command: "update",
    describe: "full upgrade here, check it, make it the pool's target",
    load: async () => (await import("./commands/update.ts")).update,
  },
  {
    command: "set-latest",
    describe: "make a machine's present moment the pool's target",
    load: async () => (await import("./commands/set-latest.ts")).setLatest,
  },
  {
    command: "sync",
    describe: "move machines to their pool's target",
    load: async () => (await import("./commands/sync.ts")).sync,
  },
  {
    command: "revert",
    describe: "bring machines back to their own whole set from before",
    load: async () => (await import("./commands/revert.ts")).revert,
  },
  {
    command: "pool",
    describe: "pools: list, show, create, edit, delete",
    verbs: [
      { command: "list", describe: "all pools", load: pool("list") },
      { command: "show <pool>", describe: "one pool, its target and its counts", load: pool("show") },
      { command: "create <pool>", describe: "make an empty pool", load: pool("create") },
      {
        command: "edit <pool>",
        describe: "change name, mode, or what it says of conflicts and consent",
        load: pool("edit"),
      },
      { command: "delete <pool>", describe: "delete an empty pool", load: pool("remove") },
    ],
  },
  {
    command: "endpoint",
    describe: "endpoints: list, show, move, label, remove",
    verbs: [
      { command: "list", describe: "all endpoints, or those of a pool", load: endpoint("list") },
      { command: "show <endpoint>", describe: "one endpoint and everything known of it", load: endpoint("show") },
      { command: "move <endpoint> <pool>", describe: "put it into another pool", load: endpoint("move") },
      { command: "label <endpoint>", describe: "set and clear labels", load: endpoint("label") },
      { command: "remove <endpoint>", describe: "forget an endpoint; its packages stay", load: endpoint("remove") },
    ],
  },
  {
    command: "target",
    describe: "targets: show, history, diff, verify",
    verbs: [
      { command: "show [pool]", describe: "a pool's newest target, or one revision", load: target("show") },
      { command: "history [pool]", describe: "a pool's targets, newest first", load: target("history") },
      { command: "diff <from> [to]", describe: "what differs between two revisions", load: target("diff") },
      {
        command: "verify [revision]",
        describe: "which machines have every file that they need for a target",
        load: async () => (await import("./commands/target-verify.ts")).targetVerify,
      },
    ],
  },
  ruleGroup("hold", "packages that keep their version"),
  ruleGroup("share", "packages that must be there"),
  ruleGroup("own", "packages whose presence is the machine's affair"),
  ruleGroup("foreign", "packages that are left alone although a repository has them"),
  {
    command: "conflict",
    describe: "packages that machines changed by themselves: list, resolve",
    verbs: [
      { command: "list [endpoint]", describe: "what was changed, and what becomes of it", load: conflict("list") },
      { command: "resolve [package..]", describe: "choose: the target's, or what is there", load: conflict("resolve") },
    ],
  },
  {
    command: "inbox [endpoint]",
    describe: "what waits for a person: failed proofs, reboots, services, .pacnew files",
    load: async () => (await import("./commands/inbox.ts")).inbox,
  },
  {
    command: "analyze [pool]",
    describe: "what its machines' repositories share, who can be the source, what to do",
    load: async () => (await import("./commands/analyze.ts")).analyze,
  },
  {
    command: "package <name>",
    describe: "who has which version of a package, and what the targets want of it",
    load: async () => (await import("./commands/package.ts")).packageVerb,
  },
  {
    command: "operation",
    describe: "operations: list, show, watch, approve, cancel, repair",
    verbs: [
      { command: "list", describe: "newest first", load: operation("list") },
      { command: "show <id>", describe: "one operation, its problems and its plan", load: operation("show") },
      { command: "watch <id>", describe: "follow one to its end and exit with its outcome", load: operation("watch") },
      { command: "approve <id>", describe: "approve one that waits for it", load: operation("approve") },
      { command: "cancel <id>", describe: "cancel one before its transaction begins", load: operation("cancel") },
      {
        command: "repair [id]",
        describe: "run an interrupted one again, or mend torn entries",
        load: operation("repair"),
      },
    ],
  },
  {
    command: "token",
    describe: "enrolment tokens: create",
    verbs: [
      {
        command: "create",
        describe: "make a token and print the line to type on the next machine",
        load: async () => (await import("./commands/token.ts")).createToken,
      },
    ],
  },
  {
    command: "key",
    describe: "keys of people and scripts: create, list, revoke",
    verbs: [
      { command: "create", describe: "make a key; it is shown once", load: key("create") },
      { command: "list", describe: "all keys, without their secrets", load: key("list") },
      { command: "revoke <id>", describe: "end a key at once", load: key("revoke") },
    ],
  },
  {
    command: "config",
    describe: "configuration: check, show",
    verbs: [
      {
        command: "check",
        describe: "read every configuration file and say what is wrong",
        load: async () => (await import("./commands/config.ts")).configVerbs.check,
      },
      {
        command: "show",
        describe: "what is in force, and where it comes from",
        load: async () => (await import("./commands/config.ts")).configVerbs.show,
      },
    ],
  },
  {
    command: "doctor",
    describe: "find what is wrong here and say what to do",
    load: async () => (await import("./commands/doctor.ts")).doctor,
  },
  {
    command: "tui",
    describe: "the screens (also `pacpool` alone)",
    load: async () => (await import("./commands/tui.ts")).tui,
  },
  {
    command: "waybar",
    describe: "one JSON line per change for WayBar; waybar config, waybar style",
    verbs: [
      {
        command: "$0",
        describe: "follow, or print one line with --once",
        load: async () => (await import("./commands/waybar.ts")).waybarVerbs.follow,
      },
      {
        command: "open <what>",
        describe: "what a click does: the plan or the screens in a terminal of their own",
        load: async () => (await import("./commands/waybar-open.ts")).waybarClicks.open,
      },
      {
        command: "refresh",
        describe: "have this machine looked at again",
        load: async () => (await import("./commands/waybar-open.ts")).waybarClicks.refresh,
      },
      { command: "config", describe: "the module, printed or put into WayBar's configuration", load: waybar("config") },
      { command: "style", describe: "its colours, printed or put into WayBar's style sheet", load: waybar("style") },
    ],
  },
  {
    command: "completion [shell]",
    describe: "print the completion of bash, zsh or fish",
    load: async () => (await import("./commands/completion.ts")).completion,
  },
  {
    command: "notify",
    describe: "desktop notifications of this session: new targets, approvals, failures",
    load: async () => (await import("./commands/notify.ts")).notify,
  },
  {
    command: "server",
    describe: "run the server",
    load: async () => (await import("./commands/server.ts")).server,
  },
  {
    command: "agent",
    describe: "run this machine's agent; agent reset forgets its identity",
    verbs: [
      {
        command: "$0",
        describe: "run the agent",
        load: async () => (await import("./commands/agent.ts")).agentVerbs.run,
      },
      {
        command: "apply-waiting",
        describe: "the machine goes down: begin what waits for that",
        load: async () => (await import("./commands/apply-waiting.ts")).applyWaiting,
      },
      {
        command: "reset",
        describe: "forget the identity (for images and clones)",
        load: async () => (await import("./commands/agent.ts")).agentVerbs.reset,
      },
    ],
  },
];
