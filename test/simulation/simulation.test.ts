// The world in a box, a hundred seeds of it, and what shows that it would find something: the faults planted
// in faults.ts, and that everything which can happen did. `node test/simulation/run.ts SEED` repeats one seed.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Box, stepsDefault } from './box.ts';
import { faults } from './faults.ts';
import { plant, seedsMost } from './plant.ts';
import { playSeeds, repeatOf } from './play.ts';

const seedsPerTest = 10;
const tens = Array.from({ length: 10 }, (_, ten) => ten * seedsPerTest + 1);
const counts = new Map<string, number>();

/** What a county meets in a bad week: a simulation without it would prove little. */
const happenings = [
  ...['crash, killed', 'crash, power', 'busy', 'busy of an upstream', 'duplicate', 'expired'],
  ...['delivered', 'dropped', 'session resumed', 'refused by an upstream', 'rerouted refused-R02'],
  ...['rerouted asker-did-not-return', 'rerouted pool-destination', 'rerouted late-answer'],
  ...[
    'signed-off',
    'start from a snapshot',
    'start from the journal',
    'CLOSE C07 by switch',
    'CLOSE C12 by switch',
    'CLOSE C13 by switch',
  ],
];

describe('the switch in a world that goes wrong', () => {
  it.each(tens)('keeps every promise, seeds %i and the nine after it', (from) => {
    const played = playSeeds({ from, to: from + seedsPerTest - 1, steps: stepsDefault });
    for (const [what, count] of played.counts) counts.set(what, (counts.get(what) ?? 0) + count);
    expect(played.broken.map(repeatOf)).toEqual([]);
  });

  it('meets everything that was thought of', () => {
    expect(happenings.filter((what) => (counts.get(what) ?? 0) === 0)).toEqual([]);
  });

  it('is the same world for the same seed, to the last frame', () => {
    expect(storyOf(7)).toBe(storyOf(7));
    expect(storyOf(7)).not.toBe(storyOf(8));
  });
});

describe('a switch with a planted fault', () => {
  it.each(faults)(`that $name is found within ${seedsMost} seeds`, (fault) => {
    expect(plant(fault)).toBeDefined();
  });
});

function storyOf(seed: number): string {
  const story = createHash('sha256');
  const trace = (line: string): void => void story.update(line);
  new Box({ seed, steps: stepsDefault, trace }).play();
  return story.digest('hex');
}
