// Commands that read and prove the journal.

import type { CommandSpec, FlagSpec } from '../command.ts';
import { timeForms } from '../time.ts';
import { forCase, reason } from './flags.ts';

const filterFlags: readonly FlagSpec[] = [
  { flags: '--user <name...>', text: 'the person signed on' },
  { flags: '--oif <oif...>', text: 'the operator field' },
  { flags: '--ori <ori...>', text: 'the agency in the message' },
  { flags: '--mnemonic <mnemonic...>', text: 'the mnemonic spoken for or addressed' },
  { flags: '--taf <taf...>', text: 'the terminal field' },
  { flags: '--station <name...>', text: 'the station' },
  { flags: '--mke <key...>', text: 'the message key; Q* is every key that begins with Q' },
  { flags: '--kind <kind...>', text: 'received, refused, sent, delivered, event and more' },
  { flags: '--event <name...>', text: 'start, sign-on, link-up, register, search and more' },
  { flags: '--direction <way...>', text: 'in, out, up-in, down or local' },
  {
    flags: '--outcome <outcome...>',
    text: 'accepted, refused, refused:H05, delivered, hit and more',
  },
  { flags: '--upstream <name...>', text: 'the upstream asked or answering' },
  { flags: '--requester <who...>', text: 'the requester of the last line' },
  { flags: '--case <number...>', text: 'entries of this case' },
  { flags: '--code <code...>', text: 'the refusal or outcome code' },
  { flags: '--thread <entry...>', text: 'one thread, from request to last delivery' },
  { flags: '--suphdr <reference...>', text: 'the supplemental header' },
];

const searchFlags: readonly FlagSpec[] = [
  { flags: '--since <time>', text: 'from this time on (the last 24 hours unless told)' },
  { flags: '--until <time>', text: 'up to this time; a bare date means the end of that day' },
  { flags: '--on <date>', text: 'on that day' },
  { flags: '--last <length>', text: 'in the last 90m, 1h30m, 2d' },
  { flags: '-n, --limit <count>', text: 'at most so many entries; 50 unless told, 0 is all' },
  { flags: '--reverse', text: 'oldest first' },
  { flags: '--count', text: 'only the number of entries' },
  ...filterFlags,
  { flags: '--entry <a..b>', text: 'entries with these numbers; one number, A.., ..B or A..B' },
  { flags: '--text', text: 'with the text of messages; needs --reason' },
  reason,
  { flags: '--for-case <number>', text: 'the case the text is read for' },
];

export const journalCommands: readonly CommandSpec[] = [
  {
    name: 'journal search',
    argument: '[expr...]',
    text: 'find entries of the journal',
    more: [
      'Expressions: LIC:1ZZZ999 exact, NAM:"DOE, TEST*" beginning, VIN:*0042 ending; all must hold.',
      'Identifiers are compared without blanks and punctuation, the letter O as zero.',
      `Times: ${timeForms}.`,
      'Exit 1 when nothing is found.',
    ].join('\n'),
    flags: searchFlags,
    rows: true,
    examples: [
      'journal search LIC:1ZZZ999 --last 2d',
      'journal search \'NAM:"DOE, TEST*"\' --mke Q* --outcome hit',
      'journal search --since 1970-01-01 -n 0 --reverse -o jsonl',
      'journal search --outcome refused:H05 --on yesterday --count',
    ],
    load: async () => (await import('../journal-search.ts')).runSearch,
  },
  {
    name: 'journal show',
    argument: '<entry>',
    text: 'show one entry, with its text',
    flags: [reason, forCase],
    rows: true,
    examples: ['journal show 4711 --reason audit --case 26-00412'],
    load: async () => (await import('../journal-show.ts')).runShow,
  },
  {
    name: 'journal thread',
    argument: '<entry>',
    text: 'show what became of one message, from request to last delivery',
    flags: [reason, forCase],
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
    name: 'journal verify',
    argument: '',
    text: 'prove that the journal is as it was written',
    more: 'Exit 1 names the first entry that does not hold.',
    flags: [{ flags: '--journal <folder>', text: 'the journal; needs no running switch' }],
    examples: ['journal verify', 'journal verify --journal /var/lib/msc/journal'],
    load: async () => (await import('../journal-verify.ts')).runVerify,
  },
  {
    name: 'journal segments',
    argument: '',
    text: 'list the segments of the journal, oldest first',
    more: 'A closed segment is sealed in the background; the newest one is raw.',
    flags: [{ flags: '--journal <folder>', text: 'the journal; needs no running switch' }],
    rows: true,
    examples: ['journal segments', 'journal segments --journal /var/lib/msc/journal --json'],
    load: async () => (await import('../journal-segments.ts')).listSegments,
  },
];
