// How a station reaches its switch (link T1 to T5): where, with which certificate, under which name.

import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { tlsProfile } from './tls-profile.ts';
import type { Credentials } from './tls-profile.ts';

export interface StationAddress extends Credentials {
  readonly host: string;
  readonly port: number;
  /** The name the switch's certificate must carry, where it is not `host`. */
  readonly serverName?: string | undefined;
  /** The own address to dial from, on a machine with several; the system chooses without it. */
  readonly localAddress?: string | undefined;
}

/** The TLS socket of a station; TLS itself checks the switch's chain, usage and name (link T4). */
export function dial(address: StationAddress): TLSSocket {
  const { host, port, ca, cert, key, serverName, localAddress } = address;
  const servername = serverName ?? (isIP(host) === 0 ? host : undefined);
  return connect({
    ...tlsProfile,
    ...{ host, port, ca, cert, key },
    ...(servername === undefined ? {} : { servername }),
    ...(localAddress === undefined ? {} : { localAddress }),
  });
}
