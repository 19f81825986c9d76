// The completion scripts, made from the offers. Every word in them is of our own table: letters, digits, hyphens
// and texts of ours, quoted for each shell.

import { commonFlags } from '../table/flags.ts';
import { firstWords, flagNames, knownAliases, offers } from './words.ts';
import type { Offer, OfferedFlag } from './words.ts';

/** For bash 4 and newer: `source <(msc completion bash)`. */
export function bashScript(): string {
  const all = offers();
  const verbs = nounsWithVerbs(all).map(
    ([noun, verbs_]) => `    ${noun}) words='${verbs_.join(' ')}' ;;`,
  );
  const flags = all.map((offer) => `    '${offer.words.join(' ')}') flags='${namesOf(offer)}' ;;`);
  const values = all.flatMap((offer) =>
    offer.values.length === 0
      ? []
      : [`    '${offer.words.join(' ')}') words='${offer.values.join(' ')}' ;;`],
  );
  const flagValues = bashFlagValues(all);
  // They may stand before the command: their values are no words of it.
  const valued = commonFlags.filter(({ flags: form }) => form.includes('<')).flatMap(flagNames);
  const short = knownAliases().map(([from, to]) => `    ${from}) first=${to} ;;`);
  return `# Completion of msc for bash, made by msc completion bash.
_msc() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local first= second= command= words= flags= word
  local -i at=1
  for ((; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    case $word in
      ${valued.join('|')}) at+=1; continue ;;
      -*) continue ;;
    esac
    if [[ -z $first ]]; then first=$word; elif [[ -z $second ]]; then second=$word; fi
  done
  case $first in
${[...short, '    *) ;;'].join('\n')}
  esac
  case $first in
${[...verbs, '    *) ;;'].join('\n')}
  esac
  command=$first
  [[ -n $words && -n $second ]] && command="$first $second"
  if [[ -z $first ]]; then
    words='${[...firstWords().keys()].join(' ')}'
  elif [[ -z $words || -n $second ]]; then
    words=
    case $command in
${[...values, '    *) ;;'].join('\n')}
    esac
  fi
  case $command in
${[...flags, '    *) ;;'].join('\n')}
  esac
  case "$command $previous" in
${flagValues.join('\n')}
    *)
      if [[ $current == -* ]]; then words=$flags; fi ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _msc msc
`;
}

/** \`msc completion zsh > "\${fpath[1]}/_msc"\` */
export function zshScript(): string {
  const all = offers();
  const first = [...firstWords()].map(([word, text]) => `    ${quoted(`${word}:${text}`)}`);
  const nouns = nounsWithVerbs(all).map(([noun]) => {
    const lines = all
      .filter(({ words }) => words.length === 2 && words[0] === noun)
      .map(({ words, text }) => `        ${quoted(`${words[1] ?? ''}:${text}`)}`);
    return `      ${noun})\n        verbs=(\n${lines.join('\n')}\n        )\n        _describe 'command' verbs ;;`;
  });
  const short = knownAliases().map(([from, to]) => `  [[ $first == ${from} ]] && first=${to}`);
  const flags = all.map((offer) => {
    const lines = offer.flags.flatMap(zshFlag).map((line) => `        ${line}`);
    const values = offer.values.length === 0 ? '_files' : `(${offer.values.join(' ')})`;
    const rest = quoted(`*:argument:${offer.values.length === 0 && !offer.files ? ' ' : values}`);
    return `      '${offer.words.join(' ')}')\n        _arguments \\\n${[...lines, `        ${rest}`].join(' \\\n')} ;;`;
  });
  return `#compdef msc
# Completion of msc for zsh, made by msc completion zsh.
_msc() {
  local first=$words[2] second=$words[3] command
  local -a verbs commands
${short.join('\n')}
  if (( CURRENT == 2 )); then
    commands=(
${first.join('\n')}
    )
    _describe 'command' commands
    return
  fi
  if (( CURRENT == 3 )); then
    case $first in
${nouns.join('\n')}
    esac
    (( $#verbs )) && return
  fi
  case "$first $second" in
${all
  .filter(({ words }) => words.length === 2)
  .map(
    ({ words }) =>
      `      '${words.join(' ')}') command="$first $second"; shift 2 words; (( CURRENT -= 2 )) ;;`,
  )
  .join('\n')}
      *) command=$first; shift words; (( CURRENT -= 1 )) ;;
  esac
  case $command in
${flags.join('\n')}
  esac
}
_msc "$@"
`;
}

/** \`msc completion fish | source\` */
export function fishScript(): string {
  const all = offers();
  const lines: string[] = [];
  for (const [word, text] of firstWords())
    lines.push(`complete -c msc -n __fish_use_subcommand -f -a ${word} -d ${quoted(text)}`);
  for (const [noun, verbs] of nounsWithVerbs(all))
    for (const verb of verbs) {
      const text = all.find(({ words }) => words.join(' ') === `${noun} ${verb}`)?.text ?? '';
      const when = `${seen(noun)}; and not __fish_seen_subcommand_from ${verbs.join(' ')}`;
      lines.push(`complete -c msc -n ${quoted(when)} -f -a ${verb} -d ${quoted(text)}`);
    }
  for (const offer of all) {
    const when = quoted(offer.words.map(seen).join('; and '));
    if (offer.values.length > 0)
      lines.push(`complete -c msc -n ${when} -f -a ${quoted(offer.values.join(' '))}`);
    for (const flag of offer.flags) lines.push(`complete -c msc -n ${when} ${fishFlag(flag)}`);
  }
  return `# Completion of msc for fish, made by msc completion fish.\n${lines.join('\n')}\n`;
}

/** Nouns in their order, each with its verbs. */
function nounsWithVerbs(all: readonly Offer[]): readonly (readonly [string, readonly string[]])[] {
  const nouns = new Map<string, string[]>();
  for (const { words } of all) {
    const [noun = '', verb] = words;
    if (verb !== undefined) nouns.set(noun, [...(nouns.get(noun) ?? []), verb]);
  }
  return [...nouns];
}

function namesOf({ flags }: Offer): string {
  return flags.flatMap(({ names }) => names).join(' ');
}

/** Flags whose values are known, and those that take any: a file, a time, a number. */
function bashFlagValues(all: readonly Offer[]): readonly string[] {
  return all.flatMap(({ words, flags }) =>
    flags
      .filter(({ takesValue }) => takesValue)
      .map(({ names, values }) => {
        const when = names.map((name) => `'${words.join(' ')} ${name}'`).join('|');
        return `    ${when}) words='${values.join(' ')}' ;;`;
      }),
  );
}

function zshFlag({ names, text, takesValue, values }: OfferedFlag): readonly string[] {
  const words = text.replaceAll(/[[\]:]/g, ' ');
  const value = values.length > 0 ? `:value:(${values.join(' ')})` : ':value:_files';
  return names.map((name) => quoted(`*${name}[${words}]${takesValue ? value : ''}`));
}

function fishFlag({ names, text, takesValue, values }: OfferedFlag): string {
  const forms = names.map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  );
  const value =
    values.length > 0 ? [`-x -a ${quoted(values.join(' '))}`] : takesValue ? ['-r'] : [];
  return [...forms, ...value, `-d ${quoted(text)}`].join(' ');
}

function seen(word: string): string {
  return `__fish_seen_subcommand_from ${word}`;
}

/** One word for each of the three: nothing in single quotes means anything. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`;
}
