// The text exposition format of Prometheus, version 0.0.4: help, type, samples.
// Pure. It escapes what a label may hold, and it never leaves a metric out for having no samples yet:
// whoever asks by name sees that it exists.
// It keeps no numbers; whoever counts hands them over.

export const contentType = 'text/plain; version=0.0.4; charset=utf-8';

/** One metric by name, with all its samples. */
export interface Family {
  readonly name: string;
  /** A sentence: what it counts, and its bounds. */
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Made while they are written, where there are many. */
  readonly samples: Iterable<Sample>;
}

export interface Sample {
  /** Of a histogram: `_bucket`, `_sum` or `_count`. */
  readonly suffix?: string;
  /** `name="value"` pairs without braces, made by `labels`; empty for none. */
  readonly labels: string;
  readonly value: number;
}

const pieceLines = 500;

/** In pieces: whoever takes them may let others go first in between. */
export function* formatFamilies(families: Iterable<Family>): Generator<string> {
  let text = '';
  let lines = 0;
  for (const { name, help, type, samples } of families) {
    text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
    for (const { suffix = '', labels: pairs, value } of samples) {
      text += `${name}${suffix}${pairs === '' ? '' : `{${pairs}}`} ${formatValue(value)}\n`;
      lines += 1;
      if (lines % pieceLines > 0) continue;
      yield text;
      text = '';
    }
  }
  yield text;
}

/** @param pairs Names of ours; values may be anything. */
export function labels(pairs: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in pairs) text += `${text && ','}${name}="${escapeValue(pairs[name] ?? '')}"`;
  return text;
}

export const sample = (value: number, pairs: Readonly<Record<string, string>> = {}): Sample => ({
  labels: labels(pairs),
  value,
});

const special = /["\\\n]/;

function escapeValue(value: string): string {
  if (!special.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function formatValue(value: number): string {
  return Number.isFinite(value) ? String(value) : notFinite(value);
}

function notFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
