// `msc doctor`: looks at an installation, running or not, and says what is wrong, how it knows, and what to do.
// It changes nothing. Exit 0 without findings, 1 with some; what is ignored is named.

import type { Call } from '../command.ts';
import { usage } from '../flags.ts';
import { wrap } from '../help.ts';
import { nearest } from '../nearest.ts';
import type { Output } from '../output.ts';
import { counted, shown, wantsObject } from '../output.ts';
import { printRows } from '../rows.ts';
import { doctorChecks } from './checks.ts';
import type { DoctorCheck, DoctorLevel } from './checks.ts';
import { gatherFacts } from './facts.ts';
import type { Facts } from './facts.ts';

export interface Diagnosis {
  readonly id: string;
  readonly name: string;
  readonly level: DoctorLevel;
  readonly evidence: string;
  readonly fix?: string | undefined;
}

export async function runDoctor({ args, flags, output }: Call): Promise<number> {
  if (flags.on('list')) return listChecks(output);
  const wanted = args.length === 0 ? doctorChecks : args.map(checkNamed);
  const ignored = flags.list('ignore').map((name) => checkNamed(name).id);
  const facts = await gatherFacts(flags);
  const diagnoses = diagnose(facts, wanted, ignored);
  const found = findingsOf(diagnoses);
  if (wantsObject(output)) {
    const told = { findings: found.length, ignored, checks: diagnoses };
    await output.print(JSON.stringify({ schema: 'msc.doctor/1', ...told }));
  } else {
    for (const diagnosis of diagnoses)
      for (const line of diagnosisLines(diagnosis, output.width)) await output.print(line);
    await output.print(closing(found));
  }
  return found.length === 0 ? 0 : 1;
}

/** Pure; a check that is ignored is not judged. */
export function diagnose(
  facts: Facts,
  wanted: readonly DoctorCheck[],
  ignored: readonly string[],
): readonly Diagnosis[] {
  return wanted.map((check) => {
    const { id, name } = check;
    if (ignored.includes(id)) return { id, name, level: 'skip', evidence: 'ignored, as asked' };
    return { id, name, ...check.judge(facts) };
  });
}

export function findingsOf(diagnoses: readonly Diagnosis[]): readonly Diagnosis[] {
  return diagnoses.filter(({ level }) => level === 'warn' || level === 'fail');
}

/** The fix stands beside the evidence, or below it where both are too long. */
export function diagnosisLines(
  { level, id, name, evidence, fix }: Diagnosis,
  width: number,
): readonly string[] {
  const [first = '', ...more] = wrap(shown(evidence), evidenceAt);
  const head = `${level.padEnd(5)} ${id} ${name.padEnd(15)} ${first.trimStart()}`;
  const lines = [head, ...more];
  if (fix === undefined) return lines;
  const both = `${head}  fix: ${shown(fix)}`;
  if (more.length === 0 && both.length <= Math.min(width, 80)) return [both];
  const [step = '', ...steps] = wrap(shown(fix), fixAt);
  return [...lines, `${'fix: '.padStart(fixAt)}${step.trimStart()}`, ...steps];
}

/** Columns where the evidence and a fix below it begin. */
const evidenceAt = 27;
const fixAt = 16;

/** `2 findings: 1 warning, 1 failure · exit 1 · accept one with --ignore D014` */
export function closing(found: readonly Diagnosis[]): string {
  const [first] = found;
  if (first === undefined) return 'no findings · exit 0';
  const count = (level: DoctorLevel): number => found.filter((each) => each.level === level).length;
  const [warnings, failures] = [count('warn'), count('fail')];
  const parts = [
    ...(warnings === 0 ? [] : [counted(warnings, 'warning')]),
    ...(failures === 0 ? [] : [counted(failures, 'failure')]),
  ];
  const what = `${counted(found.length, 'finding')}: ${parts.join(', ')}`;
  return `${what} · exit 1 · accept one with --ignore ${first.id}`;
}

async function listChecks(output: Output): Promise<number> {
  const columns = [
    { name: 'id' },
    { name: 'name' },
    { name: 'text', title: 'LOOKS AT', least: 20 },
  ];
  const rows = doctorChecks.map(({ id, name, text }) => ({ id, name, text }));
  await printRows(output, { schema: 'msc.doctor-list/1', member: 'checks', columns }, rows);
  return 0;
}

/** By its id or its name. @throws MscFault MSC-1001 */
function checkNamed(text: string): DoctorCheck {
  const wanted = text.toLowerCase();
  const found = doctorChecks.find(
    ({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted,
  );
  if (found !== undefined) return found;
  const near = nearest(
    text,
    doctorChecks.flatMap(({ id, name }) => [id, name]),
  );
  throw usage(`there is no check ${shown(text)}; did you mean \`${near}\`?`, 'msc doctor --list');
}
