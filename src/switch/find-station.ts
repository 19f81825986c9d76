// Which station an operator means: by its name, or by a mnemonic it serves or has borrowed now.
// A MESSAGE to a mnemonic goes to its terminal or host, and that one is meant; a printer beside it is
// called by its station's name (link M9).

import type { StationRecord } from '#journal/register';
import { parseMnemonic, parseStationName } from '#protocol/ids';
import type { State } from './state.ts';

export function findStation({ ledger }: State, word: string): StationRecord | undefined {
  const { register, directory, signOns } = ledger;
  const name = parseStationName(word);
  const named = name === undefined ? undefined : register.station.get(name);
  const mnemonic = parseMnemonic(word);
  if (named !== undefined || mnemonic === undefined) return named;
  const own = directory.stationOf.get(mnemonic) ?? directory.printersOf.get(mnemonic)?.[0];
  if (own !== undefined) return own;
  // Of a shared pool several may hold it: then nobody in particular is meant.
  const [holder, another] = [...signOns.values()].filter((held) => held.mnemonic === mnemonic);
  return holder === undefined || another !== undefined
    ? undefined
    : register.station.get(holder.station);
}
