// The four functions of the switch that the simulation drives. Shipped as they are, or with one fault
// planted around them (faults.ts).

import type { StoredEntry } from '#journal/entry';
import type { Effect } from '#switch/effect';
import type { Event } from '#switch/event';
import { freeze, thaw } from '#switch/snapshot';
import type { State } from '#switch/state';
import { replay, step } from '#switch/step';

export interface Heart {
  readonly step: (state: State, event: Event) => readonly Effect[];
  readonly replay: (state: State, stored: StoredEntry) => void;
  readonly freeze: (state: State) => string;
  readonly thaw: (state: State, text: string) => boolean;
}

export const soundHeart: Heart = { step, replay, freeze, thaw };
