// The notices of ncic 8: what makes each, and to whom it goes.

import { expect, it } from 'vitest';
import { entry } from './entries.ts';
import { nicIn, openRoom, tables } from './room.ts';

const notices = (texts: readonly string[], key: string, ori: string): number =>
  texts.filter((text) => text.startsWith(`${key}\r\n${ori}\r\n\r\n`)).length;

it('8 $.L.: locate placed on your record', () => {
  const room = openRoom();
  room.ask(entry('EV'));
  room.ask('LV.CA0990100.LIC/7SIM042.OCA/30-004417.20300305.CA30-0091');
  expect(room.notices).toEqual([
    [
      '$.L.',
      'NV0990200',
      '',
      'LOCATE NOTICE',
      'MKE/STOLEN VEHICLE',
      'LIC/7SIM042 OCA/30-004417 NIC/V500000005',
      'LOCATED BY CA0990100 20300305 RCA/CA30-0091',
      'TESTBURG PD CA 916 555-0188',
      '',
    ].join('\r\n'),
  ]);
});

it('8 $.H.: an entry that an inquiry of the last five days would have found', () => {
  const room = openRoom();
  room.ask('QV.CA0990100.LIC/7SIM042.LIS/NV');
  room.turn(4);
  room.ask(entry('EV'));
  expect(notices(room.notices, '$.H.', 'CA0990100')).toBe(1);
  expect(notices(room.notices, '$.H.', 'NV0990200')).toBe(1);
  expect(room.notices.join()).toContain(
    'YOUR INQUIRY 20300307 1500 EST QV LIC/7SIM042 LIS/NV HDR/SIM000001',
  );
});

it.each([
  ['after the window', 'QV.CA0990100.LIC/7SIM042', 6],
  ['an administrative inquiry', 'ZV.CA0990100.LIC/7SIM042', 0],
  ['another plate', 'QV.CA0990100.LIC/7SIM043', 0],
  ['a plate of another state', 'QV.CA0990100.LIC/7SIM042.LIS/OR', 0],
  ['a file without it', 'QB.CA0990100.BHN/7SIM042', 0],
] as const)('8 $.H.: not for %s', (_, question, days) => {
  const room = openRoom();
  room.ask(question);
  room.turn(days);
  room.ask(entry('EV'));
  expect(room.notices.filter((text) => text.startsWith('$.H.'))).toEqual([]);
});

it('8 $.H.: a change too, and not to who was answered before it', () => {
  const room = openRoom();
  const nic = nicIn(room.ask(entry('EV')));
  room.ask('QV.CA0990100.LIC/7SIM042');
  room.ask('QV.OR0990300.LIC/9NEW001');
  room.ask(`MV.NV0990200.NIC/${nic}.OCA/30-004417.VCO/BLK`);
  expect(room.notices).toEqual([]);
  room.ask(`MV.NV0990200.NIC/${nic}.OCA/30-004417.LIC/9NEW001`);
  expect(notices(room.notices, '$.H.', 'OR0990300')).toBe(1);
  expect(notices(room.notices, '$.H.', 'CA0990100')).toBe(0);
});

it('8 $.K.: key information still missing 30 days after entry, once', () => {
  const room = openRoom();
  room.ask(entry('EMO'));
  expect(notices(room.turn(29), '$.K.', 'NV0990200')).toBe(0);
  expect(notices(room.turn(1), '$.K.', 'NV0990200')).toBe(1);
  expect(notices(room.turn(60), '$.K.', 'NV0990200')).toBe(0);
});

it.each([
  ['plate of another state', entry('EV', { LIS: 'OR' }), 'OR0990000'],
  ['plate of the own state', entry('EV', { LIS: 'NV' }), undefined],
  ['boat of another state', entry('EB', { RES: 'CA' }), 'CA0990000'],
] as const)('8 $.8.: %s', (_, text, ori) => {
  const room = openRoom();
  room.ask(text);
  expect(room.notices.filter((each) => each.startsWith('$.8.'))).toHaveLength(
    ori === undefined ? 0 : 1,
  );
  if (ori !== undefined) expect(notices(room.notices, '$.8.', ori)).toBe(1);
});

it('8 $.8.: to the control terminal that the settings name', () => {
  const room = openRoom({ settings: { stateControl: { OR: 'OR0990001' } } });
  room.ask(entry('EV', { LIS: 'OR' }));
  expect(notices(room.notices, '$.8.', 'OR0990001')).toBe(1);
});

it('8 $.P.: with $.M., the daily comparison of missing and unidentified', () => {
  const room = openRoom();
  room.ask(entry('EMO'));
  room.turn(2);
  room.ask(entry('EUD', { EYB: '1991' }, { ori: 'OR0990300' }));
  const said = room.turn(1);
  expect(notices(said, '$.P.', 'OR0990300')).toBe(1);
  expect(notices(said, '$.M.', 'NV0990200')).toBe(1);
});

it('8 hit notice for NOA/Y: by whom, and not for an administrative inquiry', () => {
  const room = openRoom();
  room.ask(entry('EV', { NOA: 'Y' }));
  room.ask('QV.CA0990100.LIC/7SIM042');
  expect(notices(room.notices, '$.N.', 'NV0990200')).toBe(1);
  expect(room.notices[0]).toContain('HIT BY CA0990100 QV');
  room.ask('ZV.CA0990100.LIC/7SIM042');
  expect(room.notices).toEqual([]);
});

it('5.5 auto link: the other owner is told', () => {
  const room = openRoom();
  room.ask(entry('ERG', { SER: 'SIM77A4431' }, { ori: 'CA0990100' }));
  room.ask(entry('EG'));
  expect(notices(room.notices, '$.M.', 'CA0990100')).toBe(1);
});

it('8 purge list: one to each agency', () => {
  const room = openRoom();
  room.ask(entry('EF'));
  room.ask(entry('EFG', {}, { ori: 'CA0990100' }));
  const said = room.turn(100);
  expect([notices(said, '$.R.', 'NV0990200'), notices(said, '$.R.', 'CA0990100')]).toEqual([1, 1]);
});

it('8 $. key: a letter or a digit between two periods, the agency below it', () => {
  for (const key of tables.notices.keys.values()) expect(key).toMatch(/^\$\.[A-Z0-9]\.$/);
  const room = openRoom();
  room.ask('QV.CA0990100.LIC/7SIM042');
  room.ask(entry('EV', { LIS: 'OR', NOA: 'Y' }));
  const said = [...room.notices];
  room.ask('QV.CA0990100.LIC/7SIM042');
  said.push(...room.notices);
  room.ask('LV.CA0990100.LIC/7SIM042.OCA/30-004417.DOR/20300307');
  said.push(...room.notices, ...room.turn(30));
  expect(said.map((text) => text.slice(0, 4)).toSorted()).toEqual(
    ['$.8.', '$.H.', '$.H.', '$.L.', '$.N.', '$.R.'].toSorted(),
  );
  for (const text of said) expect(text).toMatch(/^\$\.[A-Z0-9]\.\r\n[A-Z0-9]{9}\r\n\r\n./);
});

it('8 $.E.: the record is cancelled, and its owner is told which', () => {
  const room = openRoom();
  const nic = nicIn(room.ask(entry('EB')));
  const said = room.host.seriousError(nic, room.atMs);
  expect(notices([said?.text ?? ''], '$.E.', 'NV0990200')).toBe(1);
  expect(said?.text).toContain(`NIC/${nic} `);
  expect(room.ask('QB.CA0990100.BHN/ZZZ10000A30')[0]).toMatch(/^NO RECORD/);
});

it('8 $.F.: what was not validated is purged, and its owner is told once', () => {
  const room = openRoom({ validation: true });
  room.ask(entry('EG'));
  expect(notices(room.turn(120), '$.F.', 'NV0990200')).toBe(0);
  expect(notices(room.turn(1), '$.F.', 'NV0990200')).toBe(1);
  expect(notices(room.turn(400), '$.F.', 'NV0990200')).toBe(0);
  expect(room.ask('QG.CA0990100.SER/SIM77A4431')[0]).toMatch(/^NO RECORD/);
});

it.each([
  ['vehicle', 'QV.CA0990100.LIC/7SIM042', entry('EV'), 1],
  ['plate', 'QV.CA0990100.LIC/3SIM111', entry('EL'), 1],
  ['wanted', 'QW.CA0990100.SOC/000990042', entry('EW'), 1],
  ['missing', 'QM.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19910307', entry('EMO'), 1],
  ['gun', 'QG.CA0990100.SER/SIM77A4431', entry('EG'), 0],
  ['article', 'QA.CA0990100.TYP/DCOMPUT.SER/ZZA1001', entry('EA'), 0],
] as const)('8 delayed inquiry window: five days, file %s', (_, question, text, told) => {
  for (const [minutes, expected] of [
    [5 * 1440 - 1, told],
    [5 * 1440 + 1, 0],
  ] as const) {
    const room = openRoom();
    room.ask(question);
    room.atMs += minutes * 60_000;
    room.ask(text);
    expect(notices(room.notices, '$.H.', 'CA0990100')).toBe(expected);
  }
});

it('8 invented layouts: the delayed hit, line by line', () => {
  const room = openRoom();
  room.ask('QV.CA0990100.LIC/7SIM042.LIS/CA');
  room.turn(1);
  const nic = nicIn(room.ask(entry('EV', { LIS: 'CA' }, { ori: 'CA0990200' })));
  expect(room.notices[0]?.split('\r\n')).toEqual([
    '$.H.',
    'CA0990100',
    '',
    'DELAYED INQUIRY HIT NOTICE',
    'YOUR INQUIRY 20300307 1500 EST QV LIC/7SIM042 LIS/CA HDR/SIM000001',
    'MATCHES A RECORD ENTERED 20300308 1500 EST',
    ...room.ask(`QV.CA0990100.NIC/${nic}`),
    '',
  ]);
});
