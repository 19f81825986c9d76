// A recording as it lies in its home, read whole: what happened, what was promised, and where the power
// may be cut. Promises the same cut for the same seed. Fails where the disk that the calls give is not
// the disk that is there: then something was written that nobody saw.

import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { decodeEntry } from '#journal/codec';
import type { StoredEntry } from '#journal/entry';
import { openShelf } from '#journal/sqlite/shelf';
import { Disk } from './disk.ts';
import { cutPower, diceOf, viewNow } from './image.ts';
import type { Dice, Image } from './image.ts';
import { promisesOf } from './promises.ts';
import type { Promised } from './promises.ts';
import { diskOf } from './recorder.ts';
import { parseTrace } from './trace.ts';
import type { Edge } from './trace.ts';

export interface Recording {
  readonly home: string;
  readonly edges: readonly Edge[];
  /** Places of the first edge of each life, and the end. */
  readonly lives: readonly number[];
  readonly promised: readonly Promised[];
  /** Every entry in the end; its place is its number less one. */
  readonly stored: readonly StoredEntry[];
  readonly leaves: readonly Buffer[];
}

/** One power cut: before the edge at `at`, which and all after it never were. */
export interface Cut {
  readonly seed: number;
  readonly at: number;
  /** Entries that may not be lost. */
  readonly entries: number;
  /** The entry of the snapshot that may not be lost: that of the last end in order. */
  readonly snapshot: number;
  readonly image: Image;
}

export function readRecording(home: string): Recording {
  const edges: Edge[] = [];
  const lives = [0];
  for (let life = 0; existsSync(traceOf(home, life)); life += 1) {
    for (const edge of parseTrace(readFileSync(traceOf(home, life), 'latin1'))) edges.push(edge);
    lives.push(edges.length);
  }
  const { stored, leaves } = readEntries(home);
  return { home, edges, lives, promised: promisesOf(edges, stored), stored, leaves };
}

/** Cuts the power once for each seed; in the order of the recording, not of the seeds. */
export function* cuts(recording: Recording, seeds: readonly number[]): Generator<Cut> {
  const { edges, lives, home } = recording;
  const planned = seeds
    .map((seed) => {
      const dice = diceOf(seed);
      return { seed, dice, at: placeOf(recording, dice) };
    })
    .sort((a, b) => a.at - b.at || a.seed - b.seed);
  const disk = new Disk(diskOf(home));
  let done = 0;
  for (const { seed, dice, at } of planned) {
    done = runTo(disk, recording, { from: done, to: at });
    const entries = Math.max(
      0,
      ...recording.promised.filter((each) => each.at < at).map(({ entry }) => entry),
    );
    const ended = lives.findLast((end) => end > 0 && end <= at) ?? 0;
    const snapshot = ended === 0 ? 0 : lastEntryOf(edges, recording, ended);
    const image = cutPower(disk.root, dice);
    yield { seed, at, entries: Math.max(entries, snapshot), snapshot, image };
  }
}

/** Files of the disk that are not what the calls made of them. */
export function unseen({ home, ...recording }: Recording): readonly string[] {
  const disk = new Disk(diskOf(home));
  runTo(disk, { home, ...recording }, { from: 0, to: recording.edges.length });
  const image = viewNow(disk.root);
  const there = readdirSync(diskOf(home), { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(diskOf(home), path)).isFile())
    .filter((path) => !path.endsWith('-shm'));
  const named = [...image.keys()].filter((path) => !path.endsWith('/'));
  return [...new Set([...there, ...named])].filter((path) => {
    const octets = image.get(path);
    return (
      octets === undefined ||
      !there.includes(path) ||
      Buffer.compare(octets, readFileSync(join(diskOf(home), path))) !== 0
    );
  });
}

const traceOf = (home: string, life: number): string => join(home, `trace.${life}`);

function runTo(
  disk: Disk,
  { edges, lives }: Recording,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  for (let at = from; at < to; at += 1) {
    const edge = edges[at];
    if (lives.includes(at)) disk.nextLife();
    if (edge !== undefined) disk.step(edge);
  }
  return Math.max(from, to);
}

/** Anywhere; or just after something was promised; or about where a name changed or a life ended. */
function placeOf({ edges, promised, lives }: Recording, dice: Dice): number {
  const last = edges.length;
  const near = (places: readonly number[], before: number, after: number): number => {
    const place = places[dice(Math.max(1, places.length))] ?? 0;
    return Math.min(last, Math.max(0, place - before + dice(before + after)));
  };
  switch (dice(5)) {
    case 0:
    case 1:
      return near(
        promised.map(({ at }) => at + 1),
        0,
        3,
      );
    case 2:
      return near(namingOf(edges), 3, 8);
    case 3:
      return near(lives, 0, 40);
    default:
      return dice(last + 1);
  }
}

const namings = new WeakMap<readonly Edge[], readonly number[]>();

/** Where names of the disk change: renames above all, and what is made and taken away. */
function namingOf(edges: readonly Edge[]): readonly number[] {
  const known = namings.get(edges);
  if (known !== undefined) return known;
  const found = [...edges.entries()]
    .filter(([, { call }]) => ['rename', 'unlink', 'mkdir'].includes(call.kind))
    .map(([at]) => at);
  namings.set(edges, found);
  return found;
}

/** What a life wrote last before its end. */
function lastEntryOf(
  edges: readonly Edge[],
  { promised, stored }: Recording,
  ended: number,
): number {
  const before = Math.max(0, ...promised.filter(({ at }) => at < ended).map(({ entry }) => entry));
  const stop = stored.find(
    ({ entry }) => entry.entry > before && entry.kind === 'event' && entry.event === 'stop',
  );
  if (stop === undefined) throw new Error(`no end in order before ${ended} of ${edges.length}`);
  return stop.entry.entry;
}

/** From a copy: to look at a file, SQLite makes others beside it. */
function readEntries(home: string): Pick<Recording, 'stored' | 'leaves'> {
  const copy = join(mkdtempSync(join(home, 'copy-')), 'journal');
  cpSync(join(diskOf(home), 'data', 'journal'), copy, { recursive: true });
  const all = everyEntry(copy);
  return {
    stored: all.map(({ blob }) => decodeEntry(blob)),
    leaves: all.map(({ leaf }) => leaf),
  };
}

/** Blob and leaf of each entry of a journal's folder, in their order, from segments raw and sealed. */
export function everyEntry(folder: string): readonly { blob: Uint8Array; leaf: Buffer }[] {
  const shelf = openShelf(folder);
  try {
    return Array.from({ length: shelf.head() }, (_, place) => {
      const [blob, leaf] = [shelf.blob(place + 1), shelf.leaf(place + 1)];
      if (blob === undefined || leaf === undefined) throw new Error(`no entry ${place + 1}`);
      return { blob, leaf: Buffer.from(leaf) };
    });
  } finally {
    shelf.close();
  }
}
