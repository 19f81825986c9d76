// A load harms whoever did not ask for it: without a word to the contrary it goes to this computer alone.

import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { SimFault } from '../fault.ts';

/**
 * The address to dial for a name, and for an address itself; every one of this computer.
 *
 * @throws SimFault SIM-NOT-OURS where it is another's, SIM-UNREACHABLE where the name is not known
 */
export async function ownAddress(host: string): Promise<string> {
  const addresses = isIP(host) === 0 ? await addressesOf(host) : [host];
  const strange = addresses.find((address) => !isLoopback(address));
  const [first] = addresses;
  if (strange === undefined && first !== undefined) return first;
  throw new SimFault(
    'SIM-NOT-OURS',
    `${host} is not this computer; a load may stop a switch that people depend on. ` +
      'Where that is yours to decide, say --i-own-this-network',
  );
}

function isLoopback(address: string): boolean {
  return loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (cause) {
    throw new SimFault('SIM-UNREACHABLE', `the name ${host} is not known`, cause);
  }
}
