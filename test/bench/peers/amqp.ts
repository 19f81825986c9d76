// As much of AMQP 0-9-1 as a comparison needs: one channel, publish with confirms, consume.

import type { Gathered } from './ground.ts';

type Method = readonly [number, number];

const method = {
  start: [10, 10],
  startOk: [10, 11],
  tune: [10, 30],
  tuneOk: [10, 31],
  open: [10, 40],
  openOk: [10, 41],
  close: [10, 50],
  channelOpen: [20, 10],
  channelOpenOk: [20, 11],
  channelClose: [20, 40],
  declare: [50, 10],
  declareOk: [50, 11],
  qos: [60, 10],
  qosOk: [60, 11],
  consume: [60, 20],
  consumeOk: [60, 21],
  publish: [60, 40],
  deliver: [60, 60],
  ack: [60, 80],
  select: [85, 10],
  selectOk: [85, 11],
} as const satisfies Readonly<Record<string, Method>>;

const frameEnd = 0xce;

export class Amqp {
  readonly #out: Gathered;
  readonly #close: () => void;
  #rest: Buffer = Buffer.alloc(0);
  #awaited: { readonly method: Method; readonly resolve: (body: Buffer) => void } | undefined;
  readonly #unconfirmed: (() => void)[] = [];
  #confirmed = 0;
  #delivered: (count: number) => void = () => undefined;
  #lastTag = 0n;
  #taken = 0;
  #ended = false;

  constructor(out: Gathered, close: () => void) {
    this.#out = out;
    this.#close = close;
  }

  async open(): Promise<void> {
    const started = this.#expect(method.start);
    this.#out.write(Buffer.from('AMQP\0\0\x09\x01', 'latin1'));
    await started;
    const login = [table(), short('PLAIN'), long('\0guest\0guest'), short('en_US')];
    const tune = await this.#ask(0, method.startOk, login, method.tune);
    // As it proposes, without heart-beats.
    const limits = Buffer.from(tune.subarray(4, 12));
    limits.writeUInt16BE(0, 6);
    this.#say(0, method.tuneOk, [limits]);
    await this.#ask(0, method.open, [short('/'), short(''), uint8(0)], method.openOk);
    await this.#ask(1, method.channelOpen, [short('')], method.channelOpenOk);
  }

  async declare(queue: string, type: string): Promise<void> {
    const durable = uint8(2);
    const parts = [uint16(0), short(queue), durable, table(['x-queue-type', type])];
    await this.#ask(1, method.declare, parts, method.declareOk);
  }

  async consume(
    queue: string,
    prefetch: number,
    delivered: (count: number) => void,
  ): Promise<void> {
    this.#delivered = delivered;
    const window = [uint32(0), uint16(prefetch), uint8(0)];
    await this.#ask(1, method.qos, window, method.qosOk);
    const parts = [uint16(0), short(queue), short(''), uint8(0), table()];
    await this.#ask(1, method.consume, parts, method.consumeOk);
  }

  async confirm(): Promise<void> {
    await this.#ask(1, method.select, [uint8(0)], method.selectOk);
  }

  publish(message: Buffer, confirmed: () => void): void {
    this.#unconfirmed.push(confirmed);
    this.#out.write(message);
  }

  end(): void {
    this.#ended = true;
    this.#close();
  }

  read(chunk: Buffer): void {
    const octets = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (octets.length - at >= 8) {
      const end = at + 7 + octets.readUInt32BE(at + 3);
      if (end + 1 > octets.length) break;
      // Headers and bodies of what is delivered only pass by: they came.
      if (octets.readUInt8(at) === 1) this.#take(octets.subarray(at + 7, end));
      at = end + 1;
    }
    this.#rest = octets.subarray(at);
    this.#acknowledge();
  }

  #take(body: Buffer): void {
    const [group, number] = [body.readUInt16BE(0), body.readUInt16BE(2)];
    const is = ([one, other]: Method): boolean => group === one && number === other;
    if (is(method.deliver)) {
      this.#lastTag = body.readBigUInt64BE(5 + body.readUInt8(4));
      this.#taken += 1;
    } else if (is(method.ack)) this.#confirmTo(Number(body.readBigUInt64BE(4)), body.readUInt8(12));
    else if (is(method.close) || is(method.channelClose)) {
      if (!this.#ended) throw new Error(`RabbitMQ: ${body.toString('latin1', 7)}`);
    } else if (this.#awaited !== undefined && is(this.#awaited.method)) {
      const { resolve } = this.#awaited;
      this.#awaited = undefined;
      resolve(body);
    }
  }

  /** Confirms of single messages may come in any order: what counts is how many. */
  #confirmTo(tag: number, multiple: number): void {
    const count = multiple === 0 ? 1 : tag - this.#confirmed;
    for (let left = count; left > 0; left -= 1) this.#unconfirmed.shift()?.();
    this.#confirmed += Math.max(0, count);
  }

  #acknowledge(): void {
    if (this.#taken === 0) return;
    const all = uint8(1);
    const tag = Buffer.alloc(8);
    tag.writeBigUInt64BE(this.#lastTag);
    this.#say(1, method.ack, [tag, all]);
    this.#delivered(this.#taken);
    this.#taken = 0;
  }

  #say(channel: number, which: Method, parts: readonly Uint8Array[]): void {
    this.#out.write(methodFrame(channel, which, parts));
  }

  #expect(which: Method): Promise<Buffer> {
    return new Promise((resolve) => (this.#awaited = { method: which, resolve }));
  }

  #ask(
    channel: number,
    which: Method,
    parts: readonly Uint8Array[],
    answer: Method,
  ): Promise<Buffer> {
    const answered = this.#expect(answer);
    this.#say(channel, which, parts);
    return answered;
  }
}

/** A persistent message to one queue: method, header, body. */
export function contentFrames(queue: string, body: Buffer): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(body.length));
  const persistent = [uint16(0x1000), uint8(2)];
  return Buffer.concat([
    methodFrame(1, method.publish, [uint16(0), short(''), short(queue), uint8(0)]),
    frame(2, 1, [uint16(60), uint16(0), size, ...persistent]),
    frame(3, 1, [body]),
  ]);
}

function methodFrame(channel: number, which: Method, parts: readonly Uint8Array[]): Buffer {
  return frame(1, channel, [uint16(which[0]), uint16(which[1]), ...parts]);
}

function frame(type: number, channel: number, parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint8(type), uint16(channel), uint32(body.length), body, uint8(frameEnd)]);
}

const uint8 = (value: number): Buffer => Buffer.of(value);

function uint16(value: number): Buffer {
  const octets = Buffer.alloc(2);
  octets.writeUInt16BE(value);
  return octets;
}

function uint32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return octets;
}

const short = (value: string): Buffer =>
  Buffer.concat([uint8(Buffer.byteLength(value)), Buffer.from(value)]);
const long = (value: string): Buffer =>
  Buffer.concat([uint32(Buffer.byteLength(value)), Buffer.from(value)]);

function table(...entries: readonly (readonly [name: string, value: string])[]): Buffer {
  const parts = entries.map(([name, value]) =>
    Buffer.concat([short(name), Buffer.from('S'), long(value)]),
  );
  const body = Buffer.concat(parts);
  return Buffer.concat([uint32(body.length), body]);
}
