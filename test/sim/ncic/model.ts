// A simple model of NCIC beside the real one: a list of records and plain comparisons of them. It knows no index,
// no SQL, no table of retention, and nothing of the code under test. Who is told what is not its business.

const day = 86_400_000;

export type Kind =
  'EV' | 'EL' | 'EP' | 'EB' | 'EG' | 'EA' | 'ES' | 'EW' | 'EMO' | 'EUD' | 'EPO' | 'EID';
export type Fields = Readonly<Record<string, string>>;

/** One record as the model sees it. */
export interface Known {
  readonly kind: Kind;
  readonly ori: string;
  readonly nic: string;
  fields: Fields;
  aliases: readonly string[];
  /** The first moment it is no longer on file. */
  gone: number;
  /** The first moment an order is inactive. */
  inactive: number;
  located: boolean;
}

/** What a record that is entered is known by before it has a number. */
export type Entered = Pick<Known, 'kind' | 'ori' | 'fields'>;

/** What an inquiry of a key asks for. */
export interface Question {
  readonly key: string;
  readonly fields: Fields;
}

export class Model {
  readonly known: Known[] = [];

  live(atMs: number): readonly Known[] {
    return this.known.filter(({ gone }) => atMs < gone);
  }

  /** The records a change may be about: an inactive order is none. */
  active(atMs: number): readonly Known[] {
    return this.live(atMs).filter(({ inactive }) => atMs < inactive);
  }

  /** Whether an entry, or a changed record, is refused because another one is the same. */
  isOnFile(entered: Entered, atMs: number, except?: Known): boolean {
    return this.active(atMs).some((held) => held !== except && isSame(entered, held));
  }

  enter(entered: Entered, nic: string, atMs: number): void {
    const { gone, inactive } = kept(entered, atMs);
    this.known.push({ ...entered, nic, aliases: [], gone, inactive, located: false });
  }

  /** The numbers an inquiry of CA0990100 finds, sorted. */
  find(question: Question, atMs: number): readonly string[] {
    return this.live(atMs)
      .filter((known) => isSeen(known, question, atMs) && fits(known, question, atMs))
      .map(({ nic }) => nic)
      .toSorted();
  }
}

/** The county's date of a noon: the clock of these tests always stands at noon. */
export const dateOf = (atMs: number): string =>
  new Date(atMs - 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');

/** The first moment of the day so many days after this one, as far as noons can tell. */
const afterDays = (atMs: number, days: number): number => {
  const noon = atMs + days * day;
  return noon - (noon % day) + 8 * 3_600_000;
};

const afterYear = (year: number): number => Date.UTC(year + 1, 0, 1, 8);
const afterDate = (date: string): number =>
  Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6)) + 1, 8);

/** How long a record stays by itself. */
function kept({ kind, fields }: Entered, atMs: number): Pick<Known, 'gone' | 'inactive'> {
  const year = Number(dateOf(atMs).slice(0, 4));
  const until = (gone: number) => ({ gone, inactive: Infinity });
  switch (kind) {
    case 'EV':
      return until(has(fields, 'VIN') ? afterYear(year + 4) : afterDays(atMs, 91));
    case 'EL':
      return until(afterYear(fields['LIY'] === 'NX' ? year + 4 : Number(fields['LIY']) + 1));
    case 'EP':
      return until(afterYear(year + 4));
    case 'EB':
      return until(has(fields, 'BHN') ? afterYear(year + 4) : afterDays(atMs, 91));
    case 'EA':
      return until(afterYear(year + 1));
    case 'ES':
      return until(afterYear(year + (fields['TYP'] === 'TC' ? 2 : 4)));
    case 'EID':
      return until(afterDate(fields['DOP'] ?? ''));
    case 'EPO':
      return fields['EXP'] === 'NONEXP' ? until(Infinity) : ended(afterDate(fields['EXP'] ?? ''));
    case 'EG':
    case 'EW':
    case 'EMO':
    case 'EUD':
      return until(Infinity);
  }
}

/** An order from the moment on that it is inactive: five years more. */
const ended = (inactive: number): Pick<Known, 'gone' | 'inactive'> => ({
  inactive,
  gone: afterYear(new Date(inactive).getUTCFullYear() + 5),
});

/** What a locate by another agency does to a record. */
export function locate(known: Known, atMs: number, stays: boolean): void {
  known.located = true;
  if (known.kind === 'EMO') known.gone = atMs;
  else if (known.kind === 'EW') known.gone = stays ? Infinity : afterDays(atMs, 6);
  else known.gone = Math.min(known.gone, afterDays(atMs, 11));
}

/** An order that is cleared stays, inactive; all else goes. */
export function remove(known: Known, atMs: number, how: 'clear' | 'cancel'): void {
  if (how === 'clear' && known.kind === 'EPO') Object.assign(known, ended(atMs));
  else known.gone = atMs;
}

/** The fields that make two records the same; each set by itself. */
const sameBy: Readonly<Record<Kind, readonly (readonly string[])[]>> = {
  EV: [['VIN', 'VMA']],
  EL: [['LIC', 'LIS', 'LIY', 'LIT']],
  EP: [['SER', 'BRA', 'CAT']],
  EB: [['BHN'], ['REG', 'RES', 'REY']],
  EG: [['SER', 'MAK', 'CAL', 'TYP']],
  EA: [
    ['SER', 'TYP'],
    ['OAN', 'TYP'],
  ],
  ES: [['SER', 'TYP', 'DEN', 'ISS']],
  EW: [['SOC'], ['NAM', 'DOB']],
  EMO: [['SOC'], ['NAM', 'DOB']],
  EUD: [],
  EPO: [
    ['PNO', 'NAM', 'DOB'],
    ['PNO', 'SOC'],
  ],
  EID: [['SOC'], ['NAM', 'DOB']],
};
const persons: readonly Kind[] = ['EW', 'EMO', 'EUD', 'EPO', 'EID'];

function isSame(entered: Entered, held: Known): boolean {
  const { kind, fields } = entered;
  if (kind !== held.kind) return false;
  // Persons are the same for one agency, property for everybody.
  if (persons.includes(kind) && entered.ori !== held.ori) return false;
  const sets = [...sameBy[kind]];
  if (kind === 'EV' && !has(fields, 'VIN')) sets.push(['LIC', 'LIS', 'LIY', 'LIT']);
  return sets.some((codes) =>
    codes.every(
      (code) => has(fields, code) && zero(fields[code] ?? '') === zero(held.fields[code] ?? ''),
    ),
  );
}

/** The kinds each key looks at. */
const searched: Readonly<Record<string, readonly Kind[]>> = {
  QV: ['EV', 'EL', 'EP'],
  QB: ['EB', 'EP'],
  QG: ['EG'],
  QA: ['EA'],
  QS: ['ES'],
  QW: ['EW', 'EMO', 'EPO', 'EID'],
  QWA: ['EW', 'EMO', 'EPO', 'EID'],
  QM: ['EMO'],
  QU: ['EUD'],
  QPO: ['EPO'],
  QID: ['EID'],
};

function isSeen(known: Known, { key, fields }: Question, atMs: number): boolean {
  if (searched[key]?.includes(known.kind) !== true) return false;
  if (key === 'QPO' || (known.kind !== 'EPO' && known.kind !== 'EW')) return true;
  if (known.kind === 'EW')
    // A misdemeanour without extradition is seen in its own state; the asker is of California.
    return (
      key === 'QWA' ||
      has(fields, 'NIC') ||
      known.fields['EXL'] !== 'D' ||
      known.ori.startsWith('CA')
    );
  const hasBegun = (known.fields['ISD'] ?? '') <= dateOf(atMs);
  return atMs < known.inactive && hasBegun;
}

function fits(known: Known, { key, fields }: Question, atMs: number): boolean {
  if (has(fields, 'NIC')) return known.nic === fields['NIC'];
  // A number of a person is searched by itself, whatever stands beside it.
  for (const code of ['SOC', 'PNO'])
    if (has(fields, code)) return known.fields[code] === fields[code];
  if (has(fields, 'NAM')) return isNamed(known, fields);
  switch (key) {
    case 'QA':
      return isArticle(known.fields, fields);
    case 'QS':
      return ['TYP', 'DEN', 'SER', 'OWN'].every(
        (code) => !has(fields, code) || isEqual(known.fields, fields, code),
      );
    case 'QG':
      return gunNumber(known.fields['SER'] ?? '') === gunNumber(fields['SER'] ?? '');
    case 'QM':
    case 'QU':
      return isDescribed(known.fields, fields, atMs);
    default:
      return isNumbered(known.fields, fields);
  }
}

/** A vehicle, a plate, a part or a boat by the one number that is asked for. */
function isNumbered(held: Fields, asked: Fields): boolean {
  const code = ['LIC', 'VIN', 'BHN', 'REG', 'SER'].find((each) => has(asked, each)) ?? '';
  if (!has(held, code)) return false;
  if (has(asked, 'LIS') && asked['LIS'] !== held['LIS']) return false;
  if (code !== 'VIN') return isEqual(held, asked, code);
  return zero(held[code] ?? '').slice(-8) === zero(asked[code] ?? '').slice(-8);
}

function isArticle(held: Fields, asked: Fields): boolean {
  const category = held['TYP']?.slice(0, 1);
  if (category !== 'Y' && category !== asked['TYP']?.slice(0, 1)) return false;
  const number = zero(asked['SER'] ?? asked['OAN'] ?? '');
  return ['SER', 'OAN'].some((code) => has(held, code) && zero(held[code] ?? '') === number);
}

function isNamed(known: Known, asked: Fields): boolean {
  if (!agrees(known.fields['SEX'], asked['SEX'])) return false;
  const [held, wanted] = [known.fields['DOB'] ?? '', asked['DOB'] ?? ''];
  const years = Math.abs(Number(held.slice(0, 4)) - Number(wanted.slice(0, 4)));
  if (held.slice(4) !== wanted.slice(4) || years > (asked['EBS'] === '1' ? 1 : 0)) return false;
  return [known.fields['NAM'] ?? '', ...known.aliases].some((name) =>
    alike(name, asked['NAM'] ?? ''),
  );
}

/** Two years, three inches, twenty pounds. */
function isDescribed(held: Fields, asked: Fields, atMs: number): boolean {
  if (has(asked, 'BPS')) return held['BPS'] === asked['BPS'];
  if (!agrees(held['SEX'], asked['SEX'])) return false;
  const inches = (height = ''): number => Number(height.slice(0, 1)) * 12 + Number(height.slice(1));
  if (Math.abs(inches(held['HGT']) - inches(asked['HGT'])) > 3) return false;
  if (Math.abs(Number(held['WGT']) - Number(asked['WGT'])) > 20) return false;
  if (!has(asked, 'AGE')) return true;
  const today = dateOf(atMs);
  const years = (date: string): number => Number(date.slice(0, 4));
  const age = (born: string): number =>
    years(today) - years(born) - (today.slice(4) < born.slice(4) ? 1 : 0);
  return Math.abs(age(held['DOB'] ?? '') - Number(asked['AGE'])) <= 2;
}

const has = (fields: Fields, code: string): boolean => (fields[code] ?? '') !== '';
const isEqual = (held: Fields, asked: Fields, code: string): boolean =>
  zero(held[code] ?? '') === zero(asked[code] ?? '');
const agrees = (held = 'U', asked = 'U'): boolean =>
  held === 'U' || asked === 'U' || held === asked;
const zero = (number: string): string => number.replaceAll('O', '0');

/** Soundex is not asked for here: names of this test sound alike when they share three letters. */
const alike = (one: string, other: string): boolean => {
  const [oneLast = '', oneFirst = ''] = one.split(', ');
  const [otherLast = '', otherFirst = ''] = other.split(', ');
  if (oneLast.slice(0, 3) !== otherLast.slice(0, 3)) return false;
  return oneFirst.startsWith(otherFirst) || otherFirst.startsWith(oneFirst);
};

/** Prefix, digits, suffix: letters between the digits are dropped. */
function gunNumber(serial: string): string {
  const folded = zero(serial);
  const at = Array.from(folded, (each, place) => (/\d/.test(each) ? place : -1)).filter(
    (place) => place >= 0,
  );
  const [first = 0, last = folded.length - 1] = [at[0], at.at(-1)];
  const middle = folded.slice(first, last + 1).replaceAll(/\D/g, '');
  return folded.slice(0, first) + middle + folded.slice(last + 1);
}
