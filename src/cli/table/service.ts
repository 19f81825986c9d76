// Commands about the service manager.

import type { CommandSpec } from '../command.ts';

export const serviceCommands: readonly CommandSpec[] = [
  {
    name: 'service unit',
    argument: '[file]',
    text: 'print the systemd unit of a configuration',
    more: 'Installs nothing; the settings are those of the table [service].',
    flags: [],
    examples: ['service unit > /etc/systemd/system/msc.service'],
    load: async () => (await import('../service.ts')).printUnit,
  },
  {
    name: 'service sysusers',
    argument: '[file]',
    text: 'print the user that the switch runs as, for systemd-sysusers',
    flags: [],
    examples: ['service sysusers > /etc/sysusers.d/msc.conf'],
    load: async () => (await import('../service.ts')).printSysusers,
  },
  {
    name: 'service tmpfiles',
    argument: '[file]',
    text: 'print folders and files with their owners, for systemd-tmpfiles',
    flags: [],
    examples: ['service tmpfiles > /etc/tmpfiles.d/msc.conf'],
    load: async () => (await import('../service.ts')).printTmpfiles,
  },
];
