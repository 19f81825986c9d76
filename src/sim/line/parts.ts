// One answer with several records cut into one answer for each. Every record begins with its own `MKE/` line;
// what stands before the first goes with it (ncic 1.6).

import type { Answer } from './handler.ts';

export function inParts(answer: Answer): readonly Answer[] {
  const headEnd = answer.text.indexOf('\r\n') + 2;
  const head = answer.text.slice(0, headEnd);
  const [first = '', ...others] = answer.text.slice(headEnd).split(/(?<=\r\n)(?=MKE\/)/);
  const blocks = [first, ...others];
  return blocks.map((block, at) => ({
    ...withoutReceipt(answer, at === blocks.length - 1),
    text: head + block,
    final: answer.final && at === blocks.length - 1,
  }));
}

/** The last part tells that the answer arrived. */
function withoutReceipt(answer: Answer, last: boolean): Answer {
  const { receipt, ...unheard } = answer;
  return last || receipt === undefined ? answer : unheard;
}
