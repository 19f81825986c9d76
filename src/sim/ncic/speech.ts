// Texts as they leave: an answer behind its header or in the form of link X6, cut where it is too long;
// notices with the agency they are for. Lines end in CR LF.

import type { Said } from '../host.ts';
import type { Frame } from './request.ts';

/** An answer, in as many messages as it takes; each repeats the first lines. @source ncic 1.6 */
export function answer(frame: Frame, lines: readonly string[], most: number): readonly Said[] {
  const head =
    frame.form === 'header'
      ? `${frame.header}${lineEnd}${frame.ori}${lineEnd}${lineEnd}`
      : `${frame.key}.${frame.ori}.${lineEnd}`;
  const texts = cut(lines, most - head.length).map((part) => head + part);
  return texts.map((text, at) => (at < texts.length - 1 ? { text, final: false } : { text }));
}

/** @source ncic 8 */
export const notice = (key: string, ori: string, lines: readonly string[]): Said => ({
  text: `${key}${lineEnd}${ori}${lineEnd}${lineEnd}${ended(lines)}`,
});

const lineEnd = '\r\n';

const ended = (lines: readonly string[]): string =>
  lines.map((line) => `${line}${lineEnd}`).join('');

/** Between lines; no line is longer than what fits. */
function cut(lines: readonly string[], most: number): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (const line of lines) {
    const next = `${line.slice(0, most - lineEnd.length)}${lineEnd}`;
    if (part !== '' && part.length + next.length > most) {
      parts.push(part);
      part = '';
    }
    part += next;
  }
  return part === '' && parts.length > 0 ? parts : [...parts, part];
}
