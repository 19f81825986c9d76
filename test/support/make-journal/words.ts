// What people, vehicles and messages of a made journal are called. Everything is invented and looks so: names
// are built of syllables, and numbers of vehicles, guns and people come from a scrambled count.

import { type Dice, scrambled, skewed, xorshift } from './dice.ts';

/** What the bench searches for: named a few times in a whole journal, and never elsewhere. */
export const landmarks = {
  plate: '9QZX042',
  surname: 'ZYXQUIL',
  name: 'ZYXQUIL, VEXANDRA Q',
  birth: '19810203',
} as const;

const knownVehicles = 60_000;
const knownPeople = 80_000;

/** One that is asked about again and again, or any. */
export function anyVehicle(dice: Dice): number {
  return dice(100) < 60 ? skewed(dice, knownVehicles) : knownVehicles + dice(2 ** 31);
}

export function anyPerson(dice: Dice): number {
  return dice(100) < 55 ? skewed(dice, knownPeople) : knownPeople + dice(2 ** 31);
}

/** A digit from 2 to 8, three letters, three digits. */
export function plateOf(vehicle: number): string {
  const bits = scrambled(vehicle);
  const digit = 2 + (bits % 7);
  return `${digit}${letters(bits >>> 3, 3)}${padded((bits >>> 17) % 1000, 3)}`;
}

/** 17 characters. */
export function vinOf(vehicle: number): string {
  const bits = scrambled(vehicle + 0x51ed);
  return `1QZ${letters(bits, 4)}${vehicle % 10}${letters(bits >>> 9, 1)}${padded(bits, 8)}`;
}

export function serialOf(thing: number): string {
  const bits = scrambled(thing + 0x7f4a);
  return `${letters(bits, 2)}${padded(bits >>> 5, 7)}`;
}

/** `SURNAME, GIVEN M`. */
export function nameOf(person: number): string {
  const bits = scrambled(person);
  const surname = surnames[skewedBits(bits, surnames.length)] ?? '';
  const given = givenNames[skewedBits(scrambled(bits), givenNames.length)] ?? '';
  return `${surname}, ${given} ${letters(bits >>> 7, 1)}`;
}

/** `YYYYMMDD`. */
export function birthOf(person: number): string {
  const bits = scrambled(person + 0x2b1d);
  const [month, day] = [1 + ((bits >>> 8) % 12), 1 + ((bits >>> 16) % 28)];
  return `${1940 + (bits % 68)}${padded(month, 2)}${padded(day, 2)}`;
}

/** Octets, about: so many are wanted, and a phrase more may come. */
export function prose(dice: Dice, octets: number): string {
  const all = phrases();
  let said = '';
  while (said.length < octets) {
    const phrase = all[dice(all.length)] ?? '';
    // Here and there what no other message says: a number, a house, a telephone.
    said += dice(4) === 0 ? `${phrase} ${padded(dice(100_000_000), 3 + dice(6))}.` : `${phrase} `;
  }
  return said;
}

export function padded(number: number, digits: number): string {
  return String(number).slice(-digits).padStart(digits, '0');
}

export function letters(bits: number, count: number): string {
  let said = '';
  for (let rest = bits >>> 0, at = 0; at < count; at += 1) {
    said += alphabet[rest % 26] ?? '';
    rest = Math.floor(rest / 26);
  }
  return said;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const heads =
  'BRA KEL TOL VAR QUEN DRO FIN HAL JOR LUM MAR NEB ORR PEL RUD SAV TRE ULD VOS WEX'.split(' ');
const middles = 'A BE DI FO GU LA MI NO RU SE TI VA'.split(' ');
const tails = 'BRAND DELL FORD GARTH HOLM KETT LUND MERE NICK QUIST ROW STED THORN VICK WYN'.split(
  ' ',
);
const surnames = heads.flatMap((head) =>
  middles.flatMap((middle) => tails.map((tail) => head + middle + tail)),
);
const givenNames = heads.flatMap((head) => ['A', 'EN', 'IS', 'O', 'YA'].map((end) => head + end));

/** Chance that is skewed, out of bits alone. */
function skewedBits(bits: number, limit: number): number {
  const drawn = bits / 2 ** 32;
  return Math.floor(limit * drawn * drawn);
}

const vocabulary = (
  'THE VEHICLE WAS LAST SEEN NORTHBOUND ON AND SOUTHBOUND NEAR WITH TWO OCCUPANTS SUBJECT IS ' +
  'DESCRIBED AS MALE FEMALE ADULT JUVENILE WEARING DARK LIGHT BLUE GREEN RED GRAY BLACK WHITE JACKET ' +
  'JEANS CAP SHIRT BOOTS REGISTERED OWNER ADDRESS EXPIRES VALID SUSPENDED LICENSE CLASS RESTRICTED ' +
  'CORRECTIVE LENSES CITATION ISSUED WARNING COURT DATE FAILURE TO APPEAR BAIL AMOUNT CONTACT AGENCY ' +
  'CONFIRM BEFORE ARREST RECORD ENTERED BY DETECTIVE SERGEANT DEPUTY UNIT REQUESTS TOW STORAGE YARD ' +
  'PROPERTY RECOVERED STOLEN FROM PARKING LOT GARAGE RESIDENCE BUSINESS WINDOW BROKEN DOOR FORCED ' +
  'ENTRY ALARM SOUNDED CAMERA SHOWS TRAVELING HIGH RATE OF SPEED DAMAGE FRONT REAR LEFT RIGHT FENDER ' +
  'BUMPER PLATE MISSING PARTIAL COLOR SEDAN PICKUP VAN TRAILER MOTORCYCLE BOAT ENGINE SERIAL NUMBER ' +
  'ALTERED REMOVED PLEASE ADVISE ALL UNITS BE ON LOOKOUT MISSING PERSON MEDICATION NEEDED ENDANGERED ' +
  'FAMILY REPORTS NO FOUL PLAY SUSPECTED INVESTIGATION CONTINUES MEETING TRAINING ROOM SCHEDULE CHANGE ' +
  'SHIFT SUPERVISOR APPROVED ROAD CLOSED FLOODING BRIDGE DETOUR WEATHER SNOW ICE CHAINS REQUIRED'
).split(' ');
const phrasesMade = 8192;

let made: readonly string[] | undefined;

/** The same for every journal. */
function phrases(): readonly string[] {
  return (made ??= makePhrases());
}

/** A few words each, one of them a street here and there. */
function makePhrases(): readonly string[] {
  const dice = xorshift(0x5eed);
  const word = (): string => vocabulary[skewed(dice, vocabulary.length)] ?? '';
  const street = (): string => `${dice(9900)} ${surnames[dice(surnames.length)] ?? ''} AVE`;
  const phrase = (): string =>
    Array.from({ length: 4 + dice(5) }, () => (dice(14) === 0 ? street() : word())).join(' ');
  return Array.from({ length: phrasesMade }, phrase);
}
