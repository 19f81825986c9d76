// What happens, in one line each, for whoever repeats a seed to see why it broke.

import type { JournalEntry } from '#journal/entry';
import { frameHeaderBytes, type FrameType, parseFrameHeader } from '#protocol/frame';
import { latin1 } from '#protocol/octets';
import type { StationOutput } from '#src/net/station/output';
import type { Effect } from '#switch/effect';
import type { Event } from '#switch/event';

const textMost = 100;

export function storyOf(event: Event, effects: readonly Effect[]): string {
  const link = 'link' in event ? ` ${event.link}` : '';
  const what = event.kind === 'frame' ? ` ${event.frame.type} ${event.frame.number}` : '';
  const which = event.kind === 'body' ? ` ${event.entry}` : '';
  const lines = effects.filter(({ kind }) => kind !== 'wake' && kind !== 'log').map(effectOf);
  return [`switch hears ${event.kind}${link}${what}${which}`, ...lines].join('\n    ');
}

function effectOf(effect: Effect): string {
  if (effect.kind === 'append') return entryOf(effect.stored.entry);
  if (effect.kind === 'send') return `to ${effect.link}: ${frameOf(effect.frame)}`;
  return `${effect.kind} ${'link' in effect ? effect.link : ''}`;
}

function entryOf(entry: JournalEntry): string {
  const { kind, session = '', number = '', station, upstream } = entry;
  const event = entry.kind === 'event' ? entry.event : '';
  const delivery = 'delivery' in entry ? (entry.delivery ?? '') : '';
  const to = 'to' in entry ? JSON.stringify(entry.to) : '';
  const more = 'reason' in entry ? (entry.reason ?? '') : '';
  const peer = station ?? upstream ?? '';
  return `entry ${entry.entry} ${kind} ${event} ${peer} ${session} ${number} ${delivery} ${to} ${more}`;
}

/** A word of a station. */
export function wordOf(output: StationOutput): string {
  if (output.kind === 'send') return `says ${frameOf(output.frame)}`;
  if (output.kind === 'message') return `shows ${output.number} ${latin1(output.body)}`;
  return JSON.stringify(output);
}

function frameOf(octets: Uint8Array): string {
  const rules = { from: 'station', bodyBytesMax: 1 << 20, allowed: every } as const;
  const header = parseFrameHeader(octets, rules);
  if (!header.ok) return header.error.reason;
  const { type, number, flags } = header.value;
  const text = latin1(octets, frameHeaderBytes).replaceAll('\r\n', '|').slice(0, textMost);
  return `${type} ${number} ${flags} ${text}`;
}

const every: ReadonlySet<FrameType> = new Set<FrameType>([
  ...(['HELLO', 'WELCOME', 'SIGN_ON', 'SIGNED_ON', 'SIGN_OFF', 'MESSAGE', 'ACK'] as const),
  ...(['REFUSED', 'BUSY', 'PING', 'PONG', 'STATUS', 'CLOSE'] as const),
]);
