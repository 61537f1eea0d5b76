// The completion script for bash. It needs nothing but bash 4: no bash-completion package.
import { type Spot, type SpotOption, valuesWord } from "./spots.ts";

/** What is the same whatever the verbs are. */
const ENGINE = `# Names that only the server knows: at most a second, and never a word about what is wrong.
__pacpool_offer() {
  local IFS=$'\\n' offered=''
  case $1 in
    @none) ;;
    @files) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")) ;;
    @folders) compopt -o filenames; COMPREPLY=($(compgen -d -- "$cur")) ;;
    @packages) offered=$(pacman -Qq 2>/dev/null) ;;
    @*) offered=$("\${line[0]/#\\~/$HOME}" completion names "\${1#@}" "$cur" -- "\${line[@]:1:\${#line[@]}-2}" 2>/dev/null </dev/null | cut -f1) ;;
    *) offered=\${1// /$'\\n'} ;;
  esac
  if [[ -n $offered ]]; then COMPREPLY=($(compgen -W "$offered" -- "$cur")); fi
}

_pacpool() {
  local cur word spot='' option='' glue='' argument=0 REPLY
  local -a line=()
  COMPREPLY=()
  # bash splits words at = and :, which are within our values.
  for word in "\${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    if [[ \${#line[@]} -gt 1 && ( $word == [=:]* || -n $glue ) ]]; then line[-1]+=$word; else line+=("$word"); fi
    if [[ $word == *[=:] ]]; then glue=1; else glue=''; fi
  done
  cur=\${line[-1]}
  for word in "\${line[@]:1:\${#line[@]}-2}"; do
    if [[ -n $option ]]; then option=''; continue; fi
    if [[ $word == -* ]]; then
      __pacpool_value "$spot" "$word"
      if [[ -n $REPLY ]]; then option=$word; fi
      continue
    fi
    if [[ $word == help && -z $spot && $argument -eq 0 ]]; then continue; fi
    __pacpool_verbs "$spot"
    if [[ " $REPLY " == *" $word "* && $argument -eq 0 ]]; then
      if [[ -n $spot ]]; then spot+=" $word"; else spot=$word; fi
    else
      argument=$((argument + 1))
    fi
  done
  if [[ -n $option ]]; then
    __pacpool_value "$spot" "$option"
    __pacpool_offer "$REPLY"
  elif [[ $cur == --*=* ]]; then
    __pacpool_value "$spot" "\${cur%%=*}"
    option=\${cur%%=*}
    cur=\${cur#*=}
    __pacpool_offer "$REPLY"
    COMPREPLY=("\${COMPREPLY[@]/#/$option=}")
    cur=$option=$cur
  elif [[ $cur == -* ]]; then
    __pacpool_options "$spot"
    __pacpool_offer "$REPLY"
  else
    __pacpool_verbs "$spot"
    if [[ -n $REPLY && $argument -eq 0 ]]; then __pacpool_offer "$REPLY"; fi
    if [[ \${#COMPREPLY[@]} -eq 0 ]]; then
      __pacpool_argument "$spot" "$argument"
      __pacpool_offer "$REPLY"
    fi
  fi
  # Only what comes after the last = or : is still to be replaced.
  word=\${cur%"\${cur##*[=:]}"}
  if [[ -n $word && $COMP_WORDBREAKS == *[=:]* ]]; then COMPREPLY=("\${COMPREPLY[@]#"$word"}"); fi
}

complete -F _pacpool pacpool
`;

export function bashScript(spots: readonly Spot[]): string {
  const cases = (lines: (spot: Spot) => readonly string[]): string => spots.flatMap(lines).join("\n");
  return `# bash completion of pacpool; \`pacpool completion bash\` printed it.

# What may be typed at a spot: the verbs, the options, which options take what, and the arguments.
__pacpool_verbs() {
  case $1 in
${cases(({ path, verbs }) => (verbs.length === 0 ? [] : [`    '${path}') REPLY='${verbs.map(([word]) => word).join(" ")}' ;;`]))}
    *) REPLY='' ;;
  esac
}

__pacpool_options() {
  case $1 in
${cases(({ path, options }) => (options.length === 0 || path === "" ? [] : [`    '${path}') REPLY='${optionWords(options)}' ;;`]))}
    *) REPLY='' ;;
  esac
  REPLY+=' ${optionWords(spots[0]?.options ?? [])}'
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

function optionWords(options: readonly SpotOption[]): string {
  return options.map(({ name }) => `--${name}`).join(" ");
}

function valueCases({ path, options }: Spot): readonly string[] {
  return options.flatMap(({ name, alias, values }) => {
    if (values === undefined) return [];
    // Those of the program itself come first and count at every spot.
    const where = path === "" ? "*' " : `'${path} `;
    const names = [`--${name}`, ...(alias === undefined ? [] : [`-${alias}`])].map((one) => `${where}${one}'`);
    return [`    ${names.join(" | ")}) REPLY='${valuesWord(values)}' ;;`];
  });
}

function argumentCases({ path, arguments: values, isRepeated }: Spot): readonly string[] {
  return values.map((one, at) => {
    const place = isRepeated && at === values.length - 1 ? "*" : String(at);
    return `    '${path} '${place}) REPLY='${valuesWord(one)}' ;;`;
  });
}
