// The languages of the hosts behind, and that of the link (X6): texts composed for a host, and what a host says
// read back. Pure and total: whatever a host says is an answer, a notice, a message or nothing of these.

import { parseOri } from '#protocol/ids';
import { handleOf } from '../handle.ts';

/** What a station asked, as far as a host needs it. */
export interface Asked {
  readonly mke: string;
  readonly ori: string;
  /** What follows the ORI, or `TXT` where there is one; without the line of the requester. */
  readonly content: string;
}

/** @param reference Five to fifteen characters. @source ncic 1.1, 1.5 */
export function toNcic({ mke, ori, content }: Asked, prefix: string, reference: string): string {
  return `${prefix}${reference}.${mke}.${ori}${content === '' ? '' : `.${content}`}`;
}

/** @param reference Ten characters: the control field. @source nlets 2.1, 2.3 */
export function toNlets(
  { mke, ori, content }: Asked,
  destinations: readonly string[],
  reference: string,
): string {
  return `${mke}.${ori}.${destinations.join('.')}.*${reference}.TXT\r\n${content}`;
}

export type HostText =
  /** In the NCIC dialect; the text block without its two lines. */
  | {
      readonly kind: 'answer';
      readonly handle: string;
      readonly ori: string;
      readonly block: string;
    }
  | { readonly kind: 'notice'; readonly key: string; readonly ori: string; readonly block: string }
  /** In the Nlets dialect, of either form. */
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly sender: string;
      readonly destinations: readonly string[];
      readonly handle: string | undefined;
      readonly block: string;
    }
  /** In the form of the link already: a host that was asked so, or speaks for the hub. */
  | { readonly kind: 'link'; readonly key: string; readonly ori: string; readonly block: string }
  | { readonly kind: 'nothing' };

/** Reads what a host said. @source ncic 1.6, 8; nlets 2.1 */
export function readHostText(text: string): HostText {
  return ncicAnswer(text) ?? notice(text) ?? nletsMessage(text) ?? linkText(text) ?? nothing;
}

/** `KEY.ORI.` and its lines. @source link X6 */
export const linkAnswer = (key: string, ori: string, block: string): string =>
  `${key}.${ori}.\r\n${endedLines(block)}`;

/** An answer that came in the Nlets dialect: who says it stands on a line of its own. */
export const nletsAnswer = (key: string, ori: string, sender: string, block: string): string =>
  linkAnswer(key, ori, sender === '' ? block : `FROM ${sender}\r\n${block}`);

/** A message for a station of ours. @source link X5 */
export const addressedText = (
  { key, sender }: { readonly key: string; readonly sender: string },
  destination: string,
  block: string,
): string => `${key}.${sender}.${destination}.TXT\r\n${block}`;

/**
 * What the other network says of a message: SM 01 and 04 mean that there is no answer, which on the link is an
 * ER with the same number; SM 02 means that it is kept.
 * @source nlets 9.1, 9.2; link X3
 */
export function networkNotice(
  key: string,
  sender: string,
  block: string,
): { readonly text: string; readonly final: boolean } {
  const [, code = '00', rest = block] = /^\s*\.?(\d{1,2})\.\s?([^]*)$/.exec(block) ?? [];
  const number = code.padStart(2, '0');
  const kept = key === 'SM' && number === '02';
  const said = key === 'SM' && (number === '01' || number === '04') ? 'ER' : key;
  return { text: `${said}.${sender}.${number}.${rest.trimEnd()}`, final: said === 'ER' && !kept };
}

const nothing: HostText = { kind: 'nothing' };

function ncicAnswer(text: string): HostText | undefined {
  const [, handle = '', ori = '', block = ''] =
    /^[0-9][0-9A-Z]{3}([ -\-/-~]{5,15})\r\n([A-Z]{2}[A-Z0-9]{7})\r\n(?:\r\n)?([^]*)$/.exec(text) ??
    [];
  return ori === '' ? undefined : { kind: 'answer', handle: handle.trimEnd(), ori, block };
}

function notice(text: string): HostText | undefined {
  const [, key = '', ori = '', block = ''] =
    /^(\$\.[A-Z0-9])\.\r\n([A-Z]{2}[A-Z0-9]{7})\r\n(?:\r\n)?([^]*)$/.exec(text) ?? [];
  return ori === '' ? undefined : { kind: 'notice', key, ori, block };
}

/** The header of Nlets, of output form, then of input form. */
const outputForm =
  /^([A-Z]{2,3})\.([A-Z0-9]{9})\r?\n[^\r\n]*\r?\n\d\d:\d\d +[^\r\n ]+ +[^\r\n ]+ +([A-Z0-9]{2,9})(?:\.\*[^\r\n]*?\.TXT)?\r?\n(?:\*[^\r\n]*\r?\n)?(?:TXT\r?\n\x7f?)?([^]*)$/;
const inputForm =
  /^([A-Z]{2,3})\.([A-Z0-9]{9})?\.([A-Z0-9.]*?)\.(?:\*[^\r\n]{1,10}?\.)?TXT(?:\r?\n\x7f?)?([^]*)$/;

function nletsMessage(text: string): HostText | undefined {
  const output = outputForm.exec(text);
  const [, key = '', sender = '', to = '', block = ''] = output ?? inputForm.exec(text) ?? [];
  if (key === '') return undefined;
  const destinations = to.split('.').filter((place) => place !== '');
  return { kind: 'message', key, sender, destinations, handle: handleIn(text), block };
}

/** Where the header has no control field, the echo of a refused message has it (nlets 9.1). */
const handleIn = (text: string): string | undefined =>
  handleOf(text) ?? /\.\*([^\r\n]{1,10}?) *\.TXT/.exec(text)?.[1];

function linkText(text: string): HostText | undefined {
  const [, key = '', oriText = '', block = ''] =
    /^([A-Z$][A-Z0-9$-]{0,4}|\$\.[A-Z0-9])\.([A-Z]{2}[A-Z0-9]{7})\.(?:\r\n)?([^]*)$/.exec(text) ??
    [];
  const ori = parseOri(oriText);
  return ori === undefined ? undefined : { kind: 'link', key, ori, block };
}

const endedLines = (block: string): string =>
  block === '' || block.endsWith('\n') ? block : `${block}\r\n`;
