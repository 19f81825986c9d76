// The exposition format, and histograms in it.

import { expect, it } from 'vitest';
import { type Family, formatFamilies, labels, sample } from '#src/runtime/metrics/format';
import { Histogram } from '#src/runtime/metrics/histogram';

const written = (families: readonly Family[]): string => [...formatFamilies(families)].join('');

it('explains a metric once, before its samples, also where there are none', () => {
  const families = [
    { name: 'msc_ready', help: 'One.', type: 'gauge', samples: [sample(1)] },
    { name: 'msc_links', help: 'Many.', type: 'gauge', samples: [sample(2.5, { a: 'x', b: 'y' })] },
    { name: 'msc_none', help: 'None yet.', type: 'counter', samples: [] },
  ] as const;
  expect(written(families).split('\n')).toEqual([
    '# HELP msc_ready One.',
    '# TYPE msc_ready gauge',
    'msc_ready 1',
    '# HELP msc_links Many.',
    '# TYPE msc_links gauge',
    'msc_links{a="x",b="y"} 2.5',
    '# HELP msc_none None yet.',
    '# TYPE msc_none counter',
    '',
  ]);
});

it('lets no value of a label out of its quotes', () => {
  expect(labels({ name: 'a"} 1\nmsc_ready 0\\' })).toBe('name="a\\"} 1\\nmsc_ready 0\\\\"');
});

it('writes numbers as Prometheus reads them', () => {
  const values = [Infinity, -Infinity, NaN, 1e21, 1795707145.105155];
  const text = written([
    { name: 'm', help: 'h', type: 'gauge', samples: values.map((value) => sample(value)) },
  ]);
  expect(text.split('\n').slice(2, -1)).toEqual([
    'm +Inf',
    'm -Inf',
    'm NaN',
    'm 1e+21',
    'm 1795707145.105155',
  ]);
});

it('counts an observation in its bucket and all above, its bound included', () => {
  const histogram = new Histogram([0.1, 1]);
  for (const seconds of [0.05, 0.1, 0.5, 7]) histogram.observe(seconds);
  const lines = histogram
    .samples('class="inquiry"')
    .map(({ suffix, labels: pairs, value }) => `${suffix}{${pairs}} ${value}`);
  expect(lines).toEqual([
    '_bucket{class="inquiry",le="0.1"} 2',
    '_bucket{class="inquiry",le="1"} 3',
    '_bucket{class="inquiry",le="+Inf"} 4',
    '_sum{class="inquiry"} 7.65',
    '_count{class="inquiry"} 4',
  ]);
});

it('is written in pieces, so that others have their turn, and nothing is lost between them', () => {
  const samples = Array.from({ length: 1_200 }, (_, at) => sample(at));
  const pieces = [...formatFamilies([{ name: 'm', help: 'h', type: 'gauge', samples }])];
  expect(pieces.length).toBe(3);
  expect(pieces.join('').split('\n').slice(2, -1)).toEqual(
    samples.map(({ value }) => `m ${value}`),
  );
});
