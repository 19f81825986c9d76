// Commands about whom the switch knows: register and people.

import type { CommandSpec } from '../command.ts';
import { passwordFile, reason, yes } from './flags.ts';

export const peopleCommands: readonly CommandSpec[] = [
  {
    name: 'registry apply',
    argument: '<file>',
    text: 'make agencies, stations, mnemonics and pools as the file says',
    more: 'Shows what would change and asks; without a terminal it needs --yes.',
    flags: [{ flags: '--dry-run', text: 'only say what would change' }, yes, reason],
    rows: true,
    examples: ['registry apply registry.toml --dry-run', 'registry apply registry.toml --yes'],
    load: async () => (await import('../registry.ts')).applyRegistry,
  },
  {
    name: 'user add',
    argument: '<user>',
    text: 'add a person who may sign on',
    flags: [
      { flags: '--name <name>', text: 'the name, as the terminal shows it' },
      { flags: '--oif <oif>', text: 'the operator field, six of A-Z and 0-9' },
      { flags: '--agency <ori>', text: 'the agency of the person' },
      {
        flags: '--sends <keys>',
        text: 'keys or @groups of keys, separated by commas; without it none',
      },
      { flags: '--pools <names>', text: 'pools to borrow from, separated by commas' },
      { flags: '--keep-password', text: 'the first sign-on need not change it' },
      passwordFile,
      yes,
    ],
    examples: [
      'user add jdoe --name "J. Doe" --oif J10442 --agency CA0990100 --sends QV,QW --pools MDT',
      'user add jdoe --name "J. Doe" --oif J10442 --agency CA0990100 --password-file -',
    ],
    load: async () => (await import('../user.ts')).addUser,
  },
  {
    name: 'user passwd',
    argument: '<user>',
    text: 'give a person a new password',
    flags: [
      { flags: '--keep-password', text: 'the next sign-on need not change it' },
      passwordFile,
      yes,
    ],
    examples: ['user passwd jdoe'],
    load: async () => (await import('../user.ts')).renewPassword,
  },
  {
    name: 'user unlock',
    argument: '<user>',
    text: 'unlock a person after too many wrong passwords',
    flags: [yes, reason],
    examples: ['user unlock jdoe --reason "called back, badge shown"'],
    load: async () => (await import('../user.ts')).unlockUser,
  },
];
