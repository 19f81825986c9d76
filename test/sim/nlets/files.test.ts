// The data files are checked whole: what is not right is said with its file and its place.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openNlets } from '../../../src/sim/nlets/open.ts';
import { folder, states } from './network.ts';

const folders: string[] = [];
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true });
});

/** A copy of the folder with one file changed. */
function changed(file: string, change: (text: string) => string): string {
  const path = mkdtempSync(join(tmpdir(), 'msc-nlets-'));
  folders.push(path);
  cpSync(folder, path, { recursive: true });
  const before = readFileSync(join(path, file), 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(join(path, file), after);
  return path;
}

describe('the files of the simulated Nlets', () => {
  it('are read as they are shipped', () => {
    expect(() => openNlets({ folder })).not.toThrow();
  });

  it.each([
    [
      'states.json',
      '"at": ["OR0990300"]',
      '"at": ["OR0990999"]',
      'rules[1].at[0] names no member and no agency',
    ],
    ['states.json', '"say": "data"', '"say": "dat"', 'plays[0][0].say is not one of'],
    ['states.json', '"CON": "Y"', '"CONF": "Y"', 'rules[0].plays[0][0].fields.CONF is not named'],
    ['states.json', '"keys": ["YQ"]', '"keys": ["YZ"]', 'rules[0].keys[0] is no message key'],
    ['states.json', '"state": "never"', '"state": "gone"', 'service[0].state is not one of'],
    ['states.json', '"after": 20000', '"after": -1', 'after is not a whole number from 0'],
    ['chatter.json', '"firstMs": 900000', '"firstMs": 9', 'own[0].firstMs is not a whole number'],
    ['states.json', '"times": 2', '"time": 2', 'has a member "time" that nobody reads'],
    ['keys.json', '"class": "D"', '"class": "Q"', 'keys[0].class is not one of'],
    ['keys.json', '"regionKey": "RQG"', '"regionKey": "RQX"', 'lacks the key RQX'],
    [
      'keys.json',
      '"max": 5',
      '"format": "RQ", "max": 5',
      'has a member "format" that nobody reads',
    ],
    [
      'errors.json',
      '"code": "DOB"',
      '"code": "DO"',
      'fields[0].code is not a field of three letters',
    ],
    [
      'errors.json',
      '"registration-inquiry"',
      '"registration"',
      'missing[0].format names no format',
    ],
    ['errors.json', '"LIY", "LIT"', '"LIY", "OLN"', 'is no field of registration-inquiry'],
    ['errors.json', '"number": "16"', '"number": "17"', 'fields[5].number is not one of'],
    ['literals.json', '"echo"', '"ecko"', 'has a member "ecko" that nobody reads'],
    ['regions.json', '"A1"', '"A11"', 'regions[0].code is not a letter and 1'],
    ['errors.json', '"mark": "S"', '"mark": "X"', 'errors[0].mark is not one of S, K, P'],
    ['directory.json', '"control": "NV0990000"', '"control": "NV0999999"', 'which is no agency'],
    ['records.json', '"member": "NV"', '"member": "QQ"', 'records[0].member is not one of'],
    ['help.json', 'NVLICHELP', 'NVLICHALP', 'is not named as ssfffHELP'],
  ])('%s: %s as %s is refused, and the place is named', (file, from, to, sentence) => {
    const path = changed(file, (text) =>
      text.replace(/\[\s+/g, '[').replace(/\s+\]/g, ']').replace(from, to),
    );
    expect(() => openNlets({ folder: path })).toThrow(
      expect.objectContaining({
        code: 'SIM-INPUT',
        message: expect.stringContaining(sentence) as unknown,
      }),
    );
  });

  it('a file that is not there, or is no JSON, is said', () => {
    const path = changed('states.json', () => '{');
    expect(() => openNlets({ folder: path })).toThrow(/states\.json is not JSON/);
    rmSync(join(path, 'states.json'));
    expect(() => openNlets({ folder: path })).toThrow(/states\.json cannot be read/);
  });

  it('a world adds its members and agencies', () => {
    const world = JSON.parse(readFileSync(join(folder, 'directory.json'), 'utf8')) as {
      agencies: object[];
    };
    const agency = {
      ori: 'CA0991200',
      name: 'DUMMYTON PD',
      type: 'PD',
      authorisation: 'ACDZ',
      service: 'A',
      location: 'DUMMYTON',
      phone: '916 555-0112',
    };
    const path = changed('directory.json', () =>
      JSON.stringify({ ...world, agencies: [...world.agencies, agency], mnemonics: [] }),
    );
    const host = openNlets({ folder, world: join(path, 'directory.json') });
    expect(host.take({ text: 'AM.CA0991200.CA0990100.TXT\r\nX' }, 0)[0]?.text).toMatch(
      /^AM\.CA0991200/,
    );
  });

  it('every agency is of county 099, and there are rules', () => {
    const oris =
      readFileSync(join(folder, 'directory.json'), 'utf8').match(/"ori": "[^"]+"/g) ?? [];
    expect(oris.length).toBeGreaterThan(20);
    for (const ori of oris) expect(ori).toMatch(/"[A-Z]{2}099/);
    expect(states.rules.length).toBeGreaterThan(10);
  });
});
