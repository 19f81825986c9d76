// The support bundle's parts: the archive as every tar reads it, what is left out, and that a changed bundle is
// told from one as it was made.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { runMsc } from '#support/cli';
import { manifestName, manifestOf, readBundle } from '../../src/cli/support/manifest.ts';
import {
  closedWords,
  redactLog,
  redactSettings,
  redactStatus,
  redactText,
} from '../../src/cli/support/redact.ts';
import { readTar, writeTar } from '../../src/cli/support/ustar.ts';
import type { TarFile } from '../../src/cli/support/ustar.ts';
import { statusReport } from './fake-switch.ts';

const folder = mkdtempSync(join(tmpdir(), 'msc-support-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): TarFile => ({ name, data: Buffer.from(text) });
const files = [file('a.json', '{}'), file('long.txt', 'x'.repeat(1500)), file('empty', '')];

describe('the archive', () => {
  test('is one that tar reads, with mode 0600', () => {
    const path = join(folder, 'a.tar');
    writeFileSync(path, writeTar(files, 1_795_000_000_000));
    const listed = execFileSync('tar', ['tvf', path], { encoding: 'utf8' });
    expect(listed.match(/^-rw------- .*(?:a\.json|long\.txt|empty)$/gm)).toHaveLength(3);
    for (const { name, data } of files)
      expect(execFileSync('tar', ['xOf', path, name]).equals(data)).toBe(true);
  });

  test('comes back as it went in', () => {
    expect(readTar(writeTar(files, 0))).toEqual({ ok: true, value: files });
  });

  test('any octets give files or a sentence, never a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2048 }), fc.nat(1535), (octets, at) => {
        readTar(Buffer.from(octets));
        const tar = writeTar(files, 0);
        octets.forEach((octet, index) => (tar[at + index] = octet));
        readTar(tar);
      }),
    );
  });

  test.each([
    ['cut short', (tar: Buffer) => tar.subarray(0, 700)],
    ['without an end', (tar: Buffer) => tar.subarray(0, tar.length - 1024)],
    ['with a name that leaves its folder', () => writeTar([file('../x', '')], 0)],
    ['with one name twice', () => writeTar([file('x', ''), file('x', '')], 0)],
    [
      'with more files than one has',
      () =>
        writeTar(
          Array.from({ length: 65 }, (_, i) => file(`f${i}`, '')),
          0,
        ),
    ],
  ])('%s is refused', (_, spoil) => {
    expect(readTar(spoil(writeTar(files, 0))).ok).toBe(false);
  });
});

describe('what leaves the house', () => {
  test('settings without addresses, hosts and names of the county', () => {
    const origin = 'file';
    const kept = redactSettings([
      { key: 'switch.county', value: 'MARKED', origin },
      { key: 'switch.ori', value: 'MARKED', origin },
      { key: 'listen.address', value: 'MARKED.example:7443', origin },
      { key: 'upstreams.STATE.server_name', value: 'MARKED.example', origin },
      { key: 'links.window', value: 32, origin },
    ]);
    expect(JSON.stringify(kept)).not.toContain('MARKED');
    expect(kept.map(({ value }) => value)).toEqual([
      ...['[removed]', '[removed]', '[removed]:7443', '[removed]', 32],
    ]);
  });

  test('counters without people, peers and names of queues', () => {
    const [station] = statusReport.view.stations;
    const marked = { ...station, user: 'MARKED', peer: 'MARKED' };
    const queues = [{ name: 'MARKED', waiting: 7, oldestMs: 1 }];
    const view = { ...statusReport.view, stations: [marked], queues };
    // A status of the same form.
    const report = { ...statusReport, county: 'MARKED', view } as typeof statusReport;
    const kept = JSON.stringify(redactStatus(report));
    expect(kept).not.toContain('MARKED');
    expect(kept).toContain('"waiting":7');
  });

  test('log lines with known members alone, and only plain words in them', () => {
    const lines = [
      '{"time":"2026-11-26T03:00:00Z","level":"warn","event":"security","code":"B04","peer":"10.1.2.3"}',
      '{"level":"info","event":"note","user":"MARKED","text":"MARKED","error":{"stack":"MARKED"}}',
      '{"level":"info","event":"MARKED sentence with blanks"}',
      'MARKED: not of ours',
      '["MARKED"]',
      '{"unknown":1}',
    ];
    const { lines: kept, dropped } = redactLog(lines.join('\n'), 100);
    expect(kept).toEqual([
      '{"time":"2026-11-26T03:00:00Z","level":"warn","event":"security","code":"B04"}',
      '{"level":"info","event":"note"}',
      '{"level":"info"}',
    ]);
    expect(dropped).toBe(3);
    expect(redactLog('{"event":"x"}\n'.repeat(50), 10).lines).toHaveLength(10);
  });

  test('what was written for people, without what is closed', () => {
    const words = ['switch.example', 'CA0990100', 'x'];
    const text = 'switch.example ends in 3 d; nobody at http://10.20.0.5:9464/readyz, or 10.20.0.6';
    expect(redactText(text, words)).toBe(
      '[removed] ends in 3 d; nobody at http://[removed]/readyz, or [removed]',
    );
    const settings = [
      { key: 'http.address', value: 'switch.example:9464', origin: 'file' },
      { key: 'links.window', value: 32, origin: 'file' },
    ] as const;
    expect(closedWords(settings)).toEqual(['switch.example']);
  });
});

describe('a bundle', () => {
  const about = { made: '2026-11-26T03:00:00.000Z', version: '0.1.0', removed: ['the journal'] };
  const manifest = file(manifestName, JSON.stringify(manifestOf(files, about)));
  const pack = (all: readonly TarFile[]): Buffer => gzipSync(writeTar(all, 0));

  test('as it was made holds', () => {
    expect(readBundle(pack([manifest, ...files]))).toMatchObject({ flaws: [], files });
  });

  test.each([
    ['changed', [file('a.json', '{"x":1}'), ...files.slice(1)], 'a.json was changed'],
    ['taken out', files.slice(1), 'a.json is missing'],
    ['added', [...files, file('more', 'x')], 'more was added'],
  ])('with a file %s does not', async (_, all, flaw) => {
    expect(readBundle(pack([manifest, ...all])).flaws).toEqual([flaw]);
    const path = join(folder, 'changed.tar.gz');
    writeFileSync(path, pack([manifest, ...all]));
    const ran = await runMsc(['support', 'inspect', path]);
    expect([ran.code, ran.stdout]).toEqual([1, expect.stringContaining(flaw)]);
  });

  test.each([
    ['no archive', Buffer.from('hello')],
    ['no manifest', pack(files)],
    ['a manifest that is none', pack([file(manifestName, '{"schema":"msc.support-bundle/1"}')])],
    ['more than one can be, unpacked', gzipSync(Buffer.alloc(65 * 1_048_576))],
  ])('%s is refused', async (_, octets) => {
    expect(() => readBundle(octets)).toThrow(
      expect.objectContaining({ code: 'MSC-1501' }) as Error,
    );
    const path = join(folder, 'none.tar.gz');
    writeFileSync(path, octets);
    expect(await runMsc(['support', 'inspect', path])).toMatchObject({ code: 65, stdout: '' });
  });

  test("is made with the switch down; is nobody else's; and nothing is overwritten", async () => {
    const out = join(folder, 'down.tar.gz');
    const words = ['support', 'bundle', '-f', out, '--config', '/nonexistent/msc.toml'];
    const made = await runMsc(words);
    expect([made.code, made.stdout]).toEqual([0, `${out}\n`]);
    const before = readFileSync(out);
    expect(await runMsc(words)).toMatchObject({ code: 73, stdout: '' });
    expect(readFileSync(out).equals(before)).toBe(true);
    const shown = await runMsc(['support', 'inspect', out, 'doctor.json']);
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('D010')]);
    expect(await runMsc(['support', 'inspect', out, 'journal.db'])).toMatchObject({ code: 66 });
  });
});
