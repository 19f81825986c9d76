// What the doctor knows to look for. Each check is data: an id that never gets a second meaning, a name, what it
// looks at, and a pure judgement of the facts. What destroys something is described as a fix, never as a command.
// D014 (clock offset) and D022 (backup) are kept for parts that are not there yet.

import type { Facts } from './facts.ts';
import { diskChecks, fileChecks } from './files.ts';
import { switchChecks } from './switch.ts';

export type DoctorLevel = 'ok' | 'warn' | 'fail' | 'skip';

export interface Judgement {
  readonly level: DoctorLevel;
  readonly evidence: string;
  /** The next thing to do. */
  readonly fix?: string | undefined;
}

export interface DoctorCheck {
  readonly id: `D${number}`;
  readonly name: string;
  /** What it looks at. */
  readonly text: string;
  readonly judge: (facts: Facts) => Judgement;
}

/** In the order of their ids. */
export const doctorChecks: readonly DoctorCheck[] = [
  ...fileChecks,
  ...switchChecks,
  ...diskChecks,
].sort((a, b) => (a.id < b.id ? -1 : 1));
