// The difference between two registers as changes that lead from one to the other.
// Promises: applied to the first they give the second; between equals there is none. Pure and total.

import type { Register, RegisterChange, RegisterTable, RegisterTables } from '#journal/register';

/** What one change does, for a person to read before saying yes. */
export interface ChangeLine {
  readonly op: 'add' | 'change' | 'remove';
  readonly table: RegisterTable;
  readonly key: string;
  readonly text: string;
}

/** What others refer to is put first and removed last, so that each half-way step holds together. */
const order = ['agency', 'mnemonic', 'pool', 'station', 'person', 'operator'] as const;

/** Changes from `current` to `wanted`: all puts, then all removals. */
export function diffRegister(current: Register, wanted: Register): readonly RegisterChange[] {
  return [
    ...order.flatMap((table) => puts(table, current, wanted)),
    ...order.toReversed().flatMap((table) => removals(table, current, wanted)),
  ];
}

/** One line for each change. Nothing in a register is secret. */
export function describeChanges(
  changes: readonly RegisterChange[],
  current: Register,
): readonly ChangeLine[] {
  return changes.map((change) => {
    const { table, key } = change;
    const before = current[table].get(key);
    if (change.op === 'remove') return { op: 'remove', table, key, text: '' };
    const op = before === undefined ? 'add' : 'change';
    const members = differing(before ?? {}, change.record).filter(
      ({ after }) => op === 'change' || show(after) !== 'none',
    );
    return { op, table, key, text: members.map((member) => memberText(member, op)).join('; ') };
  });
}

function puts(
  table: RegisterTable,
  current: Register,
  wanted: Register,
): readonly RegisterChange[] {
  return [...wanted[table]]
    .filter(([key, record]) => {
      const before = current[table].get(key);
      return before === undefined || differing(before, record).length > 0;
    })
    .map(([key, record]) => putChange(table, key, record));
}

function putChange(
  table: RegisterTable,
  key: string,
  record: RegisterTables[RegisterTable],
): RegisterChange {
  // Table and record come from one map, so they belong together; the compiler cannot follow that.
  return { op: 'put', table, key, record } as RegisterChange;
}

function removals(
  table: RegisterTable,
  current: Register,
  wanted: Register,
): readonly RegisterChange[] {
  const gone = [...current[table].keys()].filter((key) => !wanted[table].has(key));
  return gone.map((key) => ({ op: 'remove', table, key }));
}

interface Differing {
  readonly member: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Members that differ; absent and undefined are the same. Values are text, flags and lists of text. */
function differing(before: object, after: object): readonly Differing[] {
  const old = new Map<string, unknown>(Object.entries(before));
  const now = new Map<string, unknown>(Object.entries(after));
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((member) => ({ member, before: old.get(member), after: now.get(member) }))
    .filter((pair) => JSON.stringify(pair.before) !== JSON.stringify(pair.after));
}

function memberText({ member, before, after }: Differing, op: 'add' | 'change'): string {
  return op === 'add' ? `${member} ${show(after)}` : `${member} ${show(before)} → ${show(after)}`;
}

function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(' ');
  if (value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
