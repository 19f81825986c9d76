// The lines of the control socket of a simulated host: faults and what else can be asked of it. The word
// before a command names one of the hosts behind a hub; without it the line itself is meant.

import { parseMnemonic } from '#protocol/ids';
import type { Mnemonic } from '#protocol/ids';
import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';
import { parseDuration } from '../clock.ts';
import type { LineFaults, Service } from './faults.ts';

/** What the line itself does. */
export type LineCommand =
  | { readonly kind: 'set'; readonly faults: Partial<LineFaults> }
  | { readonly kind: 'late' }
  | { readonly kind: 'noise' }
  /** Once without `everyMs`; 0 ends it. */
  | { readonly kind: 'drop'; readonly everyMs?: number }
  | { readonly kind: 'half'; readonly then: 'stay' | 'cut' }
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  | {
      readonly kind: 'unsolicited';
      readonly mnemonic: Mnemonic;
      readonly text: string;
      readonly times: number;
    }
  | { readonly kind: 'status'; readonly service: string; readonly state: 'up' | 'held' | 'down' };

/** What the whole host does. */
export type HostCommand =
  | LineCommand
  | { readonly kind: 'show' | 'help' }
  | { readonly kind: 'out'; readonly service: Service }
  | { readonly kind: 'clock'; readonly turn: string }
  | { readonly kind: 'skew'; readonly byMs: number }
  | { readonly kind: 'journal'; readonly oif: string; readonly count: number }
  /** For the host itself: its own words. */
  | { readonly kind: 'own'; readonly words: readonly string[] };

/** What can be asked of each host, in this process or behind the hub. */
export type OneHostCommand = Extract<
  HostCommand,
  { readonly kind: 'set' | 'late' | 'out' | 'skew' | 'own' }
>;

/** Undefined: it is the line's, or the whole process's. */
export function ofOneHost(command: HostCommand): OneHostCommand | undefined {
  switch (command.kind) {
    case 'set':
    case 'late':
    case 'out':
    case 'skew':
    case 'own':
      return command;
    case 'drop':
    case 'half':
    case 'noise':
    case 'busy':
    case 'unsolicited':
    case 'status':
    case 'show':
    case 'help':
    case 'clock':
    case 'journal':
      return undefined;
  }
}

export interface ControlLine {
  /** Name of a host behind; absent: the line. */
  readonly host?: string;
  readonly command: HostCommand;
}

export const hostCommandHelp = [
  '[HOST] slow MS              every answer waits MS; 0 ends it',
  '[HOST] silent on|off        acknowledge, but keep the answers back; off sends them',
  '[HOST] late                 send the answers kept back now, and stay silent',
  '[HOST] out hold|remove|off  out of service, with and without storing',
  '[HOST] twice on|off         send every answer twice',
  '[HOST] swap on|off          every second answer passes the one before it',
  '[HOST] nobody on|off        answers carry a reference that nobody gave',
  '[HOST] cross on|off         answers carry the reference of another request',
  '[HOST] garbage on|off       octets that are no text instead of every answer',
  '[HOST] skew TIME|off        its clock is wrong, as +5h or -3d',
  'final on|off                set FINAL on the last answer, or never',
  'parts on|off                one answer for each record found, FINAL on the last',
  'acks on|off                 off: take messages without acknowledging or answering them',
  'refuse CODE|off             refuse every message with CODE',
  'busy MS                     answer the next message with BUSY',
  'drop [every MS|off]         cut the line, once or again and again',
  'half [cut]                  send half of the next answer, then nothing, or cut the line',
  'noise                       send octets that are no frame',
  'unsolicited MNEMONIC TEXT   send TEXT; \\n in it ends a line',
  'flood N MNEMONIC            send N messages that nobody asked for',
  'status NAME up|held|down    say how a service is',
  'clock [TIME|+3d|now]        turn the clock; without a time say it',
  'journal OIF [N]             the last N messages of an operator, as JSON lines',
  'HOST WORDS                  what the host itself understands',
  'show                        counters and faults as JSON',
] as const;

const floodMax = 10_000;
const journalMax = 10_000;

/** Reads one line; the error is a sentence. `hosts` are the names that may stand before a command. */
export function parseControlLine(
  line: string,
  hosts: readonly string[],
): Result<ControlLine, string> {
  const words = line.trim().split(' ');
  const [name = '', ...rest] = words;
  if (!hosts.includes(name)) {
    const command = parseCommand(words);
    return command.ok ? ok({ command: command.value }) : command;
  }
  if (!hostWords.has(rest[0] ?? ''))
    return ok({ host: name, command: { kind: 'own', words: rest } });
  const command = parseCommand(rest);
  return command.ok ? ok({ host: name, command: command.value }) : command;
}

/** Words that a host behind shares with the line. */
const hostWords = new Set([
  ...['slow', 'silent', 'late', 'out', 'twice', 'swap', 'nobody', 'cross', 'garbage', 'skew'],
]);

function parseCommand([word = '', first = '', ...rest]: readonly string[]): Result<
  HostCommand,
  string
> {
  switch (word) {
    case 'slow':
      return inRange(first, 0, 600_000, (slowMs) => ({ kind: 'set', faults: { slowMs } }));
    case 'busy':
      return inRange(first, 100, 60_000, (retryAfterMs) => ({ kind: 'busy', retryAfterMs }));
    case 'silent':
    case 'twice':
    case 'swap':
    case 'garbage':
    case 'final':
    case 'parts':
    case 'acks':
      return onOff(word, first, (on) => ({ kind: 'set', faults: { [word]: on } }));
    case 'nobody':
      return onOff(word, first, (on) => ({
        kind: 'set',
        faults: { reference: on ? word : 'own' },
      }));
    case 'cross':
      return onOff(word, first, (on) => ({
        kind: 'set',
        faults: { reference: on ? 'another' : 'own' },
      }));
    case 'refuse':
      if (!/^(off|[A-Z]\d\d)$/.test(first)) return fail('refuse takes a code as X03, or off');
      return ok({ kind: 'set', faults: { refuse: first === 'off' ? undefined : first } });
    case 'out':
      return parseOut(first);
    case 'late':
    case 'noise':
    case 'show':
    case 'help':
      return ok({ kind: word });
    case 'drop':
      return parseDrop(first, rest[0] ?? '');
    case 'half':
      if (first !== '' && first !== 'cut') return fail('half takes nothing, or cut');
      return ok({ kind: 'half', then: first === 'cut' ? 'cut' : 'stay' });
    case 'unsolicited':
      return parseUnsolicited(first, rest.join(' '));
    case 'flood':
      return parseFlood(first, rest[0] ?? '');
    case 'status':
      return parseStatus(first, rest[0]);
    case 'clock':
      return ok({ kind: 'clock', turn: first });
    case 'skew':
      return parseSkew(first);
    case 'journal':
      return parseJournal(first, rest[0] ?? '20');
    default:
      return fail('unknown command; help lists them');
  }
}

function onOff(
  word: string,
  text: string,
  made: (on: boolean) => HostCommand,
): Result<HostCommand, string> {
  return text === 'on' || text === 'off' ? ok(made(text === 'on')) : fail(`${word} is on or off`);
}

function parseOut(text: string): Result<HostCommand, string> {
  if (text === 'off') return ok({ kind: 'out', service: 'up' });
  if (text === 'hold' || text === 'remove') return ok({ kind: 'out', service: text });
  return fail('out is hold, remove or off');
}

function parseDrop(word: string, ms: string): Result<HostCommand, string> {
  if (word === '') return ok({ kind: 'drop' });
  if (word === 'off') return ok({ kind: 'drop', everyMs: 0 });
  if (word !== 'every') return fail('drop takes nothing, every MS, or off');
  return inRange(ms, 100, 600_000, (everyMs) => ({ kind: 'drop', everyMs }));
}

function parseUnsolicited(name: string, text: string): Result<HostCommand, string> {
  const mnemonic = parseMnemonic(name);
  if (mnemonic === undefined) return fail('the mnemonic has four letters or digits');
  if (text === '') return fail('unsolicited takes a mnemonic and a text');
  return ok({ kind: 'unsolicited', mnemonic, text: text.replaceAll('\\n', '\r\n'), times: 1 });
}

function parseFlood(count: string, name: string): Result<HostCommand, string> {
  const times = wholeNumber(count);
  const mnemonic = parseMnemonic(name);
  if (!(times >= 1 && times <= floodMax)) return fail(`flood takes 1 to ${floodMax} messages`);
  if (mnemonic === undefined) return fail('the mnemonic has four letters or digits');
  const text = '$.A.CA0990000.\r\nSIMULATED FLOOD\r\n';
  return ok({ kind: 'unsolicited', mnemonic, text, times });
}

function parseStatus(service: string, state: string | undefined): Result<HostCommand, string> {
  if (service === '' || (state !== 'up' && state !== 'held' && state !== 'down'))
    return fail('status takes a name and up, held or down');
  return ok({ kind: 'status', service, state });
}

function parseSkew(text: string): Result<HostCommand, string> {
  const byMs = text === 'off' ? 0 : parseDuration(text);
  return byMs === undefined
    ? fail('skew takes a time as +5h or -3d, or off')
    : ok({ kind: 'skew', byMs });
}

function parseJournal(oif: string, number: string): Result<HostCommand, string> {
  const count = wholeNumber(number);
  if (!/^[A-Z0-9]{6}$/.test(oif)) return fail('an operator is six letters or digits');
  if (!(count >= 1 && count <= journalMax)) return fail(`journal shows 1 to ${journalMax}`);
  return ok({ kind: 'journal', oif, count });
}

function inRange(
  text: string,
  min: number,
  max: number,
  made: (ms: number) => HostCommand,
): Result<HostCommand, string> {
  const ms = wholeNumber(text);
  return ms >= min && ms <= max ? ok(made(ms)) : fail(`milliseconds from ${min} to ${max}`);
}

const wholeNumber = (text: string): number => (/^\d{1,6}$/.test(text) ? Number(text) : NaN);
