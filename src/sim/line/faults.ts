// What a host does wrong when it is told to: the whole list, and nothing of it. Every part can be set at the
// start by a flag, and at any time by a line on the control socket (commands.ts).

/** How the answers of one host are spoiled. */
export interface AnswerFaults {
  /** Milliseconds each answer waits. */
  slowMs: number;
  /** Answers are kept back until `late` or `silent off`. */
  silent: boolean;
  /** Each answer is sent twice. */
  twice: boolean;
  /** Each answer lets the next one pass. */
  swap: boolean;
  /** Whose reference an answer carries. */
  reference: 'own' | 'nobody' | 'another';
  /** Octets that are no text stand instead of the answer. */
  garbage: boolean;
}

/** Out of service: `hold` stores and forwards later, `remove` does not. @source nlets 9.2 */
export type Service = 'up' | 'hold' | 'remove';

/** What one line does wrong besides. */
export interface LineFaults extends AnswerFaults {
  /** The last answer carries FINAL. */
  final: boolean;
  /** Messages are acknowledged and answered; without, they are only taken. */
  acks: boolean;
  /** Each record is an answer of its own, FINAL on the last. */
  parts: boolean;
  /** Every message is refused with this code. */
  refuse: string | undefined;
}

export const noAnswerFaults = (): AnswerFaults => ({
  slowMs: 0,
  silent: false,
  twice: false,
  swap: false,
  reference: 'own',
  garbage: false,
});

export const noLineFaults = (): LineFaults => ({
  ...noAnswerFaults(),
  final: true,
  acks: true,
  parts: false,
  refuse: undefined,
});
