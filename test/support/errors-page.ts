// Makes docs/errors.md from the tables of codes: our faults and what a peer can be told.

import { closes, rejects, serviceCodes } from '#protocol/reject';
import { faults } from '#src/errors';

/** Content of docs/errors.md. */
export function errorsPage(): string {
  return [
    ...opening,
    ...section(
      'Faults of msc',
      'What a command or the switch says on stderr, as `msc: CODE: sentence`, and exits with.',
      Object.entries(faults).map(
        ([code, { sentence, exit, next }]) =>
          `**${code}**: ${sentence}. Exit ${exit}. Next: ${next}.`,
      ),
    ),
    ...refusals(
      'H',
      'Refused for its header',
      'REFUSED with the octet where it went wrong (link 7).',
    ),
    ...refusals('X', 'Refused for its text', 'REFUSED after the header was good (link 8).'),
    ...refusals('B', 'Refused for its destination', 'REFUSED; one bad destination refuses all.'),
    ...refusals('U', 'Refused to a terminal', 'The answer to SIGN_ON, or to a message (link 9).'),
    ...refusals('R', 'Refused by a station', 'What a station says of a message it was sent.'),
    ...section(
      'Service messages',
      'Messages of the switch itself, `SM` and `ER` (link X3).',
      Object.entries(serviceCodes).map(([code, text]) => `**${code}**: ${text}.`),
    ),
    ...section(
      'Closed connections',
      'The last frame of a connection (link 9).',
      Object.entries(closes).map(([code, text]) => `**${code}**: ${text}.`),
    ),
  ].join('\n');
}

const opening = [
  '# Codes',
  '',
  '<!-- Generated from src/errors.ts and protocol/reject.ts; `npm run docs` says when it is not in step. -->',
  '',
  '`msc error CODE` explains each of these without a network. A code is for programs and never changes',
  'its meaning; a sentence is for people and may.',
  '',
];

function refusals(letter: string, title: string, text: string): readonly string[] {
  const lines = Object.entries(rejects)
    .filter(([code]) => code.startsWith(letter))
    .map(([code, meaning]) => {
      const security = meaning.securityEvent ? ' A security event.' : '';
      const hint = meaning.hint === undefined ? '' : ` Note: ${meaning.hint}.`;
      return `**${code}**: ${meaning.text}.${hint}${security}`;
    });
  return section(title, text, lines);
}

function section(title: string, text: string, items: readonly string[]): readonly string[] {
  return [`## ${title}`, '', text, '', ...items.map((item) => `- ${item}`), ''];
}
