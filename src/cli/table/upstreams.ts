// Commands about the hosts that this switch dials.

import type { CommandSpec } from '../command.ts';
import { dryRun, reason, yes } from './flags.ts';

export const upstreamCommands: readonly CommandSpec[] = [
  {
    name: 'upstream ls',
    argument: '',
    text: 'list the upstreams, and how each is',
    flags: [],
    rows: true,
    examples: ['upstream ls', 'upstream ls --json'],
    load: async () => (await import('../upstream.ts')).listUpstreams,
  },
  {
    name: 'upstream show',
    argument: '<name>',
    text: 'show one upstream, whole',
    flags: [],
    examples: ['upstream show STATE'],
    load: async () => (await import('../upstream.ts')).showUpstream,
  },
  {
    name: 'upstream up',
    argument: '<name>',
    text: 'dial an upstream again that was taken down',
    flags: [dryRun, yes, reason],
    examples: ['upstream up STATE --reason "state says it is repaired"'],
    load: async () => (await import('../upstream.ts')).raiseUpstream,
  },
  {
    name: 'upstream down',
    argument: '<name>',
    text: 'leave an upstream and dial it no more, over restarts too',
    more: [
      'It gets CLOSE C18; stations are told `held`. What is for it waits as long as its class says,',
      'so inquiries expire after two minutes (ER 62).',
    ].join('\n'),
    flags: [dryRun, yes, reason],
    examples: ['upstream down STATE --reason "state asks for it" --yes'],
    load: async () => (await import('../upstream.ts')).lowerUpstream,
  },
  {
    name: 'upstream probe',
    argument: '<name>',
    text: 'try name, port and TLS of an upstream from the switch',
    more: 'The live link is left alone, and no HELLO is said. Exit 1 names the step that failed.',
    flags: [{ flags: '--tls', text: 'also TLS and the certificate' }],
    rows: true,
    examples: ['upstream probe STATE', 'upstream probe STATE --tls'],
    load: async () => (await import('../upstream.ts')).probeUpstream,
  },
];
