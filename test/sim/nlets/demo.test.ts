// The stolen vehicle of the contract: its owner in another state is asked, and confirms.

import { expect, it } from 'vitest';
import { asker, network } from './network.ts';

const request = [
  `YQ.${asker}.NV0990200.*HC00000019.TXT`,
  'RTY/SV.RNO/1.PRI/U.OCA/30-004400.NIC/V400120037.',
  'LIC/2ZZZ999.',
  'RNA/D OKAPI.RAG/TESTBURG PD.PHO/9165550188.REM/DRIVER DETAINED',
].join('\r\n');

it('the owner of 2ZZZ999 confirms within seconds, with the fields of the request', () => {
  const net = network();
  expect(net.send(request)).toEqual([]);
  const [answer, ...others] = net.turn(10_000);
  expect(others).toEqual([]);
  expect(answer).toMatchObject({
    key: 'YR',
    sender: 'NV0990200',
    destination: asker,
    control: 'HC00000019',
    final: true,
  });
  expect(answer?.text).toBe(
    [
      'RTY/SV.CON/Y.OCA/30-004400.NIC/V400120037.',
      'LIC/2ZZZ999.',
      'CNA/P LEMUR.CAG/SIMVILLE PD.PHO/7755550142.REM/TOW AND HOLD',
    ].join('\r\n'),
  );
  // Answered: nobody is warned ten minutes later.
  expect(net.turn(3_600_000)).toEqual([]);
  expect(net.host.counters()).toMatchObject({ openConfirmations: 0, refusedPlayed: 0, planned: 0 });
});
