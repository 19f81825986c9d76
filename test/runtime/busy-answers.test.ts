// Which answers a station that heard BUSY must not hear.

import { describe, expect, it } from 'vitest';
import { ackFrame, controlFrame, echoFrame } from '#protocol/frame';
import { BusyAnswers } from '#src/runtime/busy-answers';

const send = (link: number, frame: Uint8Array) => ({ kind: 'send', link, frame }) as const;
const busy = (link: number, number: number) =>
  send(link, controlFrame('BUSY', { retryAfterMs: 1000 }, number));
const refused = (link: number, number: number) =>
  send(link, controlFrame('REFUSED', { code: 'X03', text: 'x' }, number));
const ack = (link: number, number: number) => send(link, ackFrame(number));

describe('answers after BUSY', () => {
  it('are left out from the number on that was answered BUSY, on that link alone', () => {
    const answers = new BusyAnswers();
    answers.note(busy(1, 5));
    expect([4, 5, 6].map((number) => answers.withholds(ack(1, number)))).toEqual([
      false,
      true,
      true,
    ]);
    expect([4, 5, 6].map((number) => answers.withholds(refused(1, number)))).toEqual([
      false,
      true,
      true,
    ]);
    expect(answers.withholds(ack(2, 5))).toBe(false);
  });

  it('count from the lowest number, in whatever order BUSY was said', () => {
    const answers = new BusyAnswers();
    for (const number of [7, 5, 6]) answers.note(busy(1, number));
    expect([4, 5].map((number) => answers.withholds(ack(1, number)))).toEqual([false, true]);
  });

  it('say nothing of the refusal of a sign-on, nor of frames that answer no number', () => {
    const answers = new BusyAnswers();
    answers.note(busy(1, 1));
    const others = [refused(1, 0), busy(1, 1), send(1, echoFrame('PONG'))];
    expect(others.map((effect) => answers.withholds(effect))).toEqual([false, false, false]);
    expect(answers.withholds({ kind: 'end', link: 1 })).toBe(false);
  });

  it('leave without a BUSY, whatever else was sent', () => {
    const answers = new BusyAnswers();
    answers.note(ack(1, 1));
    answers.note({ kind: 'cut', link: 1 });
    expect(answers.withholds(ack(1, 1))).toBe(false);
  });

  it('leave again once what waited has acted', () => {
    const answers = new BusyAnswers();
    answers.note(busy(1, 5));
    answers.clear();
    expect(answers.withholds(ack(1, 5))).toBe(false);
  });

  it('are read from a frame that lies in the middle of a larger buffer', () => {
    const answers = new BusyAnswers();
    const { frame } = busy(1, 5);
    const buffer = new Uint8Array(100 + frame.length);
    buffer.set(frame, 100);
    answers.note(send(1, buffer.subarray(100)));
    expect([4, 5].map((number) => answers.withholds(ack(1, number)))).toEqual([false, true]);
  });
});
