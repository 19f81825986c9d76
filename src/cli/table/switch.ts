// Commands that run a switch, and say how it is.

import type { CommandSpec } from '../command.ts';

export const switchCommands: readonly CommandSpec[] = [
  {
    name: 'serve',
    argument: '',
    text: 'run the switch in the foreground',
    more: 'Ends in order on SIGTERM or Ctrl-C: takes nothing new, delivers, exits 0.',
    flags: [],
    examples: ['serve --config /etc/msc/msc.toml'],
    load: async () => (await import('../serve.ts')).runServe,
  },
  {
    name: 'demo',
    argument: '',
    text: 'run a switch with simulators in a folder',
    more: 'Stays up until Ctrl-C; with --script it does the main job once, explains it, and stops.',
    flags: [
      { flags: '--dir <folder>', text: 'where; ./demo unless told, with --script a new folder' },
      {
        flags: '--port-base <port>',
        text: 'stations; http is the next port, upstreams follow; 0 is free ones',
      },
      { flags: '--script', text: 'do the main job and stop' },
    ],
    examples: ['demo --script', 'demo --dir demo --port-base 7443'],
    load: async () => (await import('../demo.ts')).runDemo,
  },
  {
    name: 'init',
    argument: '',
    text: 'write a commented configuration and an example registry',
    more: 'Refuses to overwrite anything.',
    flags: [
      { flags: '--county <name>', text: 'the name of the county; EXAMPLE unless told' },
      { flags: '--dir <folder>', text: 'where; the current folder unless told' },
    ],
    examples: ['init --county EXAMPLE --dir /etc/msc'],
    load: async () => (await import('../init.ts')).runInit,
  },
  {
    name: 'status',
    argument: '',
    text: 'say how the switch is',
    more: 'Exit 0 when it is ready, 1 when it is not, 69 when it does not answer.',
    flags: [{ flags: '--watch', text: 'again every two seconds, until Ctrl-C' }],
    examples: ['status', 'status --json', 'status --watch'],
    load: async () => (await import('../status.ts')).runStatus,
  },
  {
    name: 'top',
    argument: '',
    text: 'watch the switch and its links, on the whole screen',
    more: [
      'Keys: s sort, / filter, Enter detail, p pause, h help, q quit; arrows or j and k choose.',
      'It needs a terminal of 40 columns and 10 lines at least, and leaves it as it was.',
    ].join('\n'),
    flags: [],
    examples: ['top'],
    load: async () => (await import('../top.ts')).runTop,
  },
];
