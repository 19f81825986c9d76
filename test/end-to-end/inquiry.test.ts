// The main job through real processes, TLS and files: a terminal asks, the state answers, the journal proves it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flagFinal } from '#protocol/frame';
import { latin1 } from '#protocol/octets';
import type { Received } from '#src/sim/request';
import { openWorld, until, type Row, type World } from '#support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('an inquiry of a terminal', () => {
  it.each([
    ['QV.CA0990100.LIC/2ZZZ999.LIS/CA', /^MKE\/STOLEN VEHICLE$/m, 'hit'],
    ['QV.CA0990100.LIC/2ZZZ998.LIS/CA', /^NO RECORD/m, 'no-hit'],
    ['QW.CA0990100.NAM/DOE, TESTMAN.DOB/19700101', /^MKE\/WANTED PERSON - CAUTION$/m, 'hit'],
    ['QG.CA0990100.SER/ZZ0042', /^MKE\/STOLEN GUN$/m, 'hit'],
  ])('%s is answered by the state', async (text, line, outcome) => {
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    const asked = await station.request(text);
    expect(asked.kind).toBe('answered');
    expect(asked.answers.join('').replaceAll('\r', '')).toMatch(line);
    await station.leave();
    const answers = await world.entries('--direction', 'up-in', '--outcome', outcome);
    expect(answers.length).toBeGreaterThan(0);
  });

  it('goes up with operator, terminal and a reference of ours, and comes back with the asker’s (link E1, E2)', async () => {
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    const came: Received[] = [];
    station.on('message', (message) => came.push(message));
    station.send('QZ01', 'AB12X.QV.CA0990100.LIC/2ZZZ999.LIS/CA');
    const answer = await until('the answer', () => came[0]);
    expect(latin1(answer.body)).toMatch(/^AB12X\.QV\.CA0990100\./);
    expect(answer.flags & flagFinal).toBe(flagFinal);
    await station.leave();
    const rows = await world.entries('--suphdr', 'AB12X');
    const thread = rows[0]?.['thread'];
    const all = await threadOf(thread);
    const sent = all.find((row) => row['kind'] === 'sent' && row['direction'] === 'out');
    expect(sent?.['suphdr']).toMatch(/^[0-9A-Z]{10}$/);
    expect(sent?.['oif']).toBe('J10442');
    expect(sent?.['taf']).toBe(world.station('DEMO-DISP-01').taf);
    const kinds = all.map((row) => `${String(row['kind'])} ${String(row['direction'])}`);
    expect(kinds).toEqual(
      expect.arrayContaining([
        'received in',
        'sent out',
        'delivered out',
        'received up-in',
        'sent down',
        'delivered down',
      ]),
    );
    expect(
      all.find((row) => row['direction'] === 'down' && row['kind'] === 'delivered'),
    ).toMatchObject({ station: 'DEMO-DISP-01', user: 'jdoe' });
  });

  it('journals the octets as received and as sent', async () => {
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    station.send('QZ01', 'CD34.QV.CA0990100.LIC/2ZZZ998.LIS/CA');
    const rows = await until('the delivery', async () => {
      const all = await world.entries('--suphdr', 'CD34', '--text', '--reason', 'test');
      return all.some((row) => row['kind'] === 'delivered') ? all : undefined;
    });
    await station.leave();
    expect(rows.find((row) => row['kind'] === 'received')?.['text']).toBe(
      'CD34.QV.CA0990100.LIC/2ZZZ998.LIS/CA',
    );
    const all = await threadOf(rows[0]?.['thread'], '--text', '--reason', 'test');
    const out = all.find((row) => row['kind'] === 'sent' && row['direction'] === 'out');
    expect(out?.['text']).toMatch(
      /^[0-9A-Z]{10}\.\*J10442\.#[0-9A-Z]{6,18}\.QV\.CA0990100\.LIC\/2ZZZ998\.LIS\/CA$/,
    );
  });
});

describe('a host', () => {
  it('supplies OIF and TAF for each message, and they are checked (link E5)', async () => {
    const host = await world.connect('DEMO-CAD-01');
    const text = 'QV.CA0990100.LIC/2ZZZ999.LIS/CA';
    const [taf = ''] = world.station('DEMO-CAD-01').tafs ?? [];
    const good = await host.request(`*J10442.#${taf}.${text}`, { mnemonic: 'QC01' });
    expect(good.kind).toBe('answered');
    expect(good.answers[0]).toContain('MKE/STOLEN VEHICLE');
    const without = await host.request(`*J10442.${text}`, { mnemonic: 'QC02' });
    expect(without).toMatchObject({ kind: 'refused', refused: { code: 'H16' } });
    const stranger = await host.request(`*Z99999.#${taf}.${text}`, { mnemonic: 'QC01' });
    expect(stranger).toMatchObject({ kind: 'refused', refused: { code: 'H19' } });
    const device = await host.request(`*J10442.#AAAAAA.${text}`, { mnemonic: 'QC01' });
    expect(device).toMatchObject({ kind: 'refused', refused: { code: 'H18' } });
    await host.leave();
  });

  it('is passed on with its OIF and TAF; the TAF may be missing where the entry allows (link E5, E6)', async () => {
    const host = await world.connect('DEMO-CAD-01');
    const came: string[] = [];
    host.on('message', ({ body }) => came.push(latin1(body).slice(0, 5)));
    const [taf = ''] = world.station('DEMO-CAD-01').tafs ?? [];
    host.send('QC01', `HT01.*J10442.#${taf}.QV.CA0990100.LIC/2ZZZ999.LIS/CA`);
    host.send('QC01', 'HT02.*J10442.QV.CA0990100.LIC/2ZZZ999.LIS/CA');
    await until('both answers', () => (came.length === 2 ? true : undefined));
    expect(came.toSorted()).toEqual(['HT01.', 'HT02.']);
    await host.leave();
    const withTaf = await sentUp('HT01');
    expect(withTaf).toMatchObject({ mnemonic: 'QC01', oif: 'J10442', taf });
    const without = await sentUp('HT02');
    expect(without).toMatchObject({ mnemonic: 'QC01', oif: 'J10442' });
    expect(without).not.toHaveProperty('taf');
  });
});

describe('terminal to terminal', () => {
  it('reaches a mnemonic and an ORI with one delivery record each (link X5)', async () => {
    const { station: sender } = await world.signOn('DEMO-DISP-01', 'jdoe');
    const { station: second } = await world.signOn('DEMO-DISP-02', 'mroe');
    const { station: third } = await world.signOn('DEMO-DISP-03', 'poe');
    const came: string[] = [];
    second.on('message', ({ body }) => came.push(`2 ${latin1(body)}`));
    third.on('message', ({ body }) => came.push(`3 ${latin1(body)}`));
    sender.send('QZ01', 'TT01.AM.CA0990100.QZ02,CA0990200.TXT\r\nHELLO BOTH');
    await until('both', () => (came.length === 2 ? came : undefined));
    for (const text of came)
      expect(text).toMatch(/^[23] [0-9A-Z]{10}\.AM\.CA0990100\..*HELLO BOTH$/s);
    await Promise.all([sender.leave(), second.leave(), third.leave()]);
    const [row] = await world.entries('--suphdr', 'TT01', '--kind', 'received');
    const delivered = (await threadOf(row?.['thread'])).filter(
      (one) => one['kind'] === 'delivered',
    );
    expect(delivered.map((one) => one['station']).toSorted()).toEqual([
      'DEMO-DISP-02',
      'DEMO-DISP-03',
    ]);
  });
});

describe('the journal', () => {
  it('has no gap, and verifies while the switch runs', async () => {
    const rows = await world.entries();
    expect(rows.map((row) => row['entry'])).toEqual(rows.map((_, index) => index + 1));
    const { code, stdout } = await world.msc('journal', 'verify');
    expect(code).toBe(0);
    expect(stdout).toMatch(/[0-9a-f]{64}/);
  });
});

/** How the message with this reference went to the state. */
async function sentUp(reference: string): Promise<Row | undefined> {
  const [row] = await world.entries('--suphdr', reference, '--kind', 'received');
  const all = await threadOf(row?.['thread']);
  return all.find((one) => one['kind'] === 'sent' && one['direction'] === 'out');
}

function threadOf(thread: unknown, ...further: readonly string[]): Promise<readonly Row[]> {
  return world.entries('--thread', String(thread), ...further);
}
