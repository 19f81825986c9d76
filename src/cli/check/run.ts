// `msc check WHAT`: one observation against two limits, for monitoring. Exit 0 ok, 1 warning, 2 critical, 3
// unknown, and nothing else: a wrong command line is 3 too, because a plugin's caller knows only these.

import { MscFault } from '#src/errors';
import type { Call } from '../command.ts';
import { oneOf } from '../flags.ts';
import { formatFinding } from './format.ts';
import type { Finding } from './format.ts';
import { checkKinds } from './kinds.ts';
import type { CheckKind, Sources } from './kinds.ts';
import { exitOf, judge, parseLimits, worst } from './level.ts';
import type { Limits } from './level.ts';
import { openSources } from './sources.ts';

export async function runCheck({ args, flags, output }: Call): Promise<number> {
  const names = checkKinds.map(({ what }) => what);
  const what = oneOf('what is checked', args[0] ?? '', names);
  const kind = checkKinds.find((each) => each.what === what);
  if (kind === undefined) throw new MscFault('MSC-9001', { detail: `check ${what}` });
  const typed = { warn: flags.text('warn'), crit: flags.text('crit') };
  const limits = parseLimits(typed, kind.standard, kind);
  const finding = await findingOf(kind, limits, openSources(flags));
  await output.print(formatFinding(output.form, finding));
  return exitOf[finding.level];
}

/** Never fails for what it finds: what cannot be asked is unknown. */
export async function findingOf(
  kind: CheckKind,
  limits: Limits,
  sources: Sources,
): Promise<Finding> {
  const time = new Date(sources.nowMs).toISOString();
  try {
    const { value, text, atLeast = 'ok', further = [] } = await kind.observe(sources);
    const { what, measure: name, unit, worse } = kind;
    if (value === undefined) return { what, level: atLeast, text, metrics: further, time };
    const level = worst(judge(value, limits, worse), atLeast);
    return { what, level, text, metrics: [{ name, value, unit, ...limits }, ...further], time };
  } catch (error) {
    if (!(error instanceof MscFault)) throw error;
    const text = `${error.code} ${error.message.split('\n')[0] ?? ''}`;
    return { what: kind.what, level: levelOfFault(kind, error), text, metrics: [], time };
  }
}

/**
 * A switch that does not answer is what `daemon` looks for, a file that is wrong what `config` looks for, and a
 * certificate that cannot be read is as good as none. For all else it means that nobody knows.
 */
function levelOfFault({ what }: CheckKind, { exit }: MscFault): 'critical' | 'unknown' {
  const found: Readonly<Record<string, readonly number[]>> = {
    daemon: [69, 75],
    config: [78],
    certs: [78],
  };
  return found[what]?.includes(exit) === true ? 'critical' : 'unknown';
}
