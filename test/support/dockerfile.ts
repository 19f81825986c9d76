// The Dockerfile as its steps, and what .dockerignore lets through. It knows what our file needs and refuses
// whatever else: a step that nobody runs proves nothing.

export interface Step {
  readonly word: string;
  /** Without flags. */
  readonly rest: string;
  readonly flags: readonly string[];
}

export interface Stage {
  readonly base: string;
  readonly name: string | undefined;
  readonly steps: readonly Step[];
}

export function stagesOf(dockerfile: string): readonly Stage[] {
  const stages: { base: string; name: string | undefined; steps: Step[] }[] = [];
  for (const line of joined(dockerfile)) {
    const [, word = '', all = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
    if (word === '') throw new Error(`no step: ${line}`);
    const flags = [...all.matchAll(/(?:^| )(--[a-z-]+=\S+)(?= )/g)].map(([, flag = '']) => flag);
    const own = word === 'RUN' ? [] : flags;
    const rest = own.reduce((text, flag) => text.replace(flag, ''), all).trim();
    if (word === 'FROM') {
      const [base = '', , name] = rest.split(' ');
      stages.push({ base, name, steps: [] });
    } else stages.at(-1)?.steps.push({ word, rest, flags: own });
  }
  return stages;
}

/** Lines without comments, continued ones as one. */
function joined(text: string): readonly string[] {
  return text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n */g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

/** Words of the exec form. */
export function wordsOf(stage: Stage, word: string): readonly string[] {
  const rest = stage.steps.findLast((step) => step.word === word)?.rest ?? '';
  const list: unknown = JSON.parse(rest.replace(/^CMD /, ''));
  if (!Array.isArray(list)) throw new Error(`${word} is not in the exec form`);
  return list.map(String);
}

/** Whether a name of the top folder is in the context. */
export function inContext(dockerignore: string): (name: string) => boolean {
  const lines = dockerignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  if (lines[0] !== '*') throw new Error('.dockerignore must begin by ignoring everything');
  const kept = new Set(lines.slice(1).map((line) => line.replace(/^!/, '')));
  return (name) => kept.has(name);
}
