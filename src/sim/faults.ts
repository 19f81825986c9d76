// What a simulated host does wrong when it is told to, and the lines that tell it, by flag at the
// start or over its control socket while it runs.

import { parseMnemonic } from '#protocol/ids';
import type { Mnemonic } from '#protocol/ids';
import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';

export interface Faults {
  /** Milliseconds each answer waits. */
  slowMs: number;
  /** Answers are kept back until `late` or `silent off`. */
  silent: boolean;
  /** Each answer is sent twice. */
  twice: boolean;
  /** The last answer carries FINAL. */
  final: boolean;
  /** Messages are acknowledged and answered; without, they are only taken. */
  acks: boolean;
  /** Each record is an answer of its own, FINAL on the last. */
  parts: boolean;
  /** Every message is refused with this code. */
  refuse: string | undefined;
}

export function noFaults(): Faults {
  return {
    slowMs: 0,
    silent: false,
    twice: false,
    final: true,
    acks: true,
    parts: false,
    refuse: undefined,
  };
}

export type HostCommand =
  | { readonly kind: 'set'; readonly faults: Partial<Faults> }
  | { readonly kind: 'late' | 'drop' | 'show' | 'help' }
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  | { readonly kind: 'unsolicited'; readonly mnemonic: Mnemonic; readonly text: string }
  | { readonly kind: 'status'; readonly service: string; readonly state: 'up' | 'held' | 'down' };

export const hostCommandHelp = [
  'slow MS                    every answer waits MS; 0 ends it',
  'silent on|off              acknowledge, but keep the answers back; off sends them',
  'late                       send the answers kept back now, and stay silent',
  'twice on|off               send every answer twice',
  'final on|off               set FINAL on the last answer, or never',
  'parts on|off               one answer for each record found, FINAL on the last',
  'acks on|off                off: take messages without acknowledging or answering them',
  'refuse CODE|off            refuse every message with CODE',
  'busy MS                    answer the next message with BUSY',
  'drop                       cut the line',
  'unsolicited MNEMONIC TEXT  send TEXT; \\n in it ends a line',
  'status NAME up|held|down   say how a service is',
  'show                       counters and faults as JSON',
] as const;

/** Reads one line of the control socket; the error is a sentence. */
export function parseHostCommand(line: string): Result<HostCommand, string> {
  const [word = '', first = '', ...rest] = line.trim().split(' ');
  switch (word) {
    case 'slow':
      return inRange(first, 0, 600_000, (slowMs) => ({ kind: 'set', faults: { slowMs } }));
    case 'busy':
      return inRange(first, 100, 60_000, (retryAfterMs) => ({ kind: 'busy', retryAfterMs }));
    case 'silent':
    case 'twice':
    case 'final':
    case 'parts':
    case 'acks':
      if (first !== 'on' && first !== 'off') return fail(`${word} is on or off`);
      return ok({ kind: 'set', faults: { [word]: first === 'on' } });
    case 'refuse':
      if (!/^(off|[A-Z]\d\d)$/.test(first)) return fail('refuse takes a code as X03, or off');
      return ok({ kind: 'set', faults: { refuse: first === 'off' ? undefined : first } });
    case 'late':
    case 'drop':
    case 'show':
    case 'help':
      return ok({ kind: word });
    case 'unsolicited':
      return parseUnsolicited(first, rest.join(' '));
    case 'status':
      return parseStatus(first, rest[0]);
    default:
      return fail('unknown command; help lists them');
  }
}

function parseUnsolicited(name: string, text: string): Result<HostCommand, string> {
  const mnemonic = parseMnemonic(name);
  if (mnemonic === undefined) return fail('the mnemonic has four letters or digits');
  if (text === '') return fail('unsolicited takes a mnemonic and a text');
  return ok({ kind: 'unsolicited', mnemonic, text: text.replaceAll('\\n', '\r\n') });
}

function parseStatus(service: string, state: string | undefined): Result<HostCommand, string> {
  if (service === '' || (state !== 'up' && state !== 'held' && state !== 'down'))
    return fail('status takes a name and up, held or down');
  return ok({ kind: 'status', service, state });
}

function inRange(
  text: string,
  min: number,
  max: number,
  made: (ms: number) => HostCommand,
): Result<HostCommand, string> {
  const ms = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  return ms >= min && ms <= max ? ok(made(ms)) : fail(`milliseconds from ${min} to ${max}`);
}
