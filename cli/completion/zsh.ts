// The completion script for zsh: what bash's offers, with a few words about each thing.
import { type Spot, valuesWord } from "./spots.ts";

/** What is the same whatever the verbs are. */
const ENGINE = `# Names that only the server knows: at most a second, and never a word about what is wrong.
__pacpool_offer() {
  local -a offered
  local line
  case $1 in
    @none) return 1 ;;
    @files) _files ;;
    @folders) _files -/ ;;
    @packages) offered=(\${(f)"$(pacman -Qq 2>/dev/null)"}); compadd -a offered ;;
    @*)
      for line in \${(f)"$("\${(Q)words[1]/#\\~/$HOME}" completion names \${1#@} "$PREFIX" -- "\${(@Q)words[2,CURRENT-1]}" 2>/dev/null </dev/null)"}; do
        offered+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
      done
      _describe -t "\${1#@}s" "\${1#@}" offered
      ;;
    *) offered=(\${=1}); compadd -a offered ;;
  esac
}

_pacpool() {
  local word spot='' option='' REPLY
  local -a reply
  local -i argument=0 place=0
  for word in "\${(@Q)words[2,CURRENT-1]}"; do
    if [[ -n $option ]]; then option=''; continue; fi
    if [[ $word == -* ]]; then
      __pacpool_value "$spot" "$word"
      if [[ -n $REPLY ]]; then option=$word; fi
      continue
    fi
    if [[ $word == help && -z $spot ]] && (( argument == 0 )); then continue; fi
    __pacpool_verbs "$spot"
    place=\${\${reply%%:*}[(Ie)$word]}
    if (( place && argument == 0 )); then
      if [[ -n $spot ]]; then spot+=" $word"; else spot=$word; fi
    else
      argument+=1
    fi
  done
  if [[ -n $option ]]; then
    __pacpool_value "$spot" "$option"
    __pacpool_offer "$REPLY"
  elif [[ $PREFIX == --*=* ]]; then
    __pacpool_value "$spot" "\${PREFIX%%=*}"
    compset -P '*='
    __pacpool_offer "$REPLY"
  elif [[ $PREFIX == -* ]]; then
    __pacpool_options "$spot"
    _describe -o -t options option reply
  else
    __pacpool_verbs "$spot"
    if (( $#reply && argument == 0 )); then
      _describe -t verbs verb reply && return
    fi
    __pacpool_argument "$spot" "$argument"
    __pacpool_offer "$REPLY"
  fi
}

# Found by its file name, or loaded by \`source <(pacpool completion zsh)\`.
if [[ $funcstack[1] == _pacpool ]]; then _pacpool "$@"; else compdef _pacpool pacpool; fi
`;

export function zshScript(spots: readonly Spot[]): string {
  const cases = (lines: (spot: Spot) => readonly string[]): string => spots.flatMap(lines).join("\n");
  return `#compdef pacpool
# zsh completion of pacpool; \`pacpool completion zsh\` printed it.

# What may be typed at a spot: the verbs, the options, which options take what, and the arguments.
__pacpool_verbs() {
  case $1 in
${cases(({ path, verbs }) => (verbs.length === 0 ? [] : [`    '${path}') reply=(${verbs.map(([word, describe]) => described(word, describe)).join(" ")}) ;;`]))}
    *) reply=() ;;
  esac
}

__pacpool_options() {
  case $1 in
${cases((spot) => (spot.path === "" || spot.options.length === 0 ? [] : [`    '${spot.path}') reply=(${optionWords(spot)}) ;;`]))}
    *) reply=() ;;
  esac
  reply+=(${spots.slice(0, 1).map(optionWords).join("")})
}

__pacpool_value() {
  case "$1 $2" in
${cases(valueCases)}
    *) REPLY='' ;;
  esac
}

__pacpool_argument() {
  case "$1 $2" in
${cases(argumentCases)}
    *) REPLY='@none' ;;
  esac
}

${ENGINE}`;
}

/** In single quotes, with the colon that parts a word from what it is. */
function described(word: string, describe: string): string {
  return `'${word}:${describe.replaceAll("\\", "").replaceAll("'", "'\\''")}'`;
}

function optionWords({ options }: Spot): string {
  const shown = options.flatMap(({ name, alias, describe }) => [
    described(`--${name}`, describe),
    ...(alias === undefined ? [] : [described(`-${alias}`, describe)]),
  ]);
  return shown.join(" ");
}

function valueCases({ path, options }: Spot): readonly string[] {
  return options.flatMap(({ name, alias, values }) => {
    if (values === undefined) return [];
    // Those of the program itself come first and count at every spot.
    const where = path === "" ? "*' " : `'${path} `;
    const names = [`--${name}`, ...(alias === undefined ? [] : [`-${alias}`])].map((one) => `${where}${one}'`);
    return [`    ${names.join("|")}) REPLY='${valuesWord(values)}' ;;`];
  });
}

function argumentCases({ path, arguments: values, isRepeated }: Spot): readonly string[] {
  return values.map((one, at) => {
    const place = isRepeated && at === values.length - 1 ? "*" : String(at);
    return `    '${path} '${place}) REPLY='${valuesWord(one)}' ;;`;
  });
}
