// One finding in the four forms: a line for Nagios and its kin, an object, the text format of Prometheus, and
// words for a person. Pure. Names come from the configuration and the register; no message text is here.

import { shown } from '../output.ts';
import { exitOf } from './level.ts';
import type { Level, Unit } from './level.ts';

export interface Metric {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  readonly warn?: number | undefined;
  readonly crit?: number | undefined;
}

export interface Finding {
  readonly what: string;
  readonly level: Level;
  /** One line; what is wrong first. */
  readonly text: string;
  /** The judged one first. */
  readonly metrics: readonly Metric[];
  /** RFC 3339, UTC. */
  readonly time: string;
}

export const checkForms = ['text', 'nagios', 'json', 'prometheus'] as const;

export function formatFinding(form: string, finding: Finding): string {
  switch (form) {
    case 'nagios':
      return nagiosLine(finding);
    case 'json':
      return JSON.stringify(checkJson(finding));
    case 'prometheus':
      return prometheusText(finding);
    default:
      return `${finding.level.padEnd(8)} ${finding.what.padEnd(9)} ${shown(finding.text)}`;
  }
}

/** `MSC CERTS WARNING - QZ09 ends in 11 d | min_days=11;30;7` */
function nagiosLine({ what, level, text, metrics }: Finding): string {
  const head = `MSC ${what.toUpperCase()} ${level.toUpperCase()} - ${shown(text).replaceAll('|', '/')}`;
  const data = metrics.map(({ name, value, unit, warn, crit }) => {
    const limits = [warn, crit].map((limit) => (limit === undefined ? '' : String(limit)));
    return [`${name}=${rounded(value)}${suffix[unit]}`, ...limits].join(';').replace(/;+$/, '');
  });
  return data.length === 0 ? head : `${head} | ${data.join(' ')}`;
}

/** A unit that plugins know; days and counts are plain numbers. */
const suffix: Readonly<Record<Unit, string>> = { days: '', seconds: 's', percent: '%', count: '' };

function checkJson({ what, level, text, metrics, time }: Finding): object {
  return {
    schema: 'msc.check/1',
    ...{ what, level, exit: exitOf[level], text, time },
    metrics: metrics.map(({ name, value, unit, warn, crit }) => ({
      ...{ name, value: rounded(value), unit },
      ...(warn === undefined ? {} : { warn }),
      ...(crit === undefined ? {} : { crit }),
    })),
  };
}

function prometheusText({ what, level, metrics }: Finding): string {
  return [
    '# HELP msc_check_level 0 ok, 1 warning, 2 critical, 3 unknown.',
    '# TYPE msc_check_level gauge',
    `msc_check_level{check="${what}"} ${exitOf[level]}`,
    ...(metrics.length === 0
      ? []
      : ['# HELP msc_check_value What was observed.', '# TYPE msc_check_value gauge']),
    ...metrics.map(
      ({ name, value, unit }) =>
        `msc_check_value{check="${what}",name="${name}",unit="${unit}"} ${rounded(value)}`,
    ),
  ].join('\n');
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
