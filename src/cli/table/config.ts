// Commands about the configuration.

import type { CommandSpec } from '../command.ts';
import { reason, yes } from './flags.ts';

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
    name: 'config diff',
    argument: '[file]',
    text: 'show what would change if the file were taken now',
    more: [
      'Against what is in force; with the switch down, a named file against that of the installation.',
      'Exit 0 when nothing differs, 1 when something does.',
    ].join('\n'),
    flags: [],
    rows: true,
    examples: ['config diff', 'config diff /etc/msc/msc.toml.new'],
    load: async () => (await import('../config-diff.ts')).diffConfig,
  },
  {
    name: 'config explain',
    argument: '<key>',
    text: 'explain a setting: meaning, default, limits, and what a change needs',
    flags: [],
    examples: ['config explain links.window', 'config explain upstreams.STATE.routes'],
    load: async () => (await import('../config-explain.ts')).explainConfig,
  },
  {
    name: 'config history',
    argument: '',
    text: 'list the configurations that were in force, by whom and why',
    flags: [],
    rows: true,
    examples: ['config history', 'config history -o jsonl'],
    load: async () => (await import('../config-history.ts')).configHistory,
  },
  {
    name: 'config rollback',
    argument: '<version>',
    text: 'put an earlier configuration back into the file, and take it',
    more: 'Checked as a reload is; refused whole where it would not load. Nothing is lost: what is in force is kept.',
    flags: [{ flags: '--dry-run', text: 'only say what would change' }, yes, reason],
    rows: true,
    examples: [
      'config rollback 3 --dry-run',
      'config rollback 3 --yes --reason "the new list was wrong"',
    ],
    load: async () => (await import('../config-history.ts')).rollbackConfig,
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
