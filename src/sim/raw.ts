// A line for those who want to do it wrong: TLS, whole frames in, any octets out. Nothing is answered,
// counted or checked but the frame header. For hostile tests of a switch.

import type { Frame } from '#protocol/frame';
import { Framer } from '#protocol/framer';
import { SimFault } from './fault.ts';
import { dial } from './dial.ts';
import type { StationAddress } from './dial.ts';

export interface RawLink {
  readonly socket: ReturnType<typeof dial>;
  write(octets: Uint8Array): void;
  /** The next frame, in order; undefined once the stream is over. Every frame is given once. */
  next(): Promise<Frame | undefined>;
  /** Cuts the line. */
  end(): void;
}

/** @throws SimFault SIM-UNREACHABLE */
export function connectRaw(address: StationAddress): Promise<RawLink> {
  const socket = dial(address);
  const frames: Frame[] = [];
  const waiting: ((frame: Frame | undefined) => void)[] = [];
  const framer = new Framer({ from: 'switch', bodyBytesMax: bytesMax, allowed: everyFrame });
  let over = false;
  socket.on('data', (chunk) => {
    // Without setEncoding a socket gives octets.
    framer.push(chunk as Uint8Array);
    for (let next = framer.next(); next?.ok === true; next = framer.next()) {
      const taker = waiting.shift();
      if (taker === undefined) frames.push(next.value);
      else taker(next.value);
    }
  });
  socket.on('close', () => {
    over = true;
    for (const taker of waiting.splice(0)) taker(undefined);
  });
  const link: RawLink = {
    socket,
    write: (octets) => socket.write(octets),
    next: () =>
      new Promise((resolve) => {
        if (frames.length > 0 || over) resolve(frames.shift());
        else waiting.push(resolve);
      }),
    end: () => socket.destroy(),
  };
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', () => resolve(link));
    socket.on('error', (cause) =>
      reject(new SimFault('SIM-UNREACHABLE', `the line failed: ${cause.message}`, cause)),
    );
  });
}

/** The highest `frameBytesMax` there is (link F3). */
const bytesMax = 1_048_576;

const everyFrame: ReadonlySet<Frame['type']> = new Set<Frame['type']>([
  ...(['HELLO', 'WELCOME', 'SIGN_ON', 'SIGNED_ON', 'SIGN_OFF', 'MESSAGE', 'ACK'] as const),
  ...(['REFUSED', 'BUSY', 'PING', 'PONG', 'STATUS', 'CLOSE'] as const),
]);
