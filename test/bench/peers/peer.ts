// What one side of the comparison is: a server of its own, started for the bench, and clients that hand
// over messages and take them. Every side does the same: accept over TLS, make durable, acknowledge, give
// to another client over TLS.

/** Octets of a message. */
export const messageBytes = 300;
export const producersMax = 50;

export interface Peer {
  readonly name: string;
  /** What is durable when a sender hears that it is. */
  readonly durability: string;
  /** @throws Skip where it cannot run here */
  start(ground: Ground): Promise<Running>;
}

/** Where a side may live. */
export interface Ground {
  /** Its own, empty, and gone afterwards. */
  readonly folder: string;
  readonly tls: Pems;
}

export interface Pems {
  readonly ca: string;
  /** Files of the certificate and key of a server on 127.0.0.1. */
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
}

export interface Running {
  /** Processes of the server. */
  readonly pids: readonly number[];
  readonly version: string;
  /** Connected, and with a consumer that calls `delivered` for each message. */
  readonly producers: readonly Producer[];
  /** Called for every message that came to the consumer. */
  onDelivered: (count: number) => void;
  close(): Promise<void>;
}

export interface Producer {
  /** `done` when the server says that it is durable. */
  send(done: () => void): void;
}

/** It cannot run here, and why. */
export class Skip extends Error {}
