// The body of one MESSAGE in words: extended header, key, ORI, fields, lines of an answer.

import { editFields } from '#protocol/edits';
import { flawWords } from '#protocol/flaw-words';
import { parseHeader } from '#protocol/header';
import type { Header } from '#protocol/header';
import { keyTable } from '#protocol/keys';
import { parseAnswer, parseSwitchMessage, parseText } from '#protocol/message';
import type { MessageText } from '#protocol/message';
import { latin1 } from '#protocol/octets';
import { rejects } from '#protocol/reject';

/** Who sent it: an upstream and the switch are never refused for text (link E8). */
export type Sender = 'terminal' | 'host' | 'upstream' | 'switch';

export interface DecodedBody {
  readonly lines: readonly string[];
  /** `at` is the offset in the body. */
  readonly wrong?: { readonly code: string; readonly at: number; readonly text: string };
}

/**
 * What a person gives who has no frame: a body, or a text alone as it is typed at a terminal, which puts the
 * header before it. Total, as `decodeBody`.
 */
export function decodeTyped(typed: Uint8Array, from: Sender): DecodedBody {
  const body = decodeBody(typed, from);
  if (from === 'switch' || from === 'upstream' || !noReference.has(body.wrong?.code ?? ''))
    return body;
  const text = parseText(typed, 0, keyTable);
  if (text.ok) return decodeText(text, ['a text alone: a reference and a period go before it']);
  const { code, at, text: rule } = body.wrong ?? wrongOf(text.error);
  return { lines: [], wrong: { code, at, text: `${rule}. ${howToType}` } };
}

/** A body without a supplemental header breaks one of these. */
const noReference: ReadonlySet<string> = new Set(['H01', 'H02', 'H03', 'H04']);

const howToType =
  'Write a body as `AB12.QV.CA0990100.LIC/2ZZZ999`, or its text alone, in capitals, as `QV.CA0990100.LIC/2ZZZ999`.';

/** Total: any octets give what could be read, and the first rule they break. */
export function decodeBody(body: Uint8Array, from: Sender): DecodedBody {
  const header = parseHeader(body, from === 'switch' ? 'upstream' : from);
  if (!header.ok) return { lines: [], wrong: wrongOf(header.error) };
  const lines = headerLines(header.value);
  if (from === 'switch' || from === 'upstream')
    return { lines: [...lines, ...answerLines(body, header.value.textAt)] };
  return decodeText(parseText(body, header.value.textAt, keyTable), lines);
}

function decodeText(text: ReturnType<typeof parseText>, lines: readonly string[]): DecodedBody {
  if (!text.ok) return { lines, wrong: wrongOf(text.error) };
  const { key, fields, fieldsEnd } = text.value;
  const edited = key.edits?.by === 'switch' ? editFields(key, fields, fieldsEnd) : undefined;
  const read = [...lines, ...textLines(text.value)];
  if (edited?.ok === false) {
    // What the switch says in one code, in words.
    const words = `${rejects.X08.text}: ${flawWords(edited.error, key, fields)}`;
    return { lines: read, wrong: { code: 'X08', at: edited.error.at, text: words } };
  }
  const places = edited?.value ?? [];
  const bound = fields.some(({ code }) => code === undefined) ? places : [];
  return { lines: [...read, ...bound.map(({ code, value }) => `read as ${code} = ${value}`)] };
}

function headerLines({ suphdr, oif, taf, textAt }: Header): readonly string[] {
  return [
    `reference ${suphdr}`,
    ...(oif === undefined ? [] : [`OIF ${oif}`]),
    ...(taf === undefined ? [] : [`TAF ${taf}`]),
    `text from offset ${textAt}`,
  ];
}

function textLines(text: MessageText): readonly string[] {
  return [
    `key ${text.mke}, ${text.key.name}`,
    `ORI ${text.ori}`,
    ...(text.destinations ?? []).map(({ kind, value }) => `to ${kind} ${value}`),
    ...text.fields.map(({ code, value }) => `field ${code ?? '(by place)'} = ${value}`),
    ...(text.requester === undefined ? [] : [`requester ${text.requester.who}`]),
  ];
}

function answerLines(body: Uint8Array, at: number): readonly string[] {
  const own = parseSwitchMessage(body, at);
  if (own !== undefined) return [`${own.kind} ${own.code} of ${own.ori}: ${own.text}`];
  const { mke, ori, outcome, notice } = parseAnswer(body, at);
  const head = [mke === undefined ? '' : `key ${mke}`, ori === undefined ? '' : `ORI ${ori}`];
  const kind = notice ? 'notice' : `answer${outcome === undefined ? '' : `, ${outcome}`}`;
  return [kind, ...head.filter((part) => part !== ''), ...latin1(body, at).split(/\r?\n/).slice(1)];
}

function wrongOf({ code, at }: { readonly code: keyof typeof rejects; readonly at: number }): {
  readonly code: string;
  readonly at: number;
  readonly text: string;
} {
  return { code, at, text: rejects[code].text };
}
