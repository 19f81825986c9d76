// Commands about the configuration.

import type { CommandSpec } from '../command.ts';
import { reason } from './flags.ts';

export const configCommands: readonly CommandSpec[] = [
  {
    name: 'config check',
    argument: '[file]',
    text: 'check a configuration and the files it names, as the switch does at its start',
    flags: [],
    examples: ['config check /etc/msc/msc.toml'],
    load: async () => (await import('../config.ts')).checkConfig,
  },
  {
    name: 'config show',
    argument: '[file]',
    text: 'show every setting, and whether the file or the default gave it',
    flags: [],
    rows: true,
    examples: ['config show', 'config show /etc/msc/msc.toml -o json'],
    load: async () => (await import('../config.ts')).showConfig,
  },
  {
    name: 'config reload',
    argument: '',
    text: 'take configuration, certificates and lists anew, without a restart',
    more: [
      'Everything is checked first; what is wrong anywhere changes nothing, and the exit code says so.',
      'The register is not read: msc registry apply.',
    ].join('\n'),
    flags: [reason],
    rows: true,
    examples: ['config reload', 'config reload --reason "list of 26 November"'],
    load: async () => (await import('../config-reload.ts')).reloadConfig,
  },
];
