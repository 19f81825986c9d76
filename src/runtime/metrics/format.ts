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
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** Of a histogram: `_bucket`, `_sum` or `_count`. */
  readonly suffix?: string;
  /** `name="value"` pairs without braces, made by `labels`; empty for none. */
  readonly labels: string;
  readonly value: number;
}

export function formatFamilies(families: readonly Family[]): string {
  const lines: string[] = [];
  for (const { name, help, type, samples } of families) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const { suffix, labels: pairs, value } of samples)
      lines.push(`${name}${suffix ?? ''}${pairs === '' ? '' : `{${pairs}}`} ${formatValue(value)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** @param pairs Names of ours; values may be anything. */
export function labels(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}="${escapeValue(value)}"`)
    .join(',');
}

export const sample = (value: number, pairs: Readonly<Record<string, string>> = {}): Sample => ({
  labels: labels(pairs),
  value,
});

function escapeValue(value: string): string {
  if (!/["\\\n]/.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
