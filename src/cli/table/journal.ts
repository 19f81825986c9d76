// Commands that read and prove the journal.

import type { CommandSpec } from '../command.ts';
import { timeForms } from '../time.ts';
import { releaseFlags } from './flags.ts';
import { boundFlags, filterFlags, flowFlags, textFlags } from './search-flags.ts';

export const journalCommands: readonly CommandSpec[] = [
  {
    name: 'journal search',
    argument: '[expr...]',
    text: 'find entries of the journal',
    more: [
      'Expressions: LIC:1ZZZ999 exact, LIC:1ZZ* beginning, VIN:*0042 ending; all must hold.',
      'NAM:"DOE, TEST*" finds these words in any order; an asterisk stands after the first letter.',
      'A word, or a "quoted phrase", is looked for in the text of messages. OR joins its neighbours; -word,',
      '-LIC:1ZZZ999 or -not before a term leaves out what has it (a small word: -not stolen).',
      'Identifiers are compared without blanks and punctuation, the letter O as zero; names and words are not.',
      `Times: ${timeForms}.`,
      'With -f what comes is shown too: from a time on, or the newest -n, or only what comes.',
      'A search by words that no index helps needs --scan and a time. One that takes longer than',
      'journal.search_budget becomes a job by itself: msc journal jobs.',
      '@name before other words runs a saved search: msc journal saved.',
      'Exit 1 when nothing is found.',
    ].join('\n'),
    flags: [...boundFlags, ...filterFlags, ...flowFlags, ...textFlags],
    rows: true,
    examples: [
      'journal search LIC:1ZZZ999 --last 2d',
      'journal search \'NAM:"DOE, TEST*"\' --mke Q* --outcome hit',
      'journal search stolen "red truck" -not recovered --on yesterday --scan',
      'journal search --mke QW --last 7d --by user',
      'journal search LIC:1ZZZ999 OR VIN:*0042 --last 7d',
      'journal search --since 1970-01-01 -n 0 --reverse -o jsonl',
      'journal search --outcome refused:H05 --on yesterday --count',
      'journal search LIC:1ZZZ999 -f --until-match --exit-after 30m',
      'journal search --event security --cursor-file /var/tmp/security.cursor -o jsonl',
      'journal search NAM:DOE* --since 2024-01-01 --job',
      'journal search stolen --last 30d --explain',
      'journal search @night-refusals --user jdoe',
    ],
    load: async () => (await import('../journal-search.ts')).runSearch,
  },
  {
    name: 'journal show',
    argument: '<entry>',
    text: 'show one entry, with its text',
    flags: releaseFlags,
    rows: true,
    examples: ['journal show 4711 --reason audit --case 26-00412'],
    load: async () => (await import('../journal-show.ts')).runShow,
  },
  {
    name: 'journal thread',
    argument: '<entry>',
    text: 'show what became of one message, from request to last delivery',
    flags: releaseFlags,
    rows: true,
    examples: ['journal thread 4711 --reason audit --case 26-00412'],
    load: async () => (await import('../journal-show.ts')).runThread,
  },
  {
    name: 'journal tail',
    argument: '[expr...]',
    text: 'follow the journal as it is written',
    more: [
      'Expressions and filters as of `journal search`; no text is shown. With --json, an object a line.',
      'Ctrl-C ends it; when the switch goes it says so, exit 69.',
    ].join('\n'),
    flags: filterFlags,
    rows: true,
    examples: ['journal tail', 'journal tail --mke Q* --outcome hit', 'journal tail -o jsonl'],
    load: async () => (await import('../journal-tail.ts')).runTail,
  },
  {
    name: 'journal jobs',
    argument: '[act] [job]',
    text: 'your searches in the background: ls, show, fetch or cancel',
    more: [
      'They keep numbers of entries for three days, up to a million each; the newest 32 are kept.',
      'fetch prints what was found, as `journal search` does; exit 75 while the job runs.',
    ].join('\n'),
    flags: textFlags,
    rows: true,
    examples: [
      'journal jobs',
      'journal jobs show 48811510',
      'journal jobs fetch 48811510 -o csv',
      'journal jobs cancel 48811510',
    ],
    load: async () => (await import('../journal-jobs.ts')).runJobs,
  },
  {
    name: 'journal saved',
    argument: '[act] [name] [expr...]',
    text: 'searches under a name of your own: ls, save or rm',
    more: [
      'Words and flags are kept as they are typed, so --last 2d is two days before each run.',
      'They are in ~/.config/msc/searches.json, for you alone. Run one: msc journal search @NAME.',
    ].join('\n'),
    flags: [...boundFlags, ...filterFlags],
    rows: true,
    examples: [
      'journal saved',
      'journal saved save night-refusals --outcome refused --on shift:night',
      'journal saved rm night-refusals',
    ],
    load: async () => (await import('../journal-saved.ts')).runSaved,
  },
  {
    name: 'journal verify',
    argument: '',
    text: 'prove that the journal is as it was written',
    more: 'Exit 1 names the first entry that does not hold.',
    flags: [{ flags: '--journal <folder>', text: 'the journal; needs no running switch' }],
    examples: ['journal verify', 'journal verify --journal /var/lib/msc/journal'],
    load: async () => (await import('../journal-verify.ts')).runVerify,
  },
];
