// The county of the simulation: its stations, pools and people, and the two upstreams behind it. Small, so
// that everybody meets everybody.

import type { RegisterChange } from '#journal/register';
import type { SwitchSettings } from '#switch/settings';
import { county as basics, minute, person, settings, sheriff } from '../switch/county.ts';

export interface Place {
  readonly station: string;
  readonly role: 'terminal' | 'host' | 'printer';
  /** Of a host: the OIF and TAF it puts on. */
  readonly oif?: string;
  readonly taf?: string;
  readonly pools: readonly string[];
  /** Who sits here when all is quiet. */
  readonly home?: string;
  /** Of its agency; the sheriff's where it is left out. */
  readonly ori?: string;
}

const borrowed = ['MDT', 'SHARE', 'LONE'];

export const places: readonly Place[] = [
  { station: 'DISP1', role: 'terminal', pools: [], home: 'jdoe' },
  { station: 'DISP2', role: 'terminal', pools: [], home: 'mroe' },
  { station: 'DISP3', role: 'terminal', pools: [], home: 'poe', ori: 'CA0990200' },
  { station: 'NIGHT', role: 'terminal', pools: [], home: 'zoe' },
  { station: 'MDT1', role: 'terminal', pools: borrowed, home: 'kim' },
  { station: 'MDT2', role: 'terminal', pools: borrowed, home: 'lee' },
  { station: 'MDT3', role: 'terminal', pools: ['SHARE', 'MDT'], home: 'max' },
  { station: 'CAD1', role: 'host', oif: 'J10442', taf: '223BC8', pools: [] },
  { station: 'PRT1', role: 'printer', pools: [] },
  { station: 'PRT2', role: 'printer', pools: [] },
];

export const people = ['jdoe', 'mroe', 'poe', 'zoe', 'kim', 'lee', 'max'] as const;
/** The mnemonics that a text is addressed to; the last ones are of pools. */
export const addressed = ['QZ01', 'QZ02', 'QZ03', 'QC01', 'QP01', 'QU01', 'QM01', 'QL01', 'QS01'];
/** Of a pool without a destination: nothing unsolicited for them may reach a station. */
export const undelivered: readonly string[] = ['QL01', 'QS01'];
/** Of a pool with one, and where it goes. */
export const poolDestination = 'QP01';

export const county: readonly RegisterChange[] = [
  ...basics,
  ...[
    ['kim', 'K50505'],
    ['lee', 'L60606'],
    ['max', 'M70707'],
  ].map(([name = '', oif = '']) => person(name, oif)),
];

export function settingsOf(more: Partial<SwitchSettings>): SwitchSettings {
  return {
    ...settings,
    ori: sheriff,
    window: 4,
    answerWaitMs: 3 * minute,
    resumeSignOnMs: minute,
    signOnIdleMs: 4 * minute,
    upstreams: upstreamsOf('STATE'),
    ...more,
  };
}

/** Two upstreams, of which one takes the requests. */
export function upstreamsOf(taking: 'STATE' | 'OTHER'): SwitchSettings['upstreams'] {
  return (['STATE', 'OTHER'] as const).map((name) => ({
    name,
    station: 'COUNTY099',
    routes: name === taking ? ['state'] : [],
  }));
}

export type Kind = 'inquiry' | 'urgent' | 'routine' | 'text' | 'bad';

export function textOf(kind: Kind, { to, ori }: { to: string; ori: string }): string {
  switch (kind) {
    case 'inquiry':
      return `QV.${ori}.LIC/2ZZZ999.LIS/CA`;
    case 'urgent':
      return `YQ.${ori}.NV.TXT\r\nPRI/U`;
    case 'routine':
      return `YQ.${ori}.${to}.TXT\r\nPRI/R`;
    case 'text':
      return `AM.${ori}.${to}.TXT\r\nHI`;
    case 'bad':
      return `QQQQQ.${ori}.X/1`;
  }
}
