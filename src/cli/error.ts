// `msc error CODE...`: what codes mean and what to do, offline; all codes of the link and of msc itself.

import { closes, rejects, serviceCodes } from '#protocol/reject';
import { faults, isFaultCode, MscFault } from '#src/errors';
import type { Call } from './command.ts';
import { shown, wantsObject } from './output.ts';

interface Meaning {
  readonly code: string;
  /** Where it is said. */
  readonly where: string;
  readonly text: string;
  readonly next?: string | undefined;
}

/** Exit 1 where one of them does not exist. */
export async function explainCode({ args, output }: Call): Promise<number> {
  const meanings = codesOf(args).flatMap((asked) => {
    const found = meaningsOf(asked);
    if (found.length === 0) throw new MscFault('MSC-1008', { detail: shown(asked) });
    return found;
  });
  const json = wantsObject(output);
  if (json) await output.print(JSON.stringify({ schema: 'msc.error/1', meanings }));
  else
    for (const { code, where, text, next } of meanings) {
      await output.print(`${output.bold(code)}  ${text}`);
      await output.print(`  ${where}`);
      if (next !== undefined) await output.print(`  next: ${next}`);
    }
  return 0;
}

/** `ER 62 H05` is two: that of a message of the switch is of two words. */
function codesOf(args: readonly string[]): readonly string[] {
  const words = args.join(' ').trim().toUpperCase();
  return words.match(/(?:SM|ER)[ .-]?\d\d\b|\S+/g) ?? [''];
}

/** Several for a number alone: `62` is that of an ER. */
export function meaningsOf(asked: string): readonly Meaning[] {
  if (isFaultCode(asked)) {
    const { sentence, exit, next } = faults[asked];
    return [{ code: asked, where: `a fault of msc, exit code ${exit}`, text: sentence, next }];
  }
  return [...closeMeaning(asked), ...rejectMeaning(asked), ...serviceMeanings(asked)];
}

function closeMeaning(asked: string): readonly Meaning[] {
  return Object.entries(closes)
    .filter(([code]) => code === asked)
    .map(([code, text]) => ({ code, where: 'CLOSE: the connection ends', text }));
}

function rejectMeaning(asked: string): readonly Meaning[] {
  return Object.entries(rejects)
    .filter(([code]) => code === asked)
    .map(([code, { text, hint, securityEvent }]) => ({
      code,
      where: `REFUSED: ${refusedBy(code)}${securityEvent ? '; a security event' : ''}`,
      text,
      next: hint,
    }));
}

function refusedBy(code: string): string {
  const families: Readonly<Record<string, string>> = {
    H: 'the extended header of a message',
    X: 'the text of a message',
    B: 'the destination or mnemonic of a message',
    U: 'a sign-on, or a message without one',
    R: 'a station refuses what the switch sent it',
  };
  return families[code.charAt(0)] ?? 'a message';
}

function serviceMeanings(asked: string): readonly Meaning[] {
  const wanted = asked.replace(/^(SM|ER)[ .-]?(\d\d)$/, '$1 $2');
  return Object.entries(serviceCodes)
    .filter(
      ([code]) => code === wanted || code.endsWith(` ${wanted}`) || code.startsWith(`${wanted} `),
    )
    .map(([code, text]) => ({ code, where: 'a message of the switch itself to a station', text }));
}
