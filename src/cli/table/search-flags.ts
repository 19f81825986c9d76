// Flags of everything that searches the journal.

import type { FlagSpec } from '../command.ts';
import { reason } from './flags.ts';

export const filterFlags: readonly FlagSpec[] = [
  { flags: '--user <name...>', text: 'the person signed on' },
  {
    flags: '--oif <oif...>',
    text: 'the operator field, of all who held it; the header says who, and when',
  },
  { flags: '--ori <ori...>', text: 'the agency in the message' },
  { flags: '--agency <ori...>', text: 'the authorising agency' },
  { flags: '--mnemonic <mnemonic...>', text: 'the mnemonic spoken for or addressed' },
  { flags: '--taf <taf...>', text: 'the terminal field' },
  {
    flags: '--addr <address...>',
    text: 'the address of a link, as its events have it; 10.20.* begins',
  },
  { flags: '--station <name...>', text: 'the station' },
  { flags: '--mke <key...>', text: 'the message key; Q* is every key that begins with Q' },
  { flags: '--kind <kind...>', text: 'received, refused, sent, delivered, event and more' },
  { flags: '--event <name...>', text: 'start, sign-on, link-up, register, search and more' },
  { flags: '--direction <way...>', text: 'in, out, up-in, down or local' },
  {
    flags: '--outcome <outcome...>',
    text: 'accepted, refused, refused:H05, delivered, hit and more; several are any of them',
  },
  { flags: '--upstream <name...>', text: 'the upstream asked or answering' },
  { flags: '--requester <who...>', text: 'the requester of the last line' },
  { flags: '--case <number...>', text: 'entries of this case' },
  { flags: '--code <code...>', text: 'the refusal or outcome code' },
  { flags: '--thread <entry...>', text: 'one thread, from request to last delivery' },
  { flags: '--suphdr <reference...>', text: 'the supplemental header' },
];

/** Of all that looks for entries; the limit is each command's own. */
export const timeFlags: readonly FlagSpec[] = [
  { flags: '--since <time>', text: 'from this time on (the last 24 hours unless told)' },
  { flags: '--until <time>', text: 'up to this time; a bare date means the end of that day' },
  {
    flags: '--on <date>',
    text: 'on that day, or in that shift: shift:night, shift:night@yesterday',
  },
  { flags: '--last <length>', text: 'in the last 90m, 1h30m, 2d' },
];

/** Which stretch of the journal, how much of it, and in which form. */
export const boundFlags: readonly FlagSpec[] = [
  ...timeFlags,
  { flags: '--entry <a..b>', text: 'entries with these numbers; one number, A.., ..B or A..B' },
  { flags: '-n, --limit <count>', text: 'at most so many entries; 50 unless told, 0 is all' },
  { flags: '--reverse', text: 'oldest first' },
  { flags: '--count', text: 'only the number of entries' },
  {
    flags: '--by <column>',
    text: 'how many for each user, mne, mke, ori, outcome, hour, day and more',
  },
  { flags: '--scan', text: 'read texts one by one where no index helps' },
];

/** How it goes on. */
export const flowFlags: readonly FlagSpec[] = [
  { flags: '-f, --follow', text: 'go on with what comes' },
  { flags: '--until-match', text: 'follow, and end at the first match' },
  { flags: '--exit-after <time>', text: 'follow, and end after so long; exit 1 without a match' },
  { flags: '--cursor-file <file>', text: 'go on where the last run with this file ended' },
  { flags: '--job', text: 'in the background; fetch it later with msc journal jobs' },
  { flags: '--explain', text: 'say what would be searched and what it would take, no more' },
];

export const textFlags: readonly FlagSpec[] = [
  { flags: '--text', text: 'with the text of messages; needs --reason' },
  reason,
  { flags: '--for-case <number>', text: 'the case the text is read for' },
  { flags: '--for-requester <who>', text: 'who asked for the text; criminal history needs it' },
  { flags: '--for-recipient <who>', text: 'who gets the text; criminal history needs it' },
];

/** First words of `journal jobs` and `journal saved`. */
export const jobActs = ['ls', 'show', 'fetch', 'cancel'] as const;
export const savedActs = ['ls', 'save', 'rm'] as const;
