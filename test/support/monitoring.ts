// What ships for Prometheus and Grafana, read as far as tests look at it.

import { readFileSync } from 'node:fs';

const root = new URL('../..', import.meta.url).pathname;
export const rulesFile = `${root}config/prometheus/msc.rules.yml`;
export const rulesTestFile = `${root}test/config/msc.rules.test.yml`;
const dashboardFile = `${root}config/grafana/msc.json`;

export interface Alert {
  readonly name: string;
  readonly text: string;
  readonly query: string;
}

/** The alerts of the rules; the file is formatted, so that each begins alike. */
export function readAlerts(): readonly Alert[] {
  return readFileSync(rulesFile, 'utf8')
    .split(/^ {6}- alert: /m)
    .slice(1)
    .map((text) => {
      const name = text.split('\n')[0] ?? '';
      const query = /^ {8}expr: (?:>-\n)?((?:.|\n)*?)\n {8}for: /m.exec(text)?.[1] ?? '';
      return { name, text, query: query.replaceAll(/\s+/g, ' ').trim() };
    });
}

/** Every query of the dashboard, with its variables filled in. */
export function readQueries(): readonly string[] {
  const dashboard: unknown = JSON.parse(readFileSync(dashboardFile, 'utf8'));
  return stringsUnder(dashboard, 'expr').map((query) =>
    query.replaceAll('$instance', 'a').replaceAll('$__rate_interval', '1m'),
  );
}

/** Names of our metrics in a query. */
export function metricsIn(query: string): readonly string[] {
  return [...query.matchAll(/\bmsc_[a-z0-9_]+/g)].map(([name]) => name);
}

/** Every label that a query wants to be equal to something, by metric. */
export function selectorsIn(
  query: string,
): readonly { readonly metric: string; readonly label: string; readonly value: string }[] {
  return [...query.matchAll(/\b(msc_[a-z0-9_]+)\{([^}]*)\}/g)].flatMap(
    ([, metric = '', pairs = '']) =>
      [...pairs.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, label = '', value = '']) => ({
        metric,
        label,
        value,
      })),
  );
}

function stringsUnder(value: unknown, name: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === name && typeof member === 'string' ? [member] : stringsUnder(member, name),
  );
}
