// What ends is said at each stage, once, and again only where it could not be written down.

import { expect, it } from 'vitest';
import type { Certificates, Ending } from '#src/daemon/certificates';
import { attentionOf, Vigil } from '#src/daemon/vigil';
import type { Links } from '#src/net/links';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const endsMs = 1_800_000_000_000;
const base = { setting: 'tls.crl_file', beginsMs: 0, endsMs, onlyTold: false };
const list: Ending = { ...base, kind: 'list', what: 'list of CN=A' };
const certificate: Ending = { ...base, kind: 'certificate', what: 'certificate CN=A' };

interface Bench {
  readonly at: (leftMs: number) => Promise<readonly string[]>;
  readonly cut: number[];
  full: boolean;
}

/** A vigil whose time is how long is left. */
function openBench(endings: readonly Ending[], distrusted: readonly number[] = []): Bench {
  let nowMs = 0;
  let said: string[] = [];
  const cut: number[] = [];
  const certificates: Certificates = {
    ...{ listener: undefined, upstreams: new Map(), files: [], endings },
  };
  const bench = { full: false };
  // The two things a vigil asks of the links.
  const links = {
    distrust: () => distrusted,
    cut: (link: number) => void cut.push(link),
  } as unknown as Links;
  const vigil = new Vigil({
    clock: { atMs: () => nowMs, stamp: () => ({ atMs: nowMs, timeUs: nowMs * 1000 }) },
    links,
    certificates: () => certificates,
    blocked: () => bench.full,
    note: (_, { code, what }) => {
      if (bench.full) return Promise.reject(new Error('full'));
      said.push(`${code} ${what}`);
      return Promise.resolve();
    },
    log: {
      write: () => undefined,
      setLevel: () => undefined,
      close: () => Promise.resolve(),
    },
  });
  const at = async (leftMs: number): Promise<readonly string[]> => {
    nowMs = endsMs - leftMs;
    said = [];
    vigil.look();
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    return said;
  };
  return Object.assign(bench, { at, cut });
}

it('a list: at 72 h, at 24 h and at its end, once each', async () => {
  const { at } = openBench([list]);
  expect(await at(72 * hourMs + 1)).toEqual([]);
  expect(await at(72 * hourMs)).toEqual(['MSC-2110 list of CN=A']);
  expect(await at(25 * hourMs)).toEqual([]);
  expect(await at(24 * hourMs)).toEqual(['MSC-2110 list of CN=A']);
  expect(await at(1)).toEqual([]);
  expect(await at(0)).toEqual(['MSC-2111 list of CN=A']);
  expect(await at(-dayMs)).toEqual([]);
});

it('a certificate: 30 days ahead and at its end', async () => {
  const { at } = openBench([certificate]);
  expect(await at(31 * dayMs)).toEqual([]);
  expect(await at(30 * dayMs)).toEqual(['MSC-2107 certificate CN=A']);
  expect(await at(0)).toEqual(['MSC-2108 certificate CN=A']);
});

it('one that could not be journalled is said at the next look, and only then is it done', async () => {
  const bench = openBench([list]);
  bench.full = true;
  expect(await bench.at(hourMs)).toEqual([]);
  bench.full = false;
  expect(await bench.at(hourMs)).toEqual(['MSC-2110 list of CN=A']);
  expect(await bench.at(hourMs)).toEqual([]);
});

it('links whose certificate does not stand are cut at the edge while no entry can be written', async () => {
  const bench = openBench([], [4, 5]);
  await bench.at(0);
  expect(bench.cut).toEqual([]);
  bench.full = true;
  await bench.at(0);
  expect(bench.cut).toEqual([4, 5]);
});

it('the attention of msc status lasts as long as it is true', () => {
  const certificates: Certificates = {
    ...{ listener: undefined, upstreams: new Map(), files: [], endings: [list, certificate] },
  };
  const words = (leftMs: number): readonly string[] =>
    attentionOf(certificates, endsMs - leftMs).map(({ code, text }) => `${code} ${text}`);
  expect(words(40 * dayMs)).toEqual([]);
  expect(words(20 * dayMs)).toEqual(['MSC-2107 certificate CN=A: 20 days left']);
  expect(words(50 * hourMs)).toEqual([
    'MSC-2110 list of CN=A: 50 hours left',
    'MSC-2107 certificate CN=A: 50 hours left',
  ]);
  expect(words(0)).toEqual(['MSC-2111 list of CN=A: ended', 'MSC-2108 certificate CN=A: ended']);
});
