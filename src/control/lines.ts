// JSON lines over the control socket, for both ends. Bounded each way: a line has a limit, few lines wait
// to be read, and a writer waits for a reader, but not for ever. Never throws for what the peer sends.

import type { Socket } from 'node:net';
import { fail, ok, type Result } from '#protocol/result';

/** Why no further line comes. */
export type LineEnd = 'closed' | 'late' | 'too-long';

const newline = 0x0a;
/** Lines read ahead of whoever takes them. */
const waitingMax = 4;

/** Octets in, whole lines out. Nothing is kept of a line over the limit. */
export class LineSplitter {
  readonly #limit: number;
  #pieces: Uint8Array[] = [];
  #held = 0;

  /** @param limit Octets of one line, without its end. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Lines that the chunk completes, in order, or `too-long`: then the stream is beyond use. */
  push(chunk: Uint8Array): readonly string[] | 'too-long' {
    const lines: string[] = [];
    let rest = chunk;
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      if (this.#held + end > this.#limit) return 'too-long';
      lines.push(Buffer.concat([...this.#pieces, rest.subarray(0, end)]).toString('utf8'));
      this.#pieces = [];
      this.#held = 0;
      rest = rest.subarray(end + 1);
    }
    this.#held += rest.length;
    if (this.#held > this.#limit) return 'too-long';
    if (rest.length > 0) this.#pieces.push(rest);
    return lines;
  }
}

/** The lines of one socket. It reads on while nobody asks, so that a peer that goes away is noticed. */
export class SocketLines {
  readonly #socket: Socket;
  readonly #waiting: string[] = [];
  #end: LineEnd | undefined;
  #wake: () => void = () => undefined;

  constructor(socket: Socket, lineBytesMax: number) {
    this.#socket = socket;
    const splitter = new LineSplitter(lineBytesMax);
    socket.on('data', (chunk: Buffer) => {
      // Beyond use, but still read: closing over unread octets would lose our last line to the peer.
      if (this.#end !== undefined) return;
      const lines = splitter.push(chunk);
      if (lines === 'too-long') {
        this.#stop('too-long');
        return;
      }
      this.#waiting.push(...lines);
      if (this.#waiting.length >= waitingMax) socket.pause();
      if (lines.length > 0) this.#wake();
    });
    // What became of it is told by `close`, which follows.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#stop('closed'));
  }

  /** The next line, or why there is none. `late`: none within the time; a later call may have one. */
  async next(withinMs: number): Promise<Result<string, LineEnd>> {
    if (this.#waiting.length === 0 && this.#end === undefined) await this.#arrival(withinMs);
    const line = this.#waiting.shift();
    if (line === undefined) return fail(this.#end ?? 'late');
    if (this.#waiting.length < waitingMax && this.#end === undefined) this.#socket.resume();
    return ok(line);
  }

  #arrival(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #stop(why: LineEnd): void {
    this.#end ??= why;
    this.#wake();
  }
}

/** Writes a line and waits until more can be taken. A peer that takes nothing for so long is cut off. */
export async function sendLine(socket: Socket, json: string, stallMs: number): Promise<void> {
  if (socket.destroyed || socket.write(`${json}\n`)) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.destroy(), stallMs);
    const done = (): void => {
      clearTimeout(timer);
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}

/** A JSON value, or undefined for what is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The error would quote the text, which may hold a password.
    return undefined;
  }
}
