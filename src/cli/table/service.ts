// Commands about the service manager.

import type { CommandSpec } from '../command.ts';

export const serviceCommands: readonly CommandSpec[] = [
  {
    name: 'service unit',
    argument: '[file]',
    text: 'print the systemd unit of a configuration',
    more: 'It belongs into /etc/systemd/system/msc.service; its settings are the table [service].',
    flags: [],
    examples: ['service unit', 'service unit /etc/msc/msc.toml'],
    load: async () => (await import('../service.ts')).printUnit,
  },
  {
    name: 'service sysusers',
    argument: '[file]',
    text: 'print the user that the switch runs as, for systemd-sysusers',
    more: 'It belongs into /etc/sysusers.d/msc.conf.',
    flags: [],
    examples: ['service sysusers'],
    load: async () => (await import('../service.ts')).printSysusers,
  },
  {
    name: 'service tmpfiles',
    argument: '[file]',
    text: 'print folders and files with their owners, for systemd-tmpfiles',
    more: 'It belongs into /etc/tmpfiles.d/msc.conf.',
    flags: [],
    examples: ['service tmpfiles'],
    load: async () => (await import('../service.ts')).printTmpfiles,
  },
];
