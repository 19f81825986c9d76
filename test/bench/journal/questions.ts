// What is asked of every side: in the words of `msc journal search`, in SQL, and as a string for grep.

import { landmarks } from '#support/make-journal/words';

export interface Asked {
  readonly name: string;
  /** The words and flags of the command; then, for a version that has no words of the text, without them. */
  readonly words: readonly (readonly string[])[];
  readonly sql: string;
  /** What a person would look for with grep; undefined where lines do not answer it. */
  readonly text?: string | undefined;
}

/** Of somebody who is asked for, and a week of theirs. */
export interface Somebody {
  readonly user: string;
  readonly fromUs: number;
  readonly toUs: number;
}

/** Every word by itself, as a search of ours has it: PostgreSQL would take `LIC/2ABC345` for the path of a file. */
export const wordsSql = "to_tsvector('simple', translate(body, '/.,:#*-', '       '))";

/** Stands in many answers. */
const common = 'SUSPENDED';
const ever = ['--since', '1970-01-01'] as const;
const all = ['-n', '0'] as const;

export function questionsOf({ user, fromUs, toUs }: Somebody): readonly Asked[] {
  const week = ['--since', instant(fromUs), '--until', instant(toUs)];
  const { plate, name, surname, birth } = landmarks;
  const named = `NAM:"${name}"`;
  const words = (wanted: string): string => `${wordsSql} @@ to_tsquery('simple', '${wanted}')`;
  return [
    {
      name: 'rare plate, all of it',
      words: [[`LIC:${plate}`, ...ever, ...all]],
      sql: `SELECT * FROM entries WHERE lic = '${plate}' ORDER BY entry DESC`,
      text: plate,
    },
    {
      name: 'newest 50 of a user in a week, with text',
      words: [['--user', user, ...week, '-n', '50']],
      sql: `SELECT * FROM entries WHERE person = '${user}' AND time >= ${fromUs} AND time < ${toUs} ORDER BY time DESC LIMIT 50`,
    },
    {
      name: 'name with birth date, all of it',
      words: [
        [named, birth, ...ever, ...all],
        [named, ...ever, ...all],
      ],
      sql: `SELECT * FROM entries WHERE nam = '${name}' AND ${words(birth)} ORDER BY entry DESC`,
      text: surname,
    },
    {
      name: 'a word over everything, first page',
      words: [[common, ...ever, '-n', '50']],
      sql: `SELECT * FROM entries WHERE ${words(common)} ORDER BY entry DESC LIMIT 50`,
    },
    {
      name: 'how many of a user',
      words: [['--user', user, ...ever, '--count']],
      sql: `SELECT count(*) FROM entries WHERE person = '${user}'`,
    },
  ];
}

function instant(us: number): string {
  return new Date(us / 1000).toISOString().slice(0, 19).replace('T', ' ') + 'Z';
}
