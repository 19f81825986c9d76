// Commands that explain: frames, codes, themselves.

import type { CommandSpec } from '../command.ts';

export const wordCommands: readonly CommandSpec[] = [
  {
    name: 'decode',
    argument: '[file]',
    text: 'read frames, field by field, and say what is wrong and where',
    more: 'Reads stdin without a file, or for -. Exit 65 when something is wrong. With --body a text alone will do, as it is typed at a terminal: QV.CA0990100.LIC/2ZZZ999',
    flags: [
      { flags: '--hex', text: 'the input is hexadecimal digits' },
      { flags: '--body', text: 'the input is the body of one MESSAGE, without its frame' },
      { flags: '--from <who>', text: 'terminal, host, upstream or switch; terminal unless told' },
      { flags: '--secrets', text: 'show passwords of sign-ons too' },
    ],
    examples: ['decode capture.bin', 'decode --hex -', 'decode --body --from host message.txt'],
    load: async () => (await import('../decode.ts')).runDecode,
  },
  {
    name: 'error',
    argument: '<codes...>',
    text: 'explain codes',
    examples: ['error H05', 'error MSC-1201 C07', 'error ER 62'],
    flags: [],
    load: async () => (await import('../error.ts')).explainCode,
  },
  {
    name: 'version',
    argument: '',
    text: 'say which version this is',
    flags: [],
    examples: ['version', 'version --json'],
    load: async () => (await import('../version.ts')).printVersion,
  },
  {
    name: 'help',
    argument: '[command...]',
    text: 'explain a command',
    flags: [],
    examples: ['help journal search'],
    load: async () => (await import('../help.ts')).runHelp,
  },
];
