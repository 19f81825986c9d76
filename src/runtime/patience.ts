// Who asked to come in (HELLO, SIGN_ON) and has no answer yet, and since when. While the journal is blocked
// they are told to come back once they have waited too long (link M4a).

import { controlFrame } from '#protocol/frame';
import type { Event, LinkId } from '#switch/event';
import { frameTypeAt, type OutwardEffect } from './detour.ts';

/** WELCOME, SIGNED_ON, REFUSED, CLOSE: what answers a HELLO or SIGN_ON; link 4. */
const answers: ReadonlySet<number> = new Set([0x02, 0x04, 0x12, 0x3f]);
const text = 'The journal cannot be written now. Come back.';

/** What those are told who waited too long. */
export const comeBack = controlFrame('CLOSE', { code: 'C13', text });

export class Patience {
  readonly #unanswered = new Map<LinkId, number>();

  note(event: Event): void {
    if (event.kind === 'closed') this.#unanswered.delete(event.link);
    if (event.kind !== 'frame') return;
    const { type } = event.frame;
    if (type === 'HELLO' || type === 'SIGN_ON') this.#unanswered.set(event.link, event.atMs);
  }

  answer(effect: OutwardEffect): void {
    if (this.#unanswered.size === 0 || effect.kind !== 'send') return;
    if (answers.has(effect.frame[frameTypeAt] ?? 0)) this.#unanswered.delete(effect.link);
  }

  /** Those who ask since that steady time or longer. */
  lateSince(sinceMs: number): readonly LinkId[] {
    return [...this.#unanswered].filter(([, atMs]) => atMs <= sinceMs).map(([link]) => link);
  }
}
