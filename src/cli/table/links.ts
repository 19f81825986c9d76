// Commands about live connections.

import type { CommandSpec } from '../command.ts';
import { dryRun, reason, yes } from './flags.ts';

export const linkCommands: readonly CommandSpec[] = [
  {
    name: 'link ls',
    argument: '',
    text: 'list live connections, and upstreams without one',
    more: 'IN and OUT count the messages of the session. A narrow screen leaves out PEER and TLS.',
    flags: [],
    rows: true,
    examples: ['link ls', 'link ls -o csv', 'link ls --columns link,name,state,peer'],
    load: async () => (await import('../link.ts')).listLinks,
  },
  {
    name: 'link show',
    argument: '<link>',
    text: 'show one connection, whole',
    flags: [],
    examples: ['link show 112'],
    load: async () => (await import('../link.ts')).showLink,
  },
  {
    name: 'link close',
    argument: '<link>',
    text: 'end one connection; whoever is there comes back',
    more: [
      'A station gets CLOSE C16 and keeps its sign-on; an upstream gets C18 and is dialled again.',
      'To keep it out: msc terminal disable, msc upstream down.',
    ].join('\n'),
    flags: [dryRun, yes, reason],
    examples: ['link close 112 --reason "hangs, called the desk"', 'link close 112 --dry-run'],
    load: async () => (await import('../link.ts')).closeLink,
  },
  {
    name: 'link watch',
    argument: '',
    text: 'a line for each thing that happens to a link',
    more: 'Links up and down, sign-ons, refusals, acts of operators. Ctrl-C ends it.',
    flags: [],
    rows: true,
    examples: ['link watch', 'link watch -o jsonl'],
    load: async () => (await import('../link.ts')).watchLinks,
  },
];
