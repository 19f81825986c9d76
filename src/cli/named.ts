// A name that the switch does not know is answered with the nearest one that it does.

import type { ControlClient } from '#src/control/client';
import { MscFault } from '#src/errors';
import { nearest } from './nearest.ts';
import { shown } from './output.ts';

export interface Noun {
  /** Asked for the names there are; `members` hold them. */
  readonly list: 'terminals' | 'upstreams' | 'queues';
  readonly members: readonly string[];
  /** The command that lists them. */
  readonly hint: string;
}

export const terminalNames: Noun = {
  list: 'terminals',
  members: ['station', 'mnemonics'],
  hint: 'msc terminal ls',
};
export const upstreamNames: Noun = {
  list: 'upstreams',
  members: ['upstream'],
  hint: 'msc upstream ls',
};
export const queueNames: Noun = { list: 'queues', members: ['queue'], hint: 'msc queue ls' };

/** Asks; what is not found is told with one suggestion. */
export async function asking<T>(
  client: ControlClient,
  { noun, name }: { readonly noun: Noun; readonly name: string },
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof MscFault) || error.code !== 'MSC-1601') throw error;
    const names = await namesOf(client, noun);
    const near = names.length === 0 ? '' : `; did you mean \`${nearest(name, names)}\`?`;
    throw new MscFault('MSC-1601', {
      detail: `${shown(name)}${near}`,
      hint: noun.hint,
      cause: error,
    });
  }
}

async function namesOf(client: ControlClient, { list, members }: Noun): Promise<readonly string[]> {
  const names: string[] = [];
  await client.call(list, {}, (rows) => {
    for (const row of rows)
      for (const member of members)
        names.push(...[row[member]].flat().filter((name) => typeof name === 'string'));
  });
  return names;
}
