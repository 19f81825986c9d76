// Commands that take text of the journal out of it: to paper, to a file. Each is recorded as a release first.

import type { CommandSpec, FlagSpec } from '../command.ts';
import { dryRun, releaseFlags, yes } from './flags.ts';
import { filterFlags, timeFlags } from './search-flags.ts';

const ownNames = ['--case', '--requester'];

/** As a search has them; but `--case` and `--requester` are those of the release. */
const chosenFlags: readonly FlagSpec[] = [
  ...timeFlags,
  { flags: '-n, --limit <count>', text: 'at most so many entries; all unless told' },
  { flags: '--reverse', text: 'oldest first' },
  ...filterFlags.filter(({ flags }) => !ownNames.includes(flags.split(' ')[0] ?? '')),
  { flags: '--of-case <number...>', text: 'entries of this case' },
  { flags: '--of-requester <who...>', text: 'entries with this requester in their last line' },
  { flags: '--entry <a..b>', text: 'entries with these numbers; one number, A.., ..B or A..B' },
];

/** The standard one first. */
const exportForms = ['jsonl', 'csv', 'txt'] as const;

const force: FlagSpec = { flags: '--force', text: 'take the place of a file that is there' };

export const releaseCommands: readonly CommandSpec[] = [
  {
    name: 'journal print',
    argument: '[expr...]',
    text: 'print entries with their text, to a printer or a file',
    more: [
      'Expressions, filters and times as of `journal search`; every entry that fits, unless -n.',
      'Each page has the criteria, the total, who, when, the release and its number of all.',
      'To a printer the pages are messages like any other: `journal thread` of the entry that',
      'records the release shows what became of them. A file has form feeds, or is a PDF.',
      'Exit 1 when nothing is found; then nothing is printed and no file is made.',
    ].join('\n'),
    flags: [
      { flags: '--to <goal>', text: 'a printer such as QP01, or a file such as ./QP01 or out.pdf' },
      { flags: '--format <form>', text: 'of a file: text or pdf; by its name unless told' },
      ...chosenFlags,
      ...releaseFlags,
      force,
      dryRun,
      yes,
    ],
    examples: [
      'journal print LIC:1ZZZ999 --to QP01 --reason audit --case 26-00412',
      'journal print --thread 4711 --to 4711.pdf --reason "records request"',
    ],
    load: async () => (await import('../journal-print.ts')).runPrint,
  },
  {
    name: 'journal export',
    argument: '[expr...]',
    text: 'write entries with their text into a file',
    more: [
      'Expressions, filters and times as of `journal search`; every entry that fits, unless -n.',
      'The form is -o, else as the file is named, else jsonl: an object a line, as of `journal',
      'search -o jsonl --text`. csv has every column, and no cell that a spreadsheet takes for a',
      'formula; txt is for reading. The file is there whole or not at all, for you alone.',
      'Exit 1 when nothing is found; then no file is made.',
    ].join('\n'),
    flags: [
      { flags: '--to <file>', text: 'the file; it is not overwritten' },
      ...chosenFlags,
      ...releaseFlags,
      force,
    ],
    rows: true,
    forms: exportForms,
    examples: [
      'journal export --of-case 26-00412 --last 30d --to case.csv --reason audit',
      'journal export --thread 4711 --reverse --to 4711.txt --reason audit',
    ],
    load: async () => (await import('../journal-export.ts')).runExport,
  },
];
