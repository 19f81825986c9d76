// One disk as a power cut may leave it: of what was not flushed any part is there, in any order, writes
// torn at a sector. Pure but for `writeImage`. Promises the same image for the same disk and seed.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { xorshift } from '#support/make-journal';
import { changeNames, changeOctets } from './disk.ts';
import type { Change, FileNode, FolderNode, Node, Octets } from './disk.ts';

export type Dice = (limit: number) => number;

/** Files by their path below the disk; a folder ends in a slash and holds nothing itself. */
export type Image = ReadonlyMap<string, Uint8Array>;

/** The hardware writes so many octets whole or not at all. */
const sectorOctets = 512;
/** What SQLite keeps in shared memory, which no power cut leaves in order. */
const sharedOctets = 32_768;

export function diceOf(seed: number): Dice {
  // The first numbers of neighbouring seeds are alike: the seed is spread first.
  const dice = xorshift(Math.imul(seed + 1, 0x9e3779b1));
  for (let thrown = 0; thrown < 8; thrown += 1) dice(2);
  return dice;
}

/** What a power cut leaves. */
export function cutPower(root: FolderNode, dice: Dice): Image {
  const image = new Map<string, Uint8Array>();
  layOut(root, '', { image, dice, fate: (node) => fateOf(node, dice) });
  for (const path of [...image.keys()].filter((name) => name.endsWith('.db')))
    leaveShared(image, path, dice);
  return image;
}

/** What the running process sees: everything is there. */
export function viewNow(root: FolderNode): Image {
  const image = new Map<string, Uint8Array>();
  layOut(root, '', { image, dice: () => 0, fate: () => ({ keeps: () => true, tears: false }) });
  return image;
}

export function writeImage(image: Image, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [path, octets] of image) {
    if (path.endsWith('/')) mkdirSync(join(folder, path), { recursive: true, mode: 0o700 });
    else writeFileSync(join(folder, path), octets, { mode: 0o600 });
  }
}

interface Fate {
  /** Whether the change at this place of those that wait reached the disk. */
  readonly keeps: (place: number) => boolean;
  readonly tears: boolean;
}

interface Layout {
  readonly image: Map<string, Uint8Array>;
  readonly dice: Dice;
  readonly fate: (node: Node) => Fate;
}

/** Nothing, everything, all up to one of them, or any: each is as likely, for each file and folder. */
function fateOf(node: Node, dice: Dice): Fate {
  const tears = dice(3) === 0;
  switch (dice(4)) {
    case 0:
      return { keeps: () => false, tears: false };
    case 1:
      return { keeps: () => true, tears: false };
    case 2: {
      const upTo = dice(node.pending.length + 1);
      return { keeps: (place) => place < upTo, tears };
    }
    default: {
      const often = [1, 5, 9][dice(3)] ?? 5;
      return { keeps: () => dice(10) < often, tears };
    }
  }
}

function layOut(folder: FolderNode, path: string, layout: Layout): void {
  const { keeps } = layout.fate(folder);
  const names = new Map(folder.durable);
  for (const [place, change] of folder.pending.entries())
    if (keeps(place)) changeNames(names, change);
  for (const [name, node] of names) {
    const below = `${path}${name}`;
    if (node.kind === 'file') layout.image.set(below, octetsOf(node, layout));
    else {
      layout.image.set(`${below}/`, new Uint8Array(0));
      layOut(node, `${below}/`, layout);
    }
  }
}

function octetsOf(file: FileNode, { dice, fate }: Layout): Uint8Array {
  const { keeps, tears } = fate(file);
  const octets = file.durable.copy();
  for (const [place, change] of file.pending.entries()) {
    if (!keeps(place)) leaveRoom(octets, change, dice);
    else if (tears && change.kind === 'write') tear(octets, change, dice);
    else changeOctets(octets, change);
  }
  return octets.view();
}

/** The size may have reached the disk without the octets: zeros, or what lay there before. */
function leaveRoom(octets: Octets, change: Change, dice: Dice): void {
  if (change.kind !== 'write' || dice(8) > 0) return;
  const end = change.offset + change.octets.length;
  const from = octets.size;
  if (end <= from) return;
  octets.grow(end);
  if (dice(2) === 0) octets.write(from, garbage(end - from, dice));
}

function tear(octets: Octets, change: Change & { readonly kind: 'write' }, dice: Dice): void {
  const end = change.offset + change.octets.length;
  for (let at = change.offset; at < end;) {
    const next = Math.min(end, (Math.floor(at / sectorOctets) + 1) * sectorOctets);
    const some = change.octets.subarray(at - change.offset, next - change.offset);
    if (dice(2) === 0) octets.write(at, some);
    at = next;
  }
}

/** None, zeros, or anything. */
function leaveShared(image: Map<string, Uint8Array>, path: string, dice: Dice): void {
  const what = dice(3);
  if (what === 1) image.set(`${path}-shm`, new Uint8Array(sharedOctets));
  if (what === 2) image.set(`${path}-shm`, garbage(sharedOctets, dice));
}

function garbage(octets: number, dice: Dice): Uint8Array {
  return Uint8Array.from({ length: octets }, () => dice(256));
}
