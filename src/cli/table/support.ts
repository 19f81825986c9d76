// Commands for a support call and for the shell.

import type { CommandSpec } from '../command.ts';

export const supportCommands: readonly CommandSpec[] = [
  {
    name: 'support bundle',
    argument: '',
    text: 'write one file for a support call: versions, settings, doctor, counters',
    more: [
      'Never in it: the journal, keys, passwords, message text, people, addresses.',
      'Works with the switch down. Mode 0600; nothing is overwritten.',
    ].join('\n'),
    flags: [
      { flags: '-f, --file <out>', text: 'where; msc-support-TIME.tar.gz here unless told' },
      { flags: '--log <file>', text: 'take recent lines of this log of the switch' },
    ],
    examples: ['support bundle', 'support bundle -f case-4711.tar.gz --log /var/log/msc.log'],
    load: async () => (await import('../support/bundle.ts')).makeBundle,
  },
  {
    name: 'support inspect',
    argument: '<file> [name]',
    text: 'show what is in a support bundle, and prove that it is as it was made',
    more: 'With a name, that file of it. Exit 1 when a file is not as the manifest says.',
    flags: [],
    examples: ['support inspect case-4711.tar.gz', 'support inspect case-4711.tar.gz config.json'],
    load: async () => (await import('../support/bundle.ts')).inspectBundle,
  },
  {
    name: 'completion',
    argument: '<shell>',
    text: 'print what makes bash, zsh or fish complete msc',
    more: [
      'bash: source <(msc completion bash)',
      'zsh: msc completion zsh > "${fpath[1]}/_msc"',
      'fish: msc completion fish | source',
    ].join('\n'),
    flags: [],
    examples: ['completion bash'],
    load: async () => (await import('../completion/run.ts')).printCompletion,
  },
  {
    name: 'cheat',
    argument: '[topic]',
    text: 'one screen of commands: night, messages, links, config, certs, monitoring',
    flags: [],
    examples: ['cheat', 'cheat config'],
    load: async () => (await import('../cheat.ts')).printCheat,
  },
];
