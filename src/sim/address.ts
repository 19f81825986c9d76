// HOST:PORT on a command line; an IPv6 address stands in square brackets.

import { SimFault } from './fault.ts';

/** @throws SimFault SIM-USAGE */
export function parseAddress(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535)
    throw new SimFault('SIM-USAGE', `${text} is not an address; write HOST:PORT`);
  return { host, port };
}
