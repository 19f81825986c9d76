// The table of commands: names, arguments, flags, help and examples, and where each is done.
// Parsing and help are made from it; a test proves that every flag has its text and every example parses.

import type { CommandSpec } from './command.ts';
import { auditorCommands } from './table/auditor.ts';
import { certCommands } from './table/certs.ts';
import { configCommands } from './table/config.ts';
import { dbCommands } from './table/db.ts';
import { healthCommands } from './table/health.ts';
import { journalCommands } from './table/journal.ts';
import { linkCommands } from './table/links.ts';
import { peopleCommands } from './table/people.ts';
import { queueCommands } from './table/queues.ts';
import { releaseCommands } from './table/releases.ts';
import { serviceCommands } from './table/service.ts';
import { supportCommands } from './table/support.ts';
import { switchCommands } from './table/switch.ts';
import { terminalCommands } from './table/terminals.ts';
import { traceCommands } from './table/trace.ts';
import { upstreamCommands } from './table/upstreams.ts';
import { wordCommands } from './table/words.ts';

/** In the order of the help. */
export const commands: readonly CommandSpec[] = [
  ...switchCommands,
  ...healthCommands,
  ...terminalCommands,
  ...upstreamCommands,
  ...linkCommands,
  ...queueCommands,
  ...journalCommands,
  ...releaseCommands,
  ...auditorCommands,
  ...dbCommands,
  ...peopleCommands,
  ...certCommands,
  ...configCommands,
  ...serviceCommands,
  ...traceCommands,
  ...supportCommands,
  ...wordCommands,
];

/** Short names of the nouns. */
export const aliases: Readonly<Record<string, string>> = {
  j: 'journal',
  q: 'queue',
  t: 'terminal',
};
