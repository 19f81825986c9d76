// The whole switch, as a process, on what a power cut left: it starts, knows the session of a station that
// comes back and every number it had acknowledged to it, takes one more message, and ends in order.

import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { verifyJournal } from '#journal/verify';
import { writeImage } from './image.ts';
import { PlainStation } from './plain-station.ts';
import { configOf, diskOf, SwitchProcess } from './recorder.ts';
import type { Cut, Recording } from './recording.ts';
import { ownProgram } from './variant.ts';

/** What is wrong; nothing where all is well. */
export async function startWhole(recording: Recording, cut: Cut): Promise<readonly string[]> {
  const home = join(recording.home, `start-${cut.seed}`);
  mkdirSync(diskOf(home), { recursive: true });
  copyFileSync(configOf(recording.home), configOf(home));
  writeImage(cut.image, diskOf(home));
  const process_ = new SwitchProcess(home, { program: ownProgram });
  try {
    const port = await process_.ready();
    const wrong = await comeBack(port, known(recording, cut));
    const code = await process_.stop();
    if (code !== 0) wrong.push(`it ended with ${code}`);
    const verdict = verifyJournal(join(diskOf(home), 'data', 'journal'));
    if ('reason' in verdict) wrong.push(verdict.reason);
    return wrong;
  } finally {
    await process_.end();
  }
}

interface Known {
  /** Absent: no station had been welcomed when the power went. */
  readonly session?: string | undefined;
  readonly acknowledged: number;
}

/** The sender's session, and the highest number handled in it, of what may not be lost. */
function known({ stored }: Recording, cut: Cut): Known {
  const kept = stored.slice(0, cut.entries).map(({ entry }) => entry);
  const up = kept.findLast(
    (entry) =>
      entry.kind === 'event' && entry.event === 'link-up' && entry.station === senderStation,
  );
  const numbers = kept
    .filter(({ session }) => session !== undefined && session === up?.session)
    .filter(
      ({ kind, direction }) => (kind === 'received' || kind === 'refused') && direction === 'in',
    )
    .map(({ number = 0 }) => number);
  return { session: up?.session, acknowledged: Math.max(0, ...numbers) };
}

export const senderStation = 'POWER-01';

async function comeBack(port: number, { session, acknowledged }: Known): Promise<string[]> {
  if (session === undefined) return [];
  const bodies = new Map<number, Uint8Array>();
  const station = await PlainStation.dial({
    ...{ port, station: senderStation, role: 'terminal' },
    session: { id: session, sent: acknowledged, acknowledged, received: 0, bodies },
  });
  const wrong: string[] = [];
  if (station.session.id !== session) wrong.push('the session is lost');
  if (station.session.acknowledged < acknowledged)
    wrong.push(`${acknowledged} was acknowledged, it knows ${station.session.acknowledged}`);
  // Taken, or refused where the sign-on is over: either way with a new entry behind the old ones.
  await station.send('QZ01', 'AGAIN.AM.CA0990100.QZ02.TXT');
  await station.leave();
  return wrong;
}
