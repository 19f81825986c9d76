// The hub with the simulated Nlets behind it: what a station of ours asks other states, and what they say.

import { describe, expect, it } from 'vitest';
import { latin1 } from '#protocol/octets';
import { until } from '#support/world';
import { collect, County } from '../county.ts';

const county = new County();
const mnemonic = 'QZ01';
const ask = (text: string): string => `*J10442.${text}`;
const plate = ask('RQ.CA0990100.NV.TXT\r\nLIC/9NONE99.LIY/2031.LIT/PC');

describe('another state', () => {
  it('confirms a hit of its own, under the reference of the question, with FINAL', async () => {
    const station = await county.connect();
    const fields = [
      ...['RTY/SV', 'RNO/1', 'PRI/U', 'OCA/30-004400', 'NIC/V400120037', 'LIC/2ZZZ999'],
      ...['RNA/J DOE', 'RAG/EXAMPLE SO', 'PHO/5555550100'],
    ];
    const { kind, answers } = await station.request(
      ask(`YQ.CA0990100.NV0990200.TXT\r\n${fields.join('.')}`),
      { mnemonic },
    );
    expect([kind, answers.length]).toEqual(['answered', 1]);
    expect(answers[0]).toMatch(/^YR\.CA0990100\.\r\nFROM NV0990200\r\n[^]*CON\/Y/);
  });

  it('answers about a plate, and says where it has nothing', async () => {
    const station = await county.connect();
    const { kind, answers } = await station.request(plate, { mnemonic });
    expect(kind).toBe('answered');
    expect(answers.at(-1)).toMatch(/^RR\.CA0990100\.\r\nFROM NV0990800\r\n/);
  });

  it('is not asked what lacks a field: the number of the error comes back', async () => {
    const station = await county.connect();
    const text = ask('RQ.CA0990100.NV.TXT\r\nLIS/NV');
    const { kind, answers } = await station.request(text, { mnemonic });
    expect([kind, answers[0]?.slice(0, 13)]).toEqual(['answered', 'ER.NL0000000.']);
  });

  it('that is held for a key: told 02, then answered when it is up again', async () => {
    const station = await county.connect();
    expect(await county.host.command('nlets service NV RQ hold')).toEqual(['ok']);
    const first = collect(station, 1);
    const asked = station.request(plate, { mnemonic });
    expect(latin1((await first)[0]?.body ?? new Uint8Array())).toMatch(/\.SM\.NL0000000\.02\./);
    expect(await county.host.command('nlets service NV RQ up')).toEqual(['ok']);
    const { kind, answers } = await asked;
    expect([kind, answers.at(-1)?.slice(0, 13)]).toEqual(['answered', 'RR.CA0990100.']);
  });

  it('has its counters shown, and its status message arrives', async () => {
    const station = await county.connect();
    const [line = ''] = await county.host.command('nlets counters');
    expect(JSON.parse(line)).toHaveProperty('delivered');
    // It goes to where our first mnemonic spoke last.
    await station.request(plate, { mnemonic });
    const heard = collect(station, 1);
    await county.host.command('nlets announce OUT OF SERVICE UNTIL NOON');
    expect(latin1((await heard)[0]?.body ?? new Uint8Array())).toContain(
      'OUT OF SERVICE UNTIL NOON',
    );
  });
});

describe('what nobody asked for', () => {
  it('is said by other states where --chatter wants it', async () => {
    const host = await county.start(0, ['--chatter']);
    const station = await county.connect({ host: host.host, port: host.port });
    const heard = collect(station, 1);
    await until('what is planned', async () => {
      const [counters = ''] = await host.command('nlets counters');
      return (JSON.parse(counters) as { planned: number }).planned === 2 || undefined;
    });
    await host.command('clock +16m');
    const [message] = await heard;
    await host.stop();
    expect(message?.mnemonic).toBe('QZ01');
    expect(latin1(message?.body ?? new Uint8Array())).toMatch(
      /^N[0-9A-Z]{6}\.AM\.NV0990200\.CA0990100\.TXT\r\nATTN PATROL/,
    );
  });

  it('is not said without it', async () => {
    const host = await county.start();
    await host.command('clock +9d');
    const [counters = ''] = await host.command('nlets counters');
    await host.stop();
    expect(JSON.parse(counters)).toMatchObject({ planned: 0, delivered: 0 });
  });
});

it.each(['nlets service NV RQ open', 'nlets announce', 'nlets fly'])(
  'the words %s are refused with a sentence',
  async (line) => {
    expect((await county.host.command(line))[0]).toMatch(/^error: /);
  },
);
