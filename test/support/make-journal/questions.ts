// What officers ask, and what the state says to it: the text of each, and the identifiers the switch takes out.

import { type Mke, parseMke } from '#protocol/ids';
import { must } from './county.ts';
import type { Dice } from './dice.ts';
import {
  anyPerson,
  anyVehicle,
  birthOf,
  landmarks,
  nameOf,
  padded,
  plateOf,
  prose,
  serialOf,
  vinOf,
} from './words.ts';

type Fields = Readonly<Record<string, readonly string[]>>;

export interface Question {
  readonly mke: Mke;
  /** After key and ORI. */
  readonly said: string;
  readonly fields: Fields;
  readonly class: 3 | 4;
  readonly answerMs: number;
}

export interface Answer {
  readonly hit: boolean;
  /** After key and ORI. */
  readonly said: string;
  readonly fields: Fields;
}

const key = (text: string): Mke => must(parseMke(text));
const keys = { qv: key('QV'), qw: key('QW'), qg: key('QG'), qa: key('QA'), ev: key('EV') };
const quick = { class: 3, answerMs: 60_000 } as const;
const change = { class: 4, answerMs: 60_000 } as const;

export function anyQuestion(dice: Dice): Question {
  const turn = dice(100);
  if (turn < 52) return ofPlate(plateOf(anyVehicle(dice)));
  if (turn < 57) return ofVin(vinOf(anyVehicle(dice)));
  if (turn < 83) {
    const person = anyPerson(dice);
    return ofName(nameOf(person), birthOf(person));
  }
  if (turn < 88) return ofLicence(serialOf(anyPerson(dice)).slice(0, 8));
  if (turn < 94) return ofSerial(keys.qg, serialOf(anyVehicle(dice)));
  if (turn < 97) return ofSerial(keys.qa, serialOf(anyPerson(dice)));
  return entryOf(anyVehicle(dice), dice);
}

/** The two things that are asked about a few times in a whole journal. */
export function landmarkQuestions(): readonly Question[] {
  return [ofPlate(landmarks.plate), ofName(landmarks.name, landmarks.birth)];
}

export function answerTo(question: Question, dice: Dice): Answer {
  const hit = dice(50) === 0;
  const { said, fields } = question;
  if (!hit) {
    const nothing = dice(3) === 0;
    return { hit, fields, said: `NO RECORD ${said}\r\n${prose(dice, nothing ? 90 : 480)}\r\n` };
  }
  const vehicle = anyVehicle(dice);
  const more = { NIC: [`V${padded(vehicle, 9)}`], OCA: [`26${padded(vehicle, 6)}`] };
  const found = `MKE/STOLEN VEHICLE ${said}.VIN/${vinOf(vehicle)}`;
  const marks = `NIC/${more.NIC[0] ?? ''}.OCA/${more.OCA[0] ?? ''}`;
  return { hit, fields: { ...fields, ...more }, said: `${found}.${marks}\r\n${prose(dice, 420)}` };
}

function ofPlate(plate: string): Question {
  return { mke: keys.qv, said: `LIC/${plate}.LIS/CA`, fields: { LIC: [plate] }, ...quick };
}

function ofVin(vin: string): Question {
  return { mke: keys.qv, said: `VIN/${vin}`, fields: { VIN: [vin] }, ...quick };
}

function ofName(name: string, birth: string): Question {
  return { mke: keys.qw, said: `NAM/${name}.DOB/${birth}`, fields: { NAM: [name] }, ...quick };
}

function ofLicence(licence: string): Question {
  return { mke: keys.qw, said: `OLN/${licence}.OLS/CA`, fields: { OLN: [licence] }, ...quick };
}

function ofSerial(mke: Mke, serial: string): Question {
  return { mke, said: `SER/${serial}`, fields: { SER: [serial] }, ...quick };
}

/** A vehicle is reported stolen. */
function entryOf(vehicle: number, dice: Dice): Question {
  const [plate, vin, oca] = [plateOf(vehicle), vinOf(vehicle), `26${padded(dice(1_000_000), 6)}`];
  const said = `LIC/${plate}.LIS/CA.VIN/${vin}.OCA/${oca}.MIS/${prose(dice, 80)}`;
  return { mke: keys.ev, said, fields: { LIC: [plate], VIN: [vin], OCA: [oca] }, ...change };
}
