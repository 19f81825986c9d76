// Chunks in, whole frames out, one at a time, so that the rules may change between two frames.
// It promises the same frames however the octets are split, to copy each body once, and to hold
// never more than one header and one body of the allowed length beyond the chunks not yet read.
// It fails by value at the first bad header, and from then on takes nothing.

import { frameHeaderBytes, parseFrameHeader } from './frame.ts';
import type { Frame, FrameHeader, FrameReject, FrameRules } from './frame.ts';
import { fail, ok } from './result.ts';
import type { Result } from './result.ts';

export class Framer {
  /** What may come; may be set between two calls of `next`. Judged when a header is whole. */
  rules: FrameRules;
  #failed = false;
  /** Pushed and not read yet; `#at` is where to go on in the first. */
  readonly #chunks: Uint8Array[] = [];
  #at = 0;
  #unread = 0;
  /** The frame that is under way. */
  readonly #head = new Uint8Array(frameHeaderBytes);
  #headFill = 0;
  #header: FrameHeader | undefined;
  #body = new Uint8Array(0);
  #bodyFill = 0;

  constructor(rules: FrameRules) {
    this.rules = rules;
  }

  /** True after a reject: the stream cannot be read any further. */
  get failed(): boolean {
    return this.#failed;
  }

  /** True while a frame has begun and is not complete, once `next` has said undefined. */
  get midFrame(): boolean {
    return this.#headFill > 0;
  }

  /** Octets held: of the frame under way, and of chunks not yet read. */
  get pendingBytes(): number {
    return this.#headFill + this.#bodyFill + this.#unread;
  }

  /** Takes a chunk, which must not change until `next` has said undefined. */
  push(chunk: Uint8Array): void {
    if (this.#failed || chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#unread += chunk.length;
  }

  /**
   * The next frame, the reject that ends the stream, or undefined: more octets are needed.
   * After a reject always undefined.
   */
  next(): Result<Frame, FrameReject> | undefined {
    if (this.#header === undefined) {
      this.#headFill = this.#take(this.#head, this.#headFill);
      if (this.#headFill < frameHeaderBytes) return undefined;
      const header = parseFrameHeader(this.#head, this.rules);
      if (!header.ok) return this.#fail({ ...header.error, octets: this.#head.slice() });
      this.#header = header.value;
      this.#body = new Uint8Array(header.value.length);
    }
    this.#bodyFill = this.#take(this.#body, this.#bodyFill);
    if (this.#bodyFill < this.#body.length) return undefined;
    return ok(this.#finish(this.#header));
  }

  /** Moves octets of the chunks into `target` from `fill` on; how far it is filled then. */
  #take(target: Uint8Array, fill: number): number {
    let filled = fill;
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      const count = Math.min(target.length - filled, chunk.length - this.#at);
      target.set(chunk.subarray(this.#at, this.#at + count), filled);
      filled += count;
      this.#at += count;
      this.#unread -= count;
      if (this.#at < chunk.length) break;
      this.#chunks.shift();
      this.#at = 0;
    }
    return filled;
  }

  #finish(header: FrameHeader): Frame {
    const { type, flags, class: messageClass, number, mnemonic } = header;
    const frame = { type, flags, class: messageClass, number, mnemonic, body: this.#body };
    this.#forget();
    return frame;
  }

  #fail(reject: FrameReject): Result<never, FrameReject> {
    this.#failed = true;
    this.#chunks.length = 0;
    this.#at = 0;
    this.#unread = 0;
    this.#forget();
    return fail(reject);
  }

  #forget(): void {
    this.#headFill = 0;
    this.#header = undefined;
    this.#body = new Uint8Array(0);
    this.#bodyFill = 0;
  }
}
