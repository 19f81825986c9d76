// Commands on the files of the journal.

import type { CommandSpec } from '../command.ts';
import { reason } from './flags.ts';

export const dbCommands: readonly CommandSpec[] = [
  {
    name: 'db reindex',
    argument: '',
    text: 'make the indexes of the journal anew, from its entries',
    more: [
      'No entry is altered, and searches are complete meanwhile. The running switch does it in the background, one',
      'segment at a time, and journals who asked. With the switch down the user it runs as does it in the folder.',
      'A segment whose entries do not hold is left as it was and named; exit 1.',
    ].join('\n'),
    flags: [
      { flags: '--segment <entry>', text: 'only the sealed segment that has this entry' },
      {
        flags: '--damaged',
        text: 'only sealed segments without a filter, or with an unsound index',
      },
      { flags: '--wait', text: 'until it is over' },
      { flags: '--journal <folder>', text: 'the journal of a switch that is down' },
      reason,
    ],
    examples: [
      'db reindex',
      'db reindex --damaged --wait',
      'db reindex --segment 48811502',
      'db reindex --journal /var/lib/msc/journal',
    ],
    load: async () => (await import('../db-reindex.ts')).runReindex,
  },
];
