// Commands that look into the running switch: where messages go, and what happens on a link.

import type { CommandSpec } from '../command.ts';
import { reason } from './flags.ts';

export const traceCommands: readonly CommandSpec[] = [
  {
    name: 'route show',
    argument: '',
    text: 'show where each message key goes, by key table and configuration',
    flags: [],
    rows: true,
    examples: ['route show', 'route show --columns mke,to --no-header'],
    load: async () => (await import('../route.ts')).showRoutes,
  },
  {
    name: 'route test',
    argument: '',
    text: 'ask who would hear a message, and by which rule; nothing is sent',
    more: [
      'The switch judges it by the register, sign-ons and links as they are now.',
      'Exit 0 when somebody would hear it, 1 when it would be refused.',
    ].join('\n'),
    flags: [
      { flags: '--from <mnemonic>', text: 'the mnemonic that would send it' },
      { flags: '--mke <key>', text: 'the message key' },
      { flags: '--ori <ori>', text: 'the agency in it; that of the mnemonic unless told' },
      { flags: '--field <field...>', text: 'a field of it, CODE=VALUE' },
      { flags: '--to <address...>', text: 'an address, of a key that has addresses' },
      { flags: '--user <user>', text: 'as if this person were signed on there' },
    ],
    examples: [
      'route test --from QZ01 --mke QV --field LIC=1ZZZ999 --field LIS=CA',
      'route test --from QZ01 --mke AM --to QP01 --user jdoe',
    ],
    load: async () => (await import('../route.ts')).testRoute,
  },
  {
    name: 'trace start',
    argument: '',
    text: 'watch one terminal, link, upstream or message for a while',
    more: [
      'Holds types, directions, numbers, sizes and times; never the text of a message.',
      'It ends by itself, is in memory alone, and is gone when the switch ends.',
      'Its start and its end are journalled, with who and why.',
    ].join('\n'),
    flags: [
      { flags: '--terminal <name>', text: 'a station or a mnemonic' },
      { flags: '--link <number>', text: 'one connection, by its number in a trace' },
      { flags: '--upstream <name>', text: 'an upstream' },
      { flags: '--entry <number>', text: 'what becomes of one message from here on' },
      { flags: '--for <time>', text: 'how long, 1s to 1h; 10m unless told' },
      reason,
    ],
    examples: ['trace start --terminal QZ01 --for 10m --reason "no answers since 02:40"'],
    load: async () => (await import('../trace.ts')).startTrace,
  },
  {
    name: 'trace ls',
    argument: '',
    text: 'list what is watched, and what was',
    flags: [],
    rows: true,
    examples: ['trace ls'],
    load: async () => (await import('../trace.ts')).listTraces,
  },
  {
    name: 'trace show',
    argument: '<id>',
    text: 'show what a trace has seen',
    flags: [],
    rows: true,
    examples: ['trace show 1', 'trace show 1 -o jsonl'],
    load: async () => (await import('../trace.ts')).showTrace,
  },
  {
    name: 'trace stop',
    argument: '<id>',
    text: 'stop a trace; what it has seen stays for a while',
    flags: [reason],
    examples: ['trace stop 1'],
    load: async () => (await import('../trace.ts')).stopTrace,
  },
];
