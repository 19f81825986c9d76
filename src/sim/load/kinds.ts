// What a load is made of: each kind is one message text, all of it invented, and how it ends. An inquiry
// ends with its last answer; a text to another work place ends when it arrives there.

export const kindNames = ['query', 'hit', 'person', 'gun', 'admin'] as const;
export type KindName = (typeof kindNames)[number];

export interface TextParts {
  readonly ori: string;
  /** Mnemonic of the work place it goes to; for `admin` alone. */
  readonly to: string;
  /** Ten characters by which it is known again. */
  readonly reference: string;
}

/** The message text, without the extended header. */
export function textOfKind(kind: KindName, { ori, to, reference }: TextParts): string {
  switch (kind) {
    case 'query':
      return `QV.${ori}.LIC/2ZZZ998.LIS/CA`;
    case 'hit':
      return `QV.${ori}.LIC/2ZZZ999.LIS/CA`;
    case 'person':
      return `QW.${ori}.NAM/DOE, TESTMAN.DOB/19700101`;
    case 'gun':
      return `QG.${ori}.SER/ZZ0042`;
    case 'admin':
      // The switch gives it a reference of its own on the way: the sender's must be in the text.
      return `AM.${ori}.${to}.TXT\r\nLOAD ${reference}`;
  }
}
