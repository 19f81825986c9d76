// The questions an auditor asks, one command each: who ran it, who saw it, was it delivered, is anything missing,
// who changed this. And how much there was.

import type { CommandSpec } from '../command.ts';
import { filterFlags, timeFlags } from './search-flags.ts';

export const auditorCommands: readonly CommandSpec[] = [
  {
    name: 'journal who-ran',
    argument: '[expr...]',
    text: 'who asked this, from where, how often, first and last',
    more: [
      'Expressions and filters as of `journal search`; at least one. Over the whole journal unless a',
      'time is given. Refused messages count too: OUTCOME tells them apart. Exit 1: nobody did.',
    ].join('\n'),
    flags: [...timeFlags, ...filterFlags],
    rows: true,
    examples: ['journal who-ran LIC:1ZZZ999', "journal who-ran 'NAM:DOE, TEST*' --last 90d"],
    load: async () => (await import('../journal-auditor.ts')).runWhoRan,
  },
  {
    name: 'journal who-saw',
    argument: '<entry>',
    text: 'who saw a message and its answers, and to whom they were released',
    more: [
      'typed, delivered and sent (not acknowledged: perhaps seen) on the way; shown, printed and',
      'exported later, each with its release. perhaps: the record names a range. No text is shown.',
    ].join('\n'),
    flags: [],
    rows: true,
    examples: ['journal who-saw 4711', 'journal who-saw 4711 -o csv'],
    load: async () => (await import('../journal-auditor.ts')).runWhoSaw,
  },
  {
    name: 'journal delivered',
    argument: '<entry>',
    text: 'what became of each delivery of a message and its answers',
    more: 'Exit 0: all arrived. Exit 1: something has not, or not yet, or there is no such entry.',
    flags: [],
    rows: true,
    examples: ['journal delivered 4711', 'journal delivered 4711 --json'],
    load: async () => (await import('../journal-auditor.ts')).runDelivered,
  },
  {
    name: 'journal coverage',
    argument: '',
    text: 'is anything missing: days, numbers, silences, and the proof of it all',
    more: [
      'Walks the whole journal as `journal verify` does, and needs no running switch. A silence is a',
      'time without an entry, although a running switch writes one a minute: stopped (in order), down',
      '(it was started again without having stopped), silent (it ran). Exit 1: something is missing.',
    ].join('\n'),
    flags: [
      { flags: '--period <time>', text: 'a year, month or day: 2026, 2026-10, 2026-10-05' },
      { flags: '--journal <folder>', text: 'the journal; needs no running switch' },
    ],
    rows: true,
    examples: [
      'journal coverage --period 2026-10',
      'journal coverage --period 2026-10-05 --journal /var/lib/msc/journal',
    ],
    load: async () => (await import('../journal-coverage.ts')).runCoverage,
  },
  {
    name: 'journal changes',
    argument: '[name...]',
    text: 'who changed a person, a station, an agency or a setting, and how',
    more: [
      'Names as in the register file and the configuration: jdoe, people.jdoe, stations, QZ01,',
      'links.window, configuration. Without one, every change. Exit 1: there is none.',
    ].join('\n'),
    flags: timeFlags,
    rows: true,
    examples: [
      'journal changes people.jdoe',
      'journal changes --last 30d',
      'journal changes stations',
    ],
    load: async () => (await import('../journal-changes.ts')).runChanges,
  },
  {
    name: 'journal stats',
    argument: '[expr...]',
    text: 'how many entries, by day, key, agency or outcome',
    more: [
      'Expressions and filters as of `journal search`; the last 30 days unless a time is given.',
      '--by also takes user, oif, ori, mnemonic, station, kind, direction, code, upstream, event.',
    ].join('\n'),
    flags: [
      { flags: '--by <columns...>', text: 'day, key, agency, outcome and more; day unless told' },
      ...timeFlags,
      ...filterFlags,
    ],
    rows: true,
    examples: [
      'journal stats',
      'journal stats --by key,outcome --direction in --on yesterday',
      'journal stats --by agency --last 90d -o csv',
    ],
    load: async () => (await import('../journal-auditor.ts')).runStats,
  },
];
