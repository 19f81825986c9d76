// The keys of a person at a real terminal: one reader for lines and for questions, because two would
// both hear a password. What is typed as a secret is neither shown nor kept for the arrow keys.

import { clearLine, createInterface, cursorTo } from 'node:readline';
import type { Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { SimFault } from './fault.ts';

export class Keyboard {
  /** Every line that answers no question. */
  readonly lines: Interface;
  readonly #curtain = new Curtain();
  #secret: string | undefined;

  constructor() {
    this.lines = createInterface({
      input: process.stdin,
      output: this.#curtain,
      terminal: true,
      prompt: '> ',
    });
    this.lines.on('history', (history) => {
      if (this.#secret !== undefined) history.shift();
    });
  }

  /** Shows what is asked or the prompt, and what is typed so far. */
  prompt(): void {
    if (this.#secret === undefined) this.lines.prompt(true);
    else process.stdout.write(this.#secret);
  }

  /** @throws SimFault SIM-USAGE where the input ends instead. */
  ask(question: string): Promise<string> {
    // What was half typed is no part of the answer.
    this.lines.write(null, { ctrl: true, name: 'e' });
    this.lines.write(null, { ctrl: true, name: 'u' });
    return new Promise((resolve, reject) => {
      const ended = (): void =>
        reject(new SimFault('SIM-USAGE', 'the input ended before the answer'));
      this.lines.once('close', ended);
      this.lines.question(question, (answer) => {
        this.lines.off('close', ended);
        resolve(answer);
      });
    });
  }

  /** The same; the answer is not shown. */
  async askSecret(question: string): Promise<string> {
    this.#secret = question;
    this.#curtain.drawn = true;
    this.#clear();
    process.stdout.write(question);
    try {
      return await this.ask('');
    } finally {
      this.#secret = undefined;
      this.#curtain.drawn = false;
      process.stdout.write('\n');
    }
  }

  close(): void {
    this.#clear();
    this.#curtain.drawn = true;
    this.lines.close();
  }

  #clear(): void {
    clearLine(process.stdout, 0);
    cursorTo(process.stdout, 0);
  }
}

/** Between the reader, which shows every key, and the screen. */
class Curtain extends Writable {
  drawn = false;

  get columns(): number {
    return process.stdout.columns;
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    if (!this.drawn) process.stdout.write(chunk);
    done();
  }
}
