// May this sender say this? Link M1 and X2, in their order; the first check that fails answers.
// Pure: nothing is repaired, nothing is written.

import type { Destination, EntryColumns } from '#journal/entry';
import type { MnemonicRecord, PersonRecord, StationRecord } from '#journal/register';
import { editFields } from '#protocol/edits';
import { flagPossibleDuplicate, type Frame } from '#protocol/frame';
import { type Header, parseHeader } from '#protocol/header';
import type { Mnemonic, Oif, Ori, Taf, UserName } from '#protocol/ids';
import { answerWindowMs, classOf, type KeyEntry } from '#protocol/keys';
import { type MessageText, parseText } from '#protocol/message';
import type { RejectCode } from '#protocol/reject';
import { fail, ok, type Result } from '#protocol/result';
import { isActiveAgency, listsKey } from './directory.ts';
import { type SignOn, upstreamKey } from './ledger.ts';
import { destinationsOf } from './route.ts';
import type { OpenLink } from './state.ts';
import type { Turn } from './turn.ts';

export interface Refusal {
  readonly code: RejectCode;
  readonly at?: number | undefined;
  readonly field?: string | undefined;
  /** What was known of the message when it was refused. */
  readonly columns: EntryColumns;
}

export interface Admitted {
  readonly columns: EntryColumns;
  readonly to: readonly Destination[];
  readonly textAt: number;
  readonly answerMs: number | undefined;
}

/** Who speaks, once the header is in order. */
interface Sender {
  readonly user: UserName;
  readonly oif: Oif;
  readonly taf: Taf | undefined;
  readonly agency: Ori;
  readonly person: PersonRecord | undefined;
  readonly mnemonic: MnemonicRecord | undefined;
  readonly pool: string | undefined;
}

type FieldRefusal = Pick<Refusal, 'code' | 'at' | 'field'>;
type Message = Frame & { readonly mnemonic: Mnemonic };
type Checked<T> = Result<T, Refusal>;

/** Whose message it is: the station of a link, and its role. */
export type Speaker = Pick<OpenLink, 'station' | 'role'>;

export function admit(turn: Turn, link: Speaker, message: Message): Checked<Admitted> {
  const { register } = turn.ledger;
  const station = link.station === undefined ? undefined : register.station.get(link.station);
  const signOn = link.station === undefined ? undefined : turn.ledger.signOns.get(link.station);
  if (station === undefined || (link.role === 'terminal' && signOn === undefined)) {
    return fail({ code: 'U09', columns: {} });
  }
  if (!owns(station, signOn, message.mnemonic)) {
    return fail({ code: 'B04', columns: whoOf(signOn) });
  }
  const header = parseHeader(message.body, link.role === 'host' ? 'host' : 'terminal');
  if (!header.ok) return fail({ ...header.error, columns: whoOf(signOn) });
  const sender =
    signOn === undefined
      ? hostSender(turn, { station, mnemonic: message.mnemonic, header: header.value })
      : terminalSender(turn, { station, signOn, header: header.value });
  if (!sender.ok) return sender;
  return admitText(turn, { message, header: header.value, sender: sender.value });
}

function owns(station: StationRecord, signOn: SignOn | undefined, mnemonic: Mnemonic): boolean {
  return signOn === undefined ? station.mnemonics.includes(mnemonic) : signOn.mnemonic === mnemonic;
}

function whoOf(signOn: SignOn | undefined): EntryColumns {
  if (signOn === undefined) return {};
  const { user, oif, agency, pool } = signOn;
  return { user, oif, agency, pool };
}

/** link E4: what a terminal leaves out the switch inserts; what it sends must be its own. */
function terminalSender(
  turn: Turn,
  { station, signOn, header }: { station: StationRecord; signOn: SignOn; header: Header },
): Checked<Sender> {
  const columns = { ...whoOf(signOn), suphdr: header.suphdr };
  const [taf] = station.tafs;
  if (header.oif !== undefined && header.oif !== signOn.oif) {
    return fail({ code: 'H17', at: header.oifAt, columns });
  }
  if (header.taf !== undefined && header.taf !== taf) {
    return fail({ code: 'H18', at: header.tafAt, columns });
  }
  const { register } = turn.ledger;
  const mnemonic = register.mnemonic.get(signOn.mnemonic);
  return ok({
    user: signOn.user,
    oif: signOn.oif,
    taf,
    agency: mnemonic?.agency ?? signOn.agency,
    person: register.person.get(signOn.user),
    mnemonic,
    pool: signOn.pool,
  });
}

/** link E5: a host supplies both; H16, then H19, then H18. */
function hostSender(
  turn: Turn,
  { station, mnemonic, header }: { station: StationRecord; mnemonic: Mnemonic; header: Header },
): Checked<Sender> {
  const { register, directory } = turn.ledger;
  const { oif, taf, suphdr } = header;
  const columns = { oif, taf, suphdr };
  if (taf === undefined && station.tafRequired.includes(mnemonic)) {
    return fail({ code: 'H16', at: header.textAt, columns });
  }
  const record = register.mnemonic.get(mnemonic);
  const agency = record?.agency ?? station.agency;
  const person = oif === undefined ? undefined : directory.personOf.get(oif);
  const known = person?.state === 'enabled' && isActiveAgency(register, person.agency);
  if (oif === undefined || !known || person.agency !== agency) {
    return fail({ code: 'H19', at: header.oifAt, columns });
  }
  if (taf !== undefined && !station.tafs.includes(taf)) {
    return fail({ code: 'H18', at: header.tafAt, columns });
  }
  const { user } = person;
  return ok({ user, oif, taf, agency, person, mnemonic: record, pool: undefined });
}

/** link X2: the text, the ORI, the authorisations, the fields, the destinations, the length. */
function admitText(
  turn: Turn,
  { message, header, sender }: { message: Message; header: Header; sender: Sender },
): Checked<Admitted> {
  const { user, oif, taf, agency, pool } = sender;
  const who = { user, oif, taf, agency, pool, suphdr: header.suphdr };
  const parsed = parseText(message.body, header.textAt, turn.state.keys);
  if (!parsed.ok) return fail({ ...parsed.error, columns: who });
  const text = parsed.value;
  const columns = { ...who, ...columnsOf(text) };
  if (!mayUse(turn, agency, text.ori)) return fail({ code: 'X05', at: text.oriAt, columns });
  if (!listsKey(sender.mnemonic?.sends, text.key) || !listsKey(sender.person?.sends, text.key)) {
    return fail({ code: 'H22', at: text.keyAt, columns });
  }
  const flaw = fieldFlawOf(text);
  if (flaw !== undefined) return fail({ ...flaw, columns });
  const to = destinationsOf(turn, {
    text,
    message,
    flagged: (message.flags & flagPossibleDuplicate) !== 0,
  });
  if (!to.ok) return fail({ ...to.error, columns });
  if (isTooLong(turn, { message, textAt: header.textAt, taf, to: to.value })) {
    return fail({ code: 'X09', columns });
  }
  const asks = to.value.some(({ kind }) => kind === 'upstream');
  const answerMs = asks ? answerMsOf(text.key, columns.class) : undefined;
  return ok({ columns, to: to.value, textAt: header.textAt, answerMs });
}

/** X08, where the key is edited here; a value that has no place has no code either. */
function fieldFlawOf({ key, fields, fieldsEnd }: MessageText): FieldRefusal | undefined {
  if (key.edits?.by !== 'switch') return undefined;
  const edited = editFields(key, fields, fieldsEnd);
  if (edited.ok) return undefined;
  const { field, at } = edited.error;
  return { code: 'X08', at, ...(field === '' ? {} : { field }) };
}

function columnsOf(text: MessageText): EntryColumns & { readonly class: number } {
  const { requester } = text;
  return {
    mke: text.mke,
    ori: text.ori,
    class: classOf(text.key, text.fields),
    requester: requester?.who,
    recipient: requester?.recipient,
    purpose: requester?.purpose,
    case: requester?.case,
    fields: identifiersOf(text),
  };
}

function identifiersOf(text: MessageText): Record<string, string[]> | undefined {
  const found: Record<string, string[]> = {};
  for (const { code, value } of text.fields) {
    if (code === undefined || !text.key.identifiers.includes(code)) continue;
    (found[code] ??= []).push(value);
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

function mayUse(turn: Turn, agency: Ori, ori: Ori): boolean {
  const record = turn.ledger.register.agency.get(agency);
  return agency === ori || record?.mayUse.includes(ori) === true;
}

function answerMsOf(key: KeyEntry, messageClass: number): number | undefined {
  if (key.answer === 'none') return undefined;
  return key.answerMs ?? answerWindowMs(messageClass);
}

/** link X2: with the header the switch puts on, whatever the sender's was. */
function isTooLong(
  turn: Turn,
  sent: { message: Message; textAt: number; taf: Taf | undefined; to: readonly Destination[] },
): boolean {
  const textBytes = sent.message.body.length - sent.textAt;
  return sent.to.some((to) => headerBytes(to, sent.taf) + textBytes > limitOf(turn, to));
}

/** Ten octets of reference and a period; to an upstream the OIF, and the TAF where known (link E2). */
function headerBytes(to: Destination, taf: Taf | undefined): number {
  if (to.kind !== 'upstream') return 11;
  return 11 + 8 + (taf === undefined ? 0 : taf.length + 2);
}

function limitOf(turn: Turn, to: Destination): number {
  const { frameBytesMax } = turn.state.settings;
  if (to.kind !== 'upstream') return frameBytesMax;
  return turn.state.live.get(upstreamKey(to.upstream ?? ''))?.frameBytesMax ?? frameBytesMax;
}
