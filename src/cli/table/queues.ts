// Commands about what waits.

import type { CommandSpec } from '../command.ts';

export const queueCommands: readonly CommandSpec[] = [
  {
    name: 'queue ls',
    argument: '',
    text: 'list the queues that something waits in, and why',
    flags: [],
    rows: true,
    examples: ['queue ls', 'queue ls --json'],
    load: async () => (await import('../queue.ts')).listQueues,
  },
  {
    name: 'queue show',
    argument: '<queue>',
    text: 'list what waits in one queue, in the order it goes; no text',
    more: 'A queue is a mnemonic, a person, an upstream, or `intercept`.',
    flags: [{ flags: '-n, --limit <count>', text: 'at most so many; 50 unless told, 0 is all' }],
    rows: true,
    examples: ['queue show QP01', 'queue show STATE -n 0 -o jsonl'],
    load: async () => (await import('../queue.ts')).showQueue,
  },
  {
    name: 'queue shape',
    argument: '[queue]',
    text: 'how long things have waited, by queue',
    flags: [],
    rows: true,
    examples: ['queue shape', 'queue shape QP01'],
    load: async () => (await import('../queue.ts')).shapeQueues,
  },
];
