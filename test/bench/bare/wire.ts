// The least that can carry a message: length, type, a tag, octets. And a socket whose writes of one turn
// leave together.

import type { Socket } from 'node:net';

export const kind = {
  /** Who speaks: `producer`, `consumer`, `asker` or `upstream`. */
  hello: 1,
  message: 2,
  /** Durable up to this count. */
  ack: 3,
} as const;

export interface BareFrame {
  readonly type: number;
  readonly tag: number;
  readonly body: Buffer;
}

const headBytes = 9;

export function bareFrame(type: number, tag: number, body: Uint8Array = new Uint8Array()): Buffer {
  const octets = Buffer.allocUnsafe(headBytes + body.length);
  octets.writeUInt32BE(body.length, 0);
  octets.writeUInt8(type, 4);
  octets.writeUInt32BE(tag, 5);
  octets.set(body, headBytes);
  return octets;
}

export class BareLink {
  readonly #socket: Socket;
  #out: Uint8Array[] = [];
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, onFrame: (frame: BareFrame) => void) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.#cut(chunk, onFrame));
  }

  write(octets: Uint8Array): void {
    this.#out.push(octets);
    if (this.#out.length === 1) setImmediate(() => this.#flush());
  }

  end(): void {
    this.#socket.destroy();
  }

  #flush(): void {
    const out = this.#out;
    this.#out = [];
    this.#socket.write(Buffer.concat(out));
  }

  #cut(chunk: Buffer, onFrame: (frame: BareFrame) => void): void {
    const octets = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (octets.length - at >= headBytes) {
      const end = at + headBytes + octets.readUInt32BE(at);
      if (end > octets.length) break;
      const body = octets.subarray(at + headBytes, end);
      onFrame({ type: octets.readUInt8(at + 4), tag: octets.readUInt32BE(at + 5), body });
      at = end;
    }
    this.#rest = octets.subarray(at);
  }
}
