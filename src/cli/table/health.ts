// Commands that say whether the switch is well: for a container, for monitoring, for a person.

import type { CommandSpec } from '../command.ts';

export const healthCommands: readonly CommandSpec[] = [
  {
    name: 'health',
    argument: '[stage]',
    text: 'ask over HTTP: live, ready (unless told) or deep',
    more: [
      'live: it turns. ready: it takes messages. deep: each of its parts, by name.',
      'Exit 0 healthy, 1 not, 69 nobody answers.',
    ].join('\n'),
    flags: [{ flags: '--wait <time>', text: 'ask again until it is healthy, at most so long' }],
    examples: ['health', 'health ready --wait 30s', 'health deep --json'],
    load: async () => (await import('../health.ts')).runHealth,
  },
  {
    name: 'check',
    argument: '<what>',
    text: 'check one thing against limits, for monitoring',
    more: [
      'What: daemon links terminals queues journal disk certs config.',
      'links: seconds an upstream is down, 30s and 2m. terminals: share not connected, 50% and 100%.',
      'queues: age of the oldest message, 1m and 10m. journal: last commit, 1s and 5s.',
      'disk: free share, 10% and 5%. certs: days left, 30d and 7d.',
      'Exit 0 ok, 1 warning, 2 critical, 3 unknown, also for a wrong command line.',
    ].join('\n'),
    flags: [
      { flags: '--warn <limit>', text: 'warning from here on: 30d, 90s, 10% or a number' },
      { flags: '--crit <limit>', text: 'critical from here on' },
    ],
    forms: ['text', 'nagios', 'json', 'prometheus'],
    faultExit: 3,
    examples: ['check daemon', 'check certs --warn 30d --crit 7d -o nagios', 'check disk --json'],
    load: async () => (await import('../check/run.ts')).runCheck,
  },
  {
    name: 'doctor',
    argument: '[checks...]',
    text: 'look for what is wrong, also while the switch is down',
    more: [
      'Each finding has an id, what was seen, and what to do. It changes nothing.',
      'Exit 0 without findings, 1 with some.',
    ].join('\n'),
    flags: [
      { flags: '--list', text: 'only say what is looked at' },
      { flags: '--ignore <id...>', text: 'accept this finding' },
    ],
    rows: true,
    examples: [
      'doctor',
      'doctor D001 certificates',
      'doctor --ignore D005 --json',
      'doctor --list',
    ],
    load: async () => (await import('../doctor/run.ts')).runDoctor,
  },
];
