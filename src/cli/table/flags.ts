// Flags that several commands take.

import type { FlagSpec } from '../command.ts';

/** Flags every command takes. @source operator-experience 3 */
export const commonFlags: readonly FlagSpec[] = [
  { flags: '--config <file>', text: 'the installation: its configuration file' },
  { flags: '--socket <path>', text: 'the installation: its control socket' },
  { flags: '-o, --output <form>', text: 'table, plain, json, jsonl or csv' },
  { flags: '--json', text: 'the same as -o json' },
  { flags: '--columns <names>', text: 'only these columns, separated by commas' },
  { flags: '--no-header', text: 'without the line of column names' },
  { flags: '--color <when>', text: 'auto, always or never' },
  { flags: '--utc', text: 'times in UTC' },
  { flags: '--tz <zone>', text: 'times in this zone, such as America/Los_Angeles' },
  { flags: '-q, --quiet', text: 'only data and errors' },
  { flags: '-v, --verbose', text: 'errors with their causes' },
  { flags: '--timeout <time>', text: 'how long to wait for the switch, 10s unless told' },
];

export const yes: FlagSpec = { flags: '--yes', text: 'do not ask' };
export const reason: FlagSpec = {
  flags: '--reason <text>',
  text: 'why; it is journalled with your name',
};
export const passwordFile: FlagSpec = {
  flags: '--password-file <file>',
  text: 'its first line is the password; - reads stdin',
};
/** Why text is shown and to whom: members of the release record. */
export const releaseFlags: readonly FlagSpec[] = [
  reason,
  { flags: '--case <number>', text: 'the case the text is read for' },
  { flags: '--requester <who>', text: 'who asked for it; criminal history needs it' },
  { flags: '--recipient <who>', text: 'who gets it; criminal history needs it' },
];

export const dryRun: FlagSpec = { flags: '--dry-run', text: 'only say what would change' };
