// What stands above each screen that is one list: its title, a fact beside it, and three lines that say the whole.

import { commonWords } from "../../store/rows/analysis-rows.ts";
import { undecided } from "../../store/rows/conflict-rows.ts";
import { countTargetDiff } from "../../store/rows/target-diff-rows.ts";
import { reachWords } from "../../store/rows/target-rows.ts";
import type { Situation } from "../../store/situation.ts";
import type { ListRoute, Load } from "../../store/state.ts";
import type { Line } from "../../theme.ts";
import { ago, moment, plural } from "../../words.ts";
import type { LoadWords } from "../load-notice.ts";
import { connectionFacts, inboxFacts, operationsFacts } from "./fleet-facts.ts";

export interface ListFacts {
  readonly title: Line;
  readonly right: string;
  /** At most three. */
  readonly lines: readonly Line[];
  readonly words: LoadWords;
}

export function listFacts(route: ListRoute, load: Load | undefined, situation: Situation): ListFacts {
  switch (route.kind) {
    case "package":
      return packageFacts(route, load, situation);
    case "target":
      return targetFacts(route, load, situation);
    case "diff":
      return diffFacts(route, load, situation);
    case "conflicts":
      return conflictFacts(load, situation);
    case "rules":
      return ruleFacts(load, situation);
    case "connection":
      return connectionFacts(load, situation);
    case "inbox":
      return inboxFacts(route, load, situation);
    case "operations":
      return operationsFacts(route, load, situation);
    case "analysis":
      return analysisFacts(load, situation);
  }
}

type RouteOf<Kind extends ListRoute["kind"]> = Extract<ListRoute, { readonly kind: Kind }>;

function strong(text: string): Line {
  return [{ text, tone: "strong" }];
}

function muted(text: string): Line {
  return [{ text, tone: "muted" }];
}

function plain(text: string): Line {
  return [{ text }];
}

function hint(...pairs: readonly (readonly [string, string])[]): Line {
  return pairs.flatMap(([key, does], index) => [
    { text: `${index === 0 ? "" : "    "}${key}`, tone: "key" as const },
    { text: ` ${does}` },
  ]);
}

function packageFacts({ name, poolId }: RouteOf<"package">, load: Load | undefined, { pool }: Situation): ListFacts {
  const where = poolId === "" ? "the whole fleet" : `pool ${pool?.name ?? ""}`;
  const base = {
    title: [...strong(`Package ${name} `), ...muted(`in ${where}`)],
    words: {
      what: `who has ${name}`,
      empty: `nobody in ${where} has ${name}, and no target knows it`,
      emptyAdvice: [{ kind: "text", text: "The name must be whole, as pacman -Q prints it." }],
    },
  } as const;
  if (load?.value?.kind !== "package") return { ...base, right: "", lines: [] };
  const { total, without, unreported, builds, endpoints } = load.value.found;
  const having = total - without - unreported;
  const differing = endpoints.filter(({ drift }) => drift !== undefined).length;
  const silent = unreported === 0 ? "" : `, ${unreported} not reported yet`;
  return {
    ...base,
    right: plural(builds.length, "version"),
    lines: [
      plain(`${having} of ${plural(total, "endpoint")} have it, ${without} do not${silent}`),
      differing === 0
        ? [{ text: "✓ ", tone: "good" }, { text: "nobody has it otherwise than its target wants" }]
        : [{ text: "! ", tone: "notice" }, { text: `${plural(differing, "endpoint")} not as the target wants it` }],
      endpoints.length < total - unreported
        ? muted(`the first ${endpoints.length} endpoints are listed; pool by pool has all`)
        : hint(["Enter", "opens the endpoint"]),
    ],
  };
}

function targetFacts({ revision }: RouteOf<"target">, load: Load | undefined, { pool, state }: Situation): ListFacts {
  const base = {
    title: [...strong(`Target ${revision} `), ...muted(`of ${pool?.name ?? "the pool"}`)],
    words: { what: `target ${revision}`, empty: "this target is gone" },
  };
  if (load?.value?.kind !== "target") return { ...base, right: "", lines: [] };
  const { target, reach } = load.value.details;
  const marks = [
    ...(target.bad ? ["marked bad: never applied again by itself"] : []),
    ...(target.restoresRevision > 0 ? [`repeats target ${target.restoresRevision}`] : []),
  ];
  return {
    ...base,
    right: `set ${target.packageSetDigest.slice(0, 12)}`,
    lines: [
      plain(
        `made ${ago(target.createdAtMs, state.nowMs)} (${moment(target.createdAtMs)}) by ${target.author} from ${target.sourceEndpoint}, mode ${target.mode}`,
      ),
      [
        ...(marks.length === 0
          ? []
          : [{ text: `${marks.join(", ")} `, tone: target.bad ? "alarm" : "muted" } as const]),
        { text: target.message === "" ? "without a message" : `“${target.message}”` },
      ],
      muted(reach === undefined ? "which files are kept for it could not be read" : reachWords(reach)),
    ],
  };
}

function diffFacts({ from, to }: RouteOf<"diff">, load: Load | undefined, { pool, state }: Situation): ListFacts {
  const base = {
    title: [...strong(`Target ${from} → ${to} `), ...muted(`of ${pool?.name ?? "the pool"}`)],
    words: { what: `what differs between targets ${from} and ${to}`, empty: "the two targets are the same" },
  };
  if (load?.value?.kind !== "diff") return { ...base, right: "", lines: [] };
  const { diff } = load.value;
  const said = (target: typeof diff.from): Line => [
    { text: `${target.revision}  `, tone: "strong" },
    ...(target.bad ? [{ text: "bad ", tone: "alarm" } as const] : []),
    { text: target.message === "" ? "without a message" : `“${target.message}”` },
    {
      text: ` from ${target.sourceEndpoint}, ${target.author}, ${ago(target.createdAtMs, state.nowMs)}`,
      tone: "muted",
    },
  ];
  const counted = countTargetDiff(diff.items);
  return {
    ...base,
    right: plural(diff.items.length, "package"),
    lines: [said(diff.from), said(diff.to), plain(counted === "" ? "no package differs" : counted)],
  };
}

function conflictFacts(load: Load | undefined, { endpoint, pool, operation }: Situation): ListFacts {
  const where = endpoint?.name ?? `pool ${pool?.name ?? ""}`;
  const base = {
    title: strong(`Conflicts on ${where}`),
    words: {
      what: `the conflicts on ${where}`,
      empty: "no package was changed on a machine against its target",
    },
  };
  if (load?.value?.kind !== "conflicts") return { ...base, right: "", lines: [] };
  const waiting = undecided(load.value.conflicts).length;
  const waits = operation?.state === "pending-approval";
  return {
    ...base,
    right: waiting === 0 ? "all decided" : `${waiting} wait for you`,
    lines: [
      plain("Packages that a machine changed by itself while its target wants another version."),
      hint(["t", "take the target's"], ["e", "keep what is there"], ["T E", "the same for all that wait"]),
      waits && waiting === 0
        ? hint(["a", "shows the plan as it is now, and approves it"])
        : muted("a choice holds until the pool has another target"),
    ],
  };
}

function ruleFacts(load: Load | undefined, { pool }: Situation): ListFacts {
  const base = {
    title: strong("Rules"),
    words: {
      what: "the rules",
      empty: "there is no rule: every package follows its pool's target",
      emptyAdvice: [{ kind: "key", key: "n", does: "makes one: hold, share, own or foreign" }],
    },
  } as const;
  if (load?.value?.kind !== "rules") return { ...base, right: "", lines: [] };
  return {
    ...base,
    right: plural(load.value.rules.length, "rule"),
    lines: [
      plain("What pools, labels and endpoints have of their own against the target. Rules add up."),
      hint(
        ["n", `new${pool === undefined ? "" : `, for ${pool.name} unless it says otherwise`}`],
        ["x", "remove the selected one"],
      ),
      muted("hold keeps a version, share must be there, own may be, foreign is left alone"),
    ],
  };
}

function analysisFacts(load: Load | undefined, { pool }: Situation): ListFacts {
  const base = {
    title: strong(`Analysis of ${pool?.name ?? "the pool"}`),
    words: {
      what: `what the repositories of ${pool?.name ?? "the pool"} have in common`,
      empty: "no machine of this pool has brought its repositories yet",
    },
  };
  if (load?.value?.kind !== "analysis") return { ...base, right: "", lines: [] };
  const { summary, totalPackages, packages } = load.value.analysis;
  const right = packages.length < totalPackages ? `the first ${packages.length} of ${totalPackages} that differ` : "";
  return { ...base, right, lines: commonWords(summary).map(plain) };
}
