// The invented record file as a host: answers inquiries in the dialect of NCIC, or in the form of the link where
// it was asked so (ncic 1.5, link X6).

import type { Heard, Said, SimHost } from './host.ts';
import { answerInquiry } from './inquiry.ts';
import type { RecordBook } from './records.ts';

export function recordsHost(book: RecordBook): SimHost {
  return {
    take: (heard) => answer(book, heard),
    due: () => [],
    nextAtMs: undefined,
    close: () => undefined,
  };
}

function answer(book: RecordBook, { text }: Heard): readonly Said[] {
  const header = /^[0-9][0-9A-Z]{3}[ -\-/-~]{5,15}(?=\.)/.exec(text)?.[0];
  const asked = answerInquiry(book, header === undefined ? text : text.slice(header.length + 1));
  if (asked === undefined || asked.blocks.length === 0) return [];
  const head =
    header === undefined
      ? `${asked.key}.${asked.ori}.\r\n`
      : `${header[0] ?? ''}L${header.slice(2)}\r\n${asked.ori}\r\n\r\n`;
  return [{ text: head + asked.blocks.join('') }];
}
