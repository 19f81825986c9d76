// A small register that holds together, and how the tests of the register change it.

import { readFileSync } from 'node:fs';
import { parseMnemonic, parseOif, parseOri, parseUserName } from '#protocol/ids';
import { emptyRegister, type PersonRecord, type Register } from '#journal/register';
import { parseRegisterFile, wantedRegister } from '#src/access/register-file';

export const exampleToml = readFileSync('config/registry.example.toml', 'utf8');

/** The register of a file, with people beside it. */
export function registerOf(toml: string, people: readonly PersonRecord[] = []): Register {
  const records = parseRegisterFile(toml);
  if (!records.ok) throw new Error(JSON.stringify(records.error));
  const person = new Map(people.map((one) => [one.user, one]));
  return wantedRegister({ ...emptyRegister(), person }, records.value);
}

export function person(user: string, oif: string, more: Partial<PersonRecord> = {}): PersonRecord {
  return {
    user: must(parseUserName(user)),
    name: `${user.toUpperCase()}, TEST`,
    oif: must(parseOif(oif)),
    agency: must(parseOri('CA0990100')),
    state: 'enabled',
    sends: ['QV'],
    pools: [],
    mustChange: false,
    ...more,
  };
}

export const ori = (text: string) => must(parseOri(text));
export const mnemonic = (text: string) => must(parseMnemonic(text));

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a name of the test breaks its grammar');
  return value;
}
