// `pacpool hold|share|own|foreign list|add|remove`: rules of a pool, a label or one endpoint. One file for all four: they
// differ in what they mean, which the help says, and in nothing else.
import { randomUUID } from "node:crypto";
import type { Argv } from "yargs";
import type { PolicyKind } from "../../domain/policy/policy.ts";
import {
  decodeRule,
  encodePolicyKind,
  encodeRuleScope,
  type RuleScope,
  type RuleView,
} from "../../rpc/codec/policy.ts";
import { withServer } from "../connect.ts";
import type { GlobalOptions } from "../options.ts";
import { printRules, ruleJson, scopeWords } from "../output/rule.ts";
import { collectPages } from "../pages.ts";
import { UsageError } from "../usage-error.ts";
import { type Context, type Verb, verb } from "../verb.ts";

interface Words {
  /** What the rule does to the packages, for people who have just added it. */
  readonly effect: string;
  readonly meaning: string;
  readonly example: string;
}

const WORDS: Readonly<Record<PolicyKind, Words>> = {
  hold: {
    effect: "keep their versions",
    meaning:
      "A held package keeps its version, whatever the target has. When something else needs another version of it, the plan is refused and says which.",
    example: "linux*",
  },
  share: {
    effect: "are installed where they are missing",
    meaning:
      "A shared package must be there: it is installed where it is missing. A glob or a group means what the target's repositories have of it.",
    example: "@xorg",
  },
  own: {
    effect: "may be there or not; their versions follow the target",
    meaning:
      "Whether an own package is there is the machine's affair, in mirror mode too: it is neither removed nor installed. Its version follows the target. Own wins over shared.",
    example: "steam",
  },
  foreign: {
    effect: "are left alone",
    meaning:
      "A foreign package is left alone, as if no repository had it: its owner looks after it. Foreign wins over all.",
    example: "nvidia-*",
  },
};

const PATTERN_HELP = "names, globs as in pacman's IgnorePkg ('linux*', quoted), or @GROUP";

interface ScopeOptions {
  readonly pool: string | undefined;
  readonly label: string | undefined;
  readonly endpoint: string | undefined;
}

function withScope(yargs: Argv<GlobalOptions>): Argv<GlobalOptions & ScopeOptions> {
  return yargs
    .option("pool", { type: "string", requiresArg: true, describe: "every endpoint of that pool" })
    .option("label", {
      type: "string",
      requiresArg: true,
      describe: "every endpoint with that label, in every pool: NAME=VALUE, or NAME for any value",
    })
    .option("endpoint", { type: "string", requiresArg: true, describe: "that endpoint" });
}

function scopeOf({ pool, label, endpoint }: ScopeOptions): RuleScope | undefined {
  const scopes: readonly (RuleScope | undefined)[] = [
    pool === undefined ? undefined : { kind: "pool", pool },
    label === undefined ? undefined : { kind: "label", label },
    endpoint === undefined ? undefined : { kind: "endpoint", endpoint },
  ];
  const given = scopes.filter((one) => one !== undefined);
  if (given.length > 1) throw new UsageError("a rule is for one of --pool, --label and --endpoint; give one of them");
  return given[0];
}

function requiredScope(options: ScopeOptions): RuleScope {
  const scope = scopeOf(options);
  if (scope !== undefined) return scope;
  throw new UsageError("say for whom: --pool POOL, --label NAME=VALUE or --endpoint ENDPOINT");
}

export function ruleVerbs(kind: PolicyKind): Readonly<Record<"list" | "add" | "remove", Verb>> {
  return { list: listVerb(kind), add: addVerb(kind), remove: removeVerb(kind) };
}

function listVerb(kind: PolicyKind): Verb {
  return verb({
    options: (yargs) =>
      withScope(yargs)
        .example(`$0 ${kind} list`, "all of them, with who said so and why")
        .example(`$0 ${kind} list --pool main -o json`, ""),
    run: async (context) => {
      const scope = scopeOf(context.options);
      return await withServer(context, async (connection) => {
        const { signal, options, terminal } = context;
        const asked = {
          kind: encodePolicyKind(kind),
          ...(scope === undefined ? {} : { scope: encodeRuleScope(scope) }),
        };
        const wire = await collectPages(async (pageToken) => {
          const page = await connection.policies.listRules({ ...asked, pageToken }, { signal });
          return { items: page.rules, nextPageToken: page.nextPageToken };
        });
        const rules = wire.map(decodeRule);
        if (options.output === "json") terminal.printJson(rules.map(ruleJson));
        else if (rules.length > 0) printRules(terminal, rules);
        else
          terminal.note(`There is no such rule; \`pacpool ${kind} add ${WORDS[kind].example} --pool POOL\` makes one.`);
        return undefined;
      });
    },
  });
}

function addVerb(kind: PolicyKind): Verb {
  const { example, meaning, effect } = WORDS[kind];
  return verb({
    options: (yargs) =>
      withScope(yargs)
        .positional("pattern", { type: "string", array: true, demandOption: true, describe: PATTERN_HELP })
        .option("message", { type: "string", default: "", requiresArg: true, describe: "why, for whoever asks later" })
        .epilogue(meaning)
        .example(`$0 ${kind} add '${example}' --pool main`, "for a whole pool")
        .example(`$0 ${kind} add '${example}' --label room=lab --message 'until May'`, "for machines with that label")
        .example(`$0 ${kind} add '${example}' --endpoint borealis`, "for one machine"),
    repeatable: ["pattern"],
    run: async (context) => {
      const { pattern, message } = context.options;
      const scope = requiredScope(context.options);
      return await withServer(context, async (connection) => {
        const rules: RuleView[] = [];
        for (const one of pattern) {
          const request = {
            idempotencyKey: randomUUID(),
            kind: encodePolicyKind(kind),
            scope: encodeRuleScope(scope),
            pattern: one,
            message,
          };
          const { rule } = await connection.policies.addRule(request, { signal: context.signal });
          if (rule !== undefined) rules.push(decodeRule(rule));
        }
        tell(context, rules, `${pattern.join(", ")} for ${scopeWords(scope)}: these packages ${effect}.`);
        return undefined;
      });
    },
  });
}

function removeVerb(kind: PolicyKind): Verb {
  const { example } = WORDS[kind];
  return verb({
    options: (yargs) =>
      withScope(yargs)
        .positional("pattern", { type: "string", array: true, describe: "as it was added" })
        .option("id", { type: "string", requiresArg: true, describe: `the rule's id, from \`${kind} list\`` })
        .example(`$0 ${kind} remove '${example}' --pool main`, "what the rule said no longer counts"),
    repeatable: ["pattern"],
    run: async (context) => {
      const { id, pattern = [] } = context.options;
      if ((id === undefined) === (pattern.length === 0)) {
        throw new UsageError("say which rule: its pattern with --pool, --label or --endpoint, or --id ID");
      }
      const scope = id === undefined ? requiredScope(context.options) : undefined;
      return await withServer(context, async (connection) => {
        const named =
          scope === undefined
            ? [{ id: id ?? "" }]
            : pattern.map((one) => ({ kind: encodePolicyKind(kind), scope: encodeRuleScope(scope), pattern: one }));
        const rules: RuleView[] = [];
        for (const one of named) {
          const request = { idempotencyKey: randomUUID(), ...one };
          const { rule } = await connection.policies.removeRule(request, { signal: context.signal });
          if (rule !== undefined) rules.push(decodeRule(rule));
        }
        tell(
          context,
          rules,
          `No longer: ${rules.map((one) => `${one.pattern} for ${scopeWords(one.scope)}`).join(", ")}.`,
        );
        return undefined;
      });
    },
  });
}

function tell({ options, terminal }: Context, rules: readonly RuleView[], sentence: string): void {
  if (options.output === "json") terminal.printJson(rules.map(ruleJson));
  else terminal.note(sentence);
}
