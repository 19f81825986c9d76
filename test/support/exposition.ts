// Reads the exposition format of Prometheus, as far as tests look at it.

export interface ReadSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export function readExposition(text: string): readonly ReadSample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const parts = /^([a-z0-9_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
      if (parts === null) throw new Error(`not a sample: ${line}`);
      const [, name = '', pairs = '', value = ''] = parts;
      return { name, labels: readPairs(pairs), value: Number(value.replace('Inf', 'Infinity')) };
    });
}

/** The sum of all samples of this name with these labels; undefined where there is none. */
export function valueOf(
  samples: readonly ReadSample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const fitting = samples.filter(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
  if (fitting.length === 0) return undefined;
  return fitting.reduce((sum, { value }) => sum + value, 0);
}

/** Every name that a query could use, those of metrics without samples too. */
export function namesIn(text: string): ReadonlySet<string> {
  const families = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
  return new Set([...families, ...readExposition(text).map(({ name }) => name)]);
}

function readPairs(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}
