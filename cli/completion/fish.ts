// The completion script for fish: one `complete` line per verb, option and argument.
import { type Spot, type SpotOption, type Values, valuesWord } from "./spots.ts";

export function fishScript(spots: readonly Spot[]): string {
  const [top] = spots;
  const valued = new Set(spots.flatMap(({ options }) => options.flatMap(valuedNames)));
  const groups = spots.filter(({ path, verbs }) => path !== "" && verbs.length > 0);
  return `# fish completion of pacpool; \`pacpool completion fish\` printed it.

# The words before the cursor without options and their values.
function __pacpool_words
    set -l skip 0
    for word in (commandline -opc)[2..]
        if test $skip = 1
            set skip 0
        else if contains -- $word ${[...valued].join(" ")}
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
        end
    end
end

# Whether the words lead to a verb, and at which of its arguments the cursor is.
function __pacpool_at --argument-names spot place
    set -l words (__pacpool_words)
    test "$words[1]" = help; and set -e words[1]
    set -l depth 1
    if contains -- "$words[1]" ${groups.map(({ path }) => path).join(" ")}
        if set -q words[2]; and contains -- "$words[1] $words[2]" ${groups.flatMap(({ path, verbs }) => verbs.map(([word]) => `'${path} ${word}'`)).join(" ")}
            set depth 2
        end
    end
    set -q words[1]; or set depth 0
    test "$words[1..$depth]" = "$spot"; or begin
        test $depth = 0; and test -z "$spot"; or return 1
    end
    test -z "$place"; and return 0
    set -l given (math (count $words) - $depth)
    test $place = many; or test $given -eq $place
end

# Names that only the server knows: at most a second, and never a word about what is wrong.
function __pacpool_names --argument-names kind
    set -l line (commandline -opc)
    eval (string escape -- $line[1]) completion names $kind "(commandline -ct | string replace -r -- '^--[a-z-]+=' '')" -- '$line[2..]' 2>/dev/null </dev/null
end

complete -c pacpool -f
${(top?.verbs ?? []).map(([word, describe]) => `complete -c pacpool -n "__pacpool_at '' 0" -a ${word} -d ${quoted(describe)}`).join("\n")}
${(top?.options ?? []).map((option) => optionLine("", option)).join("\n")}
${spots.slice(1).flatMap(spotLines).join("\n")}
`;
}

function spotLines({ path, verbs, options, arguments: values, isRepeated }: Spot) {
  return [
    ...verbs.map(
      ([word, describe]) => `complete -c pacpool -n "__pacpool_at '${path}' 0" -a ${word} -d ${quoted(describe)}`,
    ),
    ...options.map((option) => optionLine(path, option)),
    ...values.flatMap((one, at) => {
      const place = isRepeated && at === values.length - 1 ? "many" : String(at);
      const offered = offer(one);
      return offered === "" ? [] : [`complete -c pacpool -n "__pacpool_at '${path}' ${place}" ${offered}`];
    }),
  ];
}

/** The options of every verb count everywhere. */
function optionLine(path: string, { name, alias, describe, values }: SpotOption): string {
  const where = path === "" ? "" : ` -n "__pacpool_at '${path}'"`;
  const short = alias === undefined ? "" : ` -s ${alias}`;
  const taken = values === undefined ? "" : ` -x ${offer(values)}`.trimEnd();
  return `complete -c pacpool${where} -l ${name}${short}${taken} -d ${quoted(describe)}`;
}

function offer(values: Values): string {
  switch (values.kind) {
    case "names":
      return `-k -a "(__pacpool_names ${values.names})"`;
    case "choices":
      return `-a ${quoted(valuesWord(values))}`;
    case "files":
      return `-a "(__fish_complete_path (commandline -ct))"`;
    case "folders":
      return `-a "(__fish_complete_directories (commandline -ct))"`;
    case "packages":
      return `-a "(pacman -Qq 2>/dev/null)"`;
    case "none":
      return "";
  }
}

function valuedNames({ name, alias, values }: SpotOption): readonly string[] {
  return values === undefined ? [] : [`--${name}`, ...(alias === undefined ? [] : [`-${alias}`])];
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
