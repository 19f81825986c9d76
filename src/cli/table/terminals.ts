// Commands about terminals, printers and hosts of the register.

import type { CommandSpec } from '../command.ts';
import { dryRun, reason, yes } from './flags.ts';

export const terminalCommands: readonly CommandSpec[] = [
  {
    name: 'terminal ls',
    argument: '',
    text: 'list the stations of the register, and how each is',
    flags: [],
    rows: true,
    examples: ['terminal ls', 'terminal ls -o csv --columns station,state,place'],
    load: async () => (await import('../terminal.ts')).listTerminals,
  },
  {
    name: 'terminal show',
    argument: '<name>',
    text: 'show one, by its mnemonic or the name of its station',
    flags: [],
    examples: ['terminal show QZ01', 'terminal show PD-DISP-01'],
    load: async () => (await import('../terminal.ts')).showTerminal,
  },
  {
    name: 'terminal enable',
    argument: '<name>',
    text: 'let a disabled terminal in again',
    more: 'What the register itself disables is enabled there: msc registry apply.',
    flags: [dryRun, yes, reason],
    examples: ['terminal enable QZ01 --reason "found in car 12"'],
    load: async () => (await import('../terminal.ts')).enableTerminal,
  },
  {
    name: 'terminal disable',
    argument: '<name>',
    text: 'shut a terminal out until it is enabled, over restarts too',
    more: [
      'Its link ends with CLOSE C02, whoever is signed on there is signed off, and it is not let in.',
      'What is for it waits; answers for its person go to wherever that person signs on.',
    ].join('\n'),
    flags: [dryRun, yes, reason],
    examples: [
      'terminal disable QZ01 --reason "left in a taxi"',
      'terminal disable QZ01 --dry-run',
    ],
    load: async () => (await import('../terminal.ts')).disableTerminal,
  },
  {
    name: 'terminal test',
    argument: '<name>',
    text: 'send a short test message and wait for its acknowledgement',
    more: 'It is kept 30 s and says that it is a test. Exit 1 when it was not acknowledged.',
    flags: [dryRun, yes, reason],
    examples: ['terminal test QZ01', 'terminal test QP01 --json'],
    load: async () => (await import('../terminal.ts')).testTerminal,
  },
  {
    name: 'terminal places',
    argument: '',
    text: 'list terminals by agency and place',
    more: 'The place is that of the register file: place = "Dispatch, west desk".',
    flags: [],
    rows: true,
    examples: ['terminal places'],
    load: async () => (await import('../terminal.ts')).listPlaces,
  },
];
