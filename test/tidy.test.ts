// Keeps the house true: who may know whom, and what a source may not hold.
// The rules are the tables below; the code after them only compares.
// A rule gives way to one named file with its reason, never to a comment in that file.

import { builtinModules } from 'node:module';
import { describe, expect, it } from 'vitest';

import {
  clocksAndDice,
  filesOf,
  type Import,
  readSource,
  type Source,
  target,
} from '#support/sources';

interface Placed extends Source {
  readonly room: string;
}

interface Rule {
  /** Rooms it may import. `type X` means types alone. Its own room goes without saying. */
  readonly rooms: readonly string[];
  /** Packages. */
  readonly packages: readonly string[];
  /** Modules of Node without `node:`; `all`, or those named. */
  readonly node: 'all' | readonly string[];
}

/** The rooms by the files they hold; the first that fits counts. */
const rooms: readonly (readonly [name: string, files: RegExp])[] = [
  ['protocol', /^protocol\//],
  // The words of the journal, without its machinery: pure, and everyone's.
  [
    'journal/entry',
    /^journal\/(entry|register|query|reindexing|tally|words|terms|ranges|purge)\.ts$/,
  ],
  ['journal/port', /^journal\/(journal|register-store|fault)\.ts$/],
  // The JSON form of an entry that outside programs read.
  ['journal/row', /^journal\/row\.ts$/],
  ['journal/verify', /^journal\/verify(-\w+)?\.ts$/],
  // What a command does in the folder of a switch that is down.
  ['journal/down', /^journal\/sqlite\/reindex-folder\.ts$/],
  ['journal', /^journal\//],
  ['errors', /^src\/(errors(-purge|-segments)?|journal-faults)\.ts$/],
  // The daemon's own parts, each of one idea: no other room may know them.
  ['daemon', /^src\/daemon(\.ts$|\/)/],
  // What a command asks while no daemon runs: it wires the journal's files and the commands of control.
  ['offline', /^src\/offline\.ts$/],
  ['access/proof', /^src\/access\/proof\.ts$/],
  // What the edge is handed: clock, dice, log. Types alone.
  ['net/ports', /^src\/net\/ports\.ts$/],
  // The station side of the protocol: pure, and a stranger to the switch.
  ['net/station', /^src\/net\/station\//],
  [
    'control/client',
    /^src\/control\/(client|lines|local-time|paper|socket-path|wire|wire-purge|wire-releases|wire-views|wire-search)\.ts$/,
  ],
  ...['switch', 'access', 'net', 'runtime', 'config', 'control', 'toml', 'cli', 'sim'].map(
    (name) => [name, new RegExp(`^src/${name}/`)] as const,
  ),
];

/** Who may know whom. Arrows point one way. */
const rules: Readonly<Record<string, Rule>> = {
  protocol: { rooms: [], packages: ['binary-parser'], node: [] },
  'journal/entry': { rooms: ['protocol'], packages: [], node: [] },
  'journal/port': { rooms: ['protocol', 'journal/entry'], packages: [], node: [] },
  'journal/row': { rooms: ['protocol', 'journal/entry'], packages: [], node: ['crypto'] },
  // Shares no code with the writer: it knows the words and the file, not the machinery.
  'journal/verify': {
    rooms: ['protocol', 'journal/entry', 'type journal/port'],
    packages: ['better-sqlite3'],
    node: ['assert', 'crypto', 'fs', 'path', 'zlib'],
  },
  journal: {
    rooms: ['protocol', 'journal/entry', 'journal/port', 'journal/row', 'journal/verify'],
    packages: ['better-sqlite3'],
    node: [
      ...['assert', 'child_process', 'crypto', 'events', 'fs', 'os', 'path', 'url'],
      ...['worker_threads', 'zlib'],
    ],
  },
  'journal/down': { rooms: ['journal', 'journal/entry'], packages: [], node: [] },
  errors: { rooms: [], packages: [], node: [] },
  switch: { rooms: ['protocol', 'journal/entry'], packages: [], node: [] },
  toml: { rooms: ['protocol', 'errors'], packages: ['smol-toml', 'ajv'], node: ['fs', 'path'] },
  'access/proof': {
    rooms: ['errors', 'type access'],
    packages: [],
    node: ['fs', 'path'],
  },
  access: {
    rooms: ['protocol', 'journal/entry', 'errors', 'toml', 'access/proof'],
    packages: ['node-forge', 'ajv'],
    node: ['assert', 'crypto', 'fs', 'path', 'util'],
  },
  // Of crypto the type of a certificate alone.
  'net/ports': { rooms: ['protocol', 'type switch'], packages: [], node: ['crypto'] },
  'net/station': { rooms: ['protocol'], packages: [], node: [] },
  net: {
    rooms: ['protocol', 'journal/entry', 'errors', 'net/ports', 'net/station', 'type switch'],
    packages: [],
    node: ['assert', 'crypto', 'dns', 'events', 'fs', 'net', 'path', 'tls', 'util'],
  },
  config: {
    rooms: ['protocol', 'journal/entry', 'errors', 'toml', 'type switch'],
    packages: ['ajv'],
    node: ['fs', 'net', 'path', 'util'],
  },
  'control/client': {
    rooms: ['protocol', 'journal/entry', 'errors', 'access/proof', 'type switch', 'type control'],
    packages: [],
    node: ['crypto', 'events', 'fs', 'net', 'path', 'readline'],
  },
  // Carries out what the register may do for a person; asks the switch itself through ports.
  control: {
    rooms: [
      ...['protocol', 'journal/entry', 'type journal/port', 'journal/row', 'errors', 'toml'],
      ...['access', 'access/proof', 'control/client', 'type net/ports', 'type switch'],
    ],
    packages: ['ajv'],
    node: ['assert', 'events', 'fs', 'net', 'path', 'util'],
  },
  runtime: {
    rooms: [
      ...['protocol', 'journal/entry', 'type journal/port', 'errors'],
      ...['type net/ports', 'type switch'],
    ],
    packages: ['pino'],
    node: ['assert', 'crypto', 'events', 'fs', 'http', 'path', 'perf_hooks', 'util'],
  },
  sim: {
    rooms: ['protocol'],
    packages: ['better-sqlite3', 'binary-parser', 'commander', 'smol-toml'],
    node: 'all',
  },
  cli: {
    rooms: [
      ...['protocol', 'journal/entry', 'type journal/port', 'journal/row', 'journal/verify'],
      ...['journal/down', 'errors', 'toml'],
      ...['access', 'access/proof', 'config', 'control/client', 'daemon', 'offline'],
    ],
    packages: ['commander', 'smol-toml', 'pdfkit'],
    node: 'all',
  },
  offline: {
    rooms: [
      ...['journal', 'journal/verify', 'errors', 'access/proof', 'config', 'control'],
      'control/client',
    ],
    packages: [],
    node: ['fs', 'path'],
  },
  daemon: {
    rooms: rooms.map(([name]) => name).filter((name) => !['cli', 'sim', 'offline'].includes(name)),
    packages: ['pino'],
    node: 'all',
  },
};

/** Single files that may do what the rules do not allow, and why. */
const exceptions: readonly {
  readonly file: string;
  readonly what: string;
  readonly because: string;
}[] = [
  {
    file: 'src/access/certificate.ts',
    what: 'import node:net',
    because: 'isIP alone, which opens no socket',
  },
  {
    file: 'src/access/certificate.ts',
    what: 'use randomBytes',
    because: 'keys and serials come from the operating system; nothing ever replays them',
  },
  {
    file: 'protocol/frame.ts',
    what: 'silence a check',
    because: 'the types of binary-parser reach the rooms that import it by reference alone',
  },
  {
    file: 'journal/sqlite/indexer.ts',
    what: 'use performance.now',
    because: 'how long a block took paces the next one; nothing of it is written or decided',
  },
  {
    file: 'journal/sqlite/filter-bank.ts',
    what: 'use randomBytes',
    because: 'the number of a cache, by which it is not taken for another one; nothing replays it',
  },
  {
    file: 'journal/memory.ts',
    what: 'silence a check',
    because: 'an async generator that has nothing to await, where the port asks for one',
  },
  {
    file: 'test/support/last-line-reporter.ts',
    what: 'export a default',
    because: 'vitest loads a reporter by its default export',
  },
  {
    file: 'vitest.config.ts',
    what: 'export a default',
    because: 'vitest loads its configuration so',
  },
  {
    file: 'vitest.long.config.ts',
    what: 'export a default',
    because: 'vitest loads its configuration so',
  },
];

/** Only these may import the daemon, which runs everything. */
const daemonImporters = ['src/cli/serve.ts'];
/** Only this may import forge: what strangers send never comes near it. */
const forgeImporters = ['src/access/x509.ts'];

/** Rooms that may read the clock and throw dice. Whoever else needs them is handed them. */
const clockRooms = ['runtime', 'cli', 'sim', 'test'];
const consoleRooms = ['cli', 'sim', 'test'];
const linesMax = 400;
const sources = ['protocol', 'journal', 'src', 'packaging', 'test', '.']
  .flatMap(filesOf)
  .map(placed);
const ours = sources.filter(({ room }) => room !== 'test');

describe('the house', () => {
  it('has every source in a room that has its rule', () => {
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.filter(({ room }) => rules[room] === undefined).map(({ file }) => file)).toEqual(
      [],
    );
  });

  it('lets a room know only what its rule names', () => {
    expect(ours.flatMap(forbiddenImports)).toEqual([]);
  });

  it('imports other rooms by name and its own by path', () => {
    const strays = ours.flatMap(({ file, imports }) =>
      imports
        .filter(({ from }) => leavesItsFolder(file, from))
        .map(({ from }) => `${file}: ${from}`),
    );
    expect(strays).toEqual([]);
  });

  it.each([
    ['the daemon is imported for serve alone', 'daemon', daemonImporters],
    ['forge is imported where certificates are built, alone', 'node-forge', forgeImporters],
  ])('%s', (_, wanted, importers) => {
    const found = ours.filter(
      ({ file, room, imports }) =>
        room !== wanted &&
        imports.some(({ from }) => from === wanted || roomOf(target(file, from) ?? '') === wanted),
    );
    expect(found.map(({ file }) => file).filter((file) => !importers.includes(file))).toEqual([]);
  });
});

describe('a source', () => {
  it('exports names, no default', () => {
    expect(culprits(sources, (act) => act === 'export a default')).toEqual([]);
  });

  it('passes on nothing of another file', () => {
    expect(culprits(ours, (act) => act === 'export from')).toEqual([]);
    expect(sources.map(({ file }) => file).filter((file) => /\bindex\.ts$/.test(file))).toEqual([]);
  });

  it('prints nothing outside the command line and the simulators', () => {
    const silent = ours.filter(({ room }) => !consoleRooms.includes(room));
    expect(culprits(silent, (act) => act === 'use console')).toEqual([]);
  });

  it('reads no clock and throws no dice outside the runtime', () => {
    const timeless = ours.filter(({ room }) => !clockRooms.includes(room));
    const banned = new Set([...clocksAndDice.map((name) => `use ${name}`), 'use new Date()']);
    expect(culprits(timeless, (act) => banned.has(act))).toEqual([]);
  });

  it(`has at most ${linesMax} lines`, () => {
    const long = sources.filter(({ text }) => text.split('\n').length - 1 > linesMax);
    expect(long.map(({ file }) => file).filter((file) => !excused(file, 'be long'))).toEqual([]);
  });

  it('leaves nothing for later and silences no check', () => {
    expect(culprits(sources, (act) => act === 'leave for later')).toEqual([]);
    expect(culprits(sources, (act) => act === 'silence a check')).toEqual([]);
  });
});

describe('an exception', () => {
  it('is still needed', () => {
    const idle = exceptions.filter(({ file, what }) => {
      const source = sources.find((each) => each.file === file);
      if (source === undefined) return true;
      if (what === 'be long') return source.text.split('\n').length - 1 <= linesMax;
      const did = [...source.acts, ...source.imports.map(({ from }) => `import ${from}`)];
      return !did.includes(what);
    });
    expect(idle).toEqual([]);
  });
});

function placed(file: string): Placed {
  return { ...readSource(file), room: roomOf(file) };
}

function roomOf(file: string): string {
  const room = rooms.find(([, files]) => files.test(file))?.[0];
  return room ?? (/^(test\/|packaging\/|[^/]+$)/.test(file) ? 'test' : 'none');
}

function forbiddenImports({ file, room, imports }: Placed): readonly string[] {
  const rule = rules[room];
  return imports
    .filter((each) => rule !== undefined && !allowed(file, room, rule, each))
    .filter(({ from }) => !excused(file, `import ${from}`))
    .map(({ from, typeOnly }) => `${file} (${room}) imports ${from}${typeOnly ? ' as type' : ''}`);
}

function allowed(file: string, room: string, rule: Rule, { from, typeOnly }: Import): boolean {
  const path = target(file, from);
  if (path !== undefined) {
    const other = path.endsWith('.json') ? room : roomOf(path);
    return (
      other === room ||
      rule.rooms.includes(other) ||
      (typeOnly && rule.rooms.includes(`type ${other}`))
    );
  }
  const name = from.replace(/^node:/, '').split('/')[0] ?? from;
  if (from.startsWith('node:') || builtinModules.includes(from))
    return rule.node === 'all' || rule.node.includes(name);
  return rule.packages.includes(name);
}

/** A relative import out of the folder of its room. */
function leavesItsFolder(file: string, from: string): boolean {
  const folder = (path: string) => /^(protocol|journal|src\/[^/]+)/.exec(path)?.[0];
  return from.startsWith('.') && folder(target(file, from) ?? '') !== folder(file);
}

function culprits(among: readonly Source[], bad: (act: string) => boolean): readonly string[] {
  return among.flatMap(({ file, acts }) =>
    acts.filter((act) => bad(act) && !excused(file, act)).map((act) => `${file}: ${act}`),
  );
}

function excused(file: string, what: string): boolean {
  return exceptions.some((each) => each.file === file && each.what === what);
}
