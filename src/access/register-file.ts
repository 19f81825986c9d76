// Reads the register file: TOML in, records out, or every problem of the text.
// It promises the form of each record by itself; whether they fit together says register-rules.ts.
// People are not in the file: an apply keeps them, and the certificates that were enrolled.

import { parseMnemonic, parseOri, parseStationName, parseTaf, type Taf } from '#protocol/ids';
import { fail, ok, type Result } from '#protocol/result';
import type { Register, RegisterTables, StationRecord } from '#journal/register';
import { placed, readToml, type Problem } from '#src/toml/read';
import { validateRegister, type WrittenRegister, type WrittenStation } from './register-schema.ts';
import { composeTaf } from './taf.ts';

/** What a file can hold: all tables but people. */
export type RegisterRecords = Omit<Register, 'person'>;

/** The tables by their names in the file. */
export const fileTables: Readonly<Record<keyof RegisterTables, string>> = {
  agency: 'agencies',
  station: 'stations',
  mnemonic: 'mnemonics',
  pool: 'pools',
  person: 'people',
  operator: 'operators',
};

const codes = { syntax: 'MSC-1301', unknown: 'MSC-1104', value: 'MSC-1301' } as const;

/** The records of a register file, or all that is wrong with its form. */
export function parseRegisterFile(toml: string): Result<RegisterRecords, readonly Problem[]> {
  const written = readToml(toml, validateRegister, codes);
  if (!written.ok) return written;
  const problems: Problem[] = [];
  const stations = new Map<string, StationRecord>();
  for (const [name, station] of Object.entries(written.value.stations)) {
    const record = stationRecord(name, station);
    if (record.ok) stations.set(name, record.value);
    else {
      const path = ['stations', name, record.error.setting];
      const { sentence } = record.error;
      problems.push(placed({ code: codes.value, at: path.join('.'), sentence }, toml, path));
    }
  }
  return problems.length > 0
    ? fail(problems)
    : ok({ ...plainTables(written.value), station: stations });
}

/** The whole register as the file wants it: people stay, and so do enrolled fingerprints. */
export function wantedRegister(current: Register, records: RegisterRecords): Register {
  const station = new Map(records.station);
  for (const [name, record] of station) {
    const enrolled = current.station.get(name)?.fingerprints ?? [];
    const fingerprints = [...new Set([...enrolled, ...record.fingerprints])];
    station.set(name, { ...record, fingerprints });
  }
  return { ...records, station, person: new Map(current.person) };
}

function plainTables(written: WrittenRegister): Omit<RegisterRecords, 'station'> {
  const { agencies, mnemonics, pools, operators } = written;
  return {
    agency: mapOf(agencies, (key, { name, state, may_use, mnemonic }) => ({
      ori: sure(parseOri(key)),
      name,
      state,
      mayUse: may_use.map((ori) => sure(parseOri(ori))),
      ...(mnemonic === undefined ? {} : { mnemonic: sure(parseMnemonic(mnemonic)) }),
    })),
    mnemonic: mapOf(mnemonics, (key, { agency, sends, takes }) => ({
      mnemonic: sure(parseMnemonic(key)),
      ...(agency === undefined ? {} : { agency: sure(parseOri(agency)) }),
      ...(sends === undefined ? {} : { sends }),
      ...(takes === undefined ? {} : { takes }),
    })),
    pool: mapOf(pools, (name, { mnemonics, sharing, destination }) => ({
      name,
      mnemonics: mnemonics.map((mnemonic) => sure(parseMnemonic(mnemonic))),
      sharing,
      ...(destination === undefined ? {} : { destination: sure(parseMnemonic(destination)) }),
    })),
    operator: mapOf(operators, (login, { roles }) => ({ login, roles })),
  };
}

function stationRecord(
  name: string,
  written: WrittenStation,
): Result<StationRecord, { readonly setting: string; readonly sentence: string }> {
  const { role, state, agency, mnemonic, mnemonics, pools, taf, place } = written;
  if (mnemonic !== undefined && mnemonics !== undefined)
    return fail({
      setting: 'mnemonic',
      sentence: 'stands beside mnemonics; one of them is enough',
    });
  if (taf !== undefined && written.tafs.length > 0)
    return fail({ setting: 'taf', sentence: 'stands beside tafs; one of them is enough' });
  const own = taf === undefined ? undefined : composeTaf(taf.kind, taf);
  if (own?.ok === false) return fail({ setting: 'taf', sentence: own.error });
  const tafs: readonly Taf[] =
    own === undefined ? written.tafs.map((text) => sure(parseTaf(text))) : [own.value];
  const { refusals_stored_per_minute: stored, refusals_per_minute: most } = written;
  const names = mnemonics ?? (mnemonic === undefined ? [] : [mnemonic]);
  return ok({
    name: sure(parseStationName(name)),
    role,
    state,
    ...(agency === undefined ? {} : { agency: sure(parseOri(agency)) }),
    fingerprints: written.fingerprints,
    mnemonics: names.map((text) => sure(parseMnemonic(text))),
    pools,
    tafs,
    ...(taf === undefined ? {} : { tafKind: taf.kind }),
    tafRequired: written.taf_required.map((text) => sure(parseMnemonic(text))),
    unattended: written.unattended,
    ...(stored === undefined ? {} : { refusalsStoredPerMinute: stored }),
    ...(most === undefined ? {} : { refusalsPerMinute: most }),
    ...(place === undefined ? {} : { place }),
  });
}

function mapOf<W, R>(
  table: Readonly<Record<string, W>>,
  record: (key: string, written: W) => R,
): Map<string, R> {
  return new Map(Object.entries(table).map(([key, written]) => [key, record(key, written)]));
}

/** An identifier whose grammar the schema has checked. */
function sure<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The schema of the register let a bad name pass.');
  return value;
}
