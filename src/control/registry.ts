// `msc registry apply` and the enrolment of certificates: changes of the register that bear no secret.
// A file is checked whole, compared, and applied as one entry, or not at all.

import { parseStationName } from '#protocol/ids';
import type { Register, RegisterChange } from '#journal/register';
import { describeChanges, diffRegister } from '#src/access/register-diff';
import { fileTables, parseRegisterFile, wantedRegister } from '#src/access/register-file';
import { registerProblems, type RuleProblem } from '#src/access/register-rules';
import { MscFault } from '#src/errors';
import { formatProblem, placed, type Problem } from '#src/toml/read';
import type { Desk } from './desk.ts';
import type { Visit } from './visit.ts';
import type { Commands } from './wire.ts';

/** Problems in one answer; who has more will come again. */
const problemsMax = 200;

/** @throws MscFault MSC-1301 for the form of the file, MSC-1305 where its records do not fit together. */
export async function registry(
  desk: Desk,
  visit: Visit,
  args: Commands['registry']['args'],
): Promise<Commands['registry']['end']> {
  const { toml, file, apply, reason } = args;
  const current = desk.register();
  const records = parseRegisterFile(toml);
  if (!records.ok) throw wrong('MSC-1301', file, records.error);
  const wanted = wantedRegister(current, records.value);
  const problems = registerProblems(wanted, desk.keys);
  if (problems.length > 0) throw wrong('MSC-1305', file, located(problems, toml));
  const changes = diffRegister(current, wanted);
  const lines = describeChanges(changes, current);
  if (!apply || changes.length === 0) return { changes: lines };
  const { entry } = await desk.act(visit.person, {
    kind: 'register',
    changes,
    changeId: desk.newId(),
    ...(reason === undefined ? {} : { reason }),
  });
  return { changes: lines, entry };
}

/** @throws MscFault MSC-1305 for an unknown station, or a certificate of another. */
export async function enrol(
  desk: Desk,
  visit: Visit,
  args: Commands['enrol']['args'],
): Promise<Commands['enrol']['end']> {
  const change = enrolment(desk.register(), args);
  const changeId = desk.newId();
  return desk.act(visit.person, { kind: 'register', changes: [change], changeId });
}

function enrolment(
  register: Register,
  { station, fingerprint }: Commands['enrol']['args'],
): RegisterChange {
  const name = parseStationName(station);
  const record = name === undefined ? undefined : register.station.get(name);
  if (record === undefined)
    throw new MscFault('MSC-1305', {
      detail: 'there is no such station',
      hint: 'add it to the register: msc registry apply FILE',
    });
  const owners = [...register.station.values()];
  const owner = owners.find(({ fingerprints }) => fingerprints.includes(fingerprint));
  if (owner !== undefined && owner.name !== record.name)
    throw new MscFault('MSC-1305', { detail: `the certificate is enrolled for ${owner.name}` });
  const fingerprints = [...new Set([...record.fingerprints, fingerprint])];
  return { op: 'put', table: 'station', key: record.name, record: { ...record, fingerprints } };
}

function located(problems: readonly RuleProblem[], toml: string): readonly Problem[] {
  return problems.map(({ code, table, key, sentence }) => {
    const path = [fileTables[table], key];
    return placed({ code, at: path.join('.'), sentence }, toml, path);
  });
}

function wrong(
  code: 'MSC-1301' | 'MSC-1305',
  file: string,
  problems: readonly Problem[],
): MscFault {
  const shown = problems.slice(0, problemsMax).map((problem) => formatProblem(file, problem));
  const more = problems.length - shown.length;
  if (more > 0) shown.push(`and ${more} more`);
  return new MscFault(code, {
    detail: shown.join('\n'),
    hint: `correct ${file} and apply it again`,
  });
}
