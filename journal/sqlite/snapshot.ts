// Snapshot files: the newest state and the one before it, each with the entry and leaf it stands on.
// Promises that a file which reads is whole. A snapshot is a cache: what does not read is passed over.

import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from '../journal.ts';

const lineFeed = 0x0a;
const names = { newest: 'snapshot', before: 'snapshot.old', unfinished: 'snapshot.new' } as const;

/**
 * Durable when it resolves. Rejects with what the file system says; one of the older files then still reads,
 * and the room of the new one is given back, for it is the journal that needs it.
 */
export async function writeSnapshot(dir: string, snapshot: Snapshot): Promise<void> {
  try {
    await replaceSnapshot(dir, snapshot);
  } catch (error) {
    // Where even that fails the next snapshot writes over it.
    await rm(join(dir, names.unfinished), { force: true }).catch(() => undefined);
    throw error;
  }
}

async function replaceSnapshot(dir: string, snapshot: Snapshot): Promise<void> {
  const { entry, leaf, state } = snapshot;
  const head = JSON.stringify({ v: 1, entry, leaf, digest: hash('sha256', state) });
  const path = (name: keyof typeof names): string => join(dir, names[name]);
  await writeFlushed(path('unfinished'), Buffer.concat([Buffer.from(`${head}\n`), state]));
  await rename(path('newest'), path('before')).catch(passMissing);
  await rename(path('unfinished'), path('newest'));
  await flush(dir);
}

/** The entries and leaves of those that read whole, newest first; for a thread that may wait for the disk. */
export function snapshotsNow(dir: string): readonly Pick<Snapshot, 'entry' | 'leaf'>[] {
  const files = [names.newest, names.before].map((name) => join(dir, name));
  return files.flatMap((path) => {
    try {
      return snapshotIn(readFileSync(path)) ?? [];
    } catch {
      // As in `readSnapshot`.
      return [];
    }
  });
}

/** The snapshots that read whole, newest first. */
export async function readSnapshots(dir: string): Promise<readonly Snapshot[]> {
  const files = [names.newest, names.before].map((name) => join(dir, name));
  const snapshots = await Promise.all(files.map(readSnapshot));
  return snapshots.filter((snapshot) => snapshot !== undefined);
}

async function readSnapshot(path: string): Promise<Snapshot | undefined> {
  // Not there, or not to be read: the one before it, or the journal itself, says the same.
  const octets = await readFile(path).catch(() => undefined);
  return octets && snapshotIn(octets);
}

function snapshotIn(octets: Buffer): Snapshot | undefined {
  const at = octets.indexOf(lineFeed);
  if (at < 0) return undefined;
  const state = new Uint8Array(octets.subarray(at + 1));
  const head = parseHead(octets.toString('utf8', 0, at));
  if (head?.digest !== hash('sha256', state)) return undefined;
  return { entry: head.entry, leaf: head.leaf, state };
}

interface SnapshotHead {
  readonly entry: number;
  readonly leaf: string;
  readonly digest: string;
}

function parseHead(text: string): SnapshotHead | undefined {
  try {
    // Checked as a whole by its digest and leaf; a head of another version has another `v`.
    const head = JSON.parse(text) as SnapshotHead & { readonly v: number };
    return head.v === 1 && Number.isSafeInteger(head.entry) ? head : undefined;
  } catch {
    // A torn file is no snapshot.
    return undefined;
  }
}

async function writeFlushed(path: string, octets: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(octets);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function flush(dir: string): Promise<void> {
  const folder = await open(dir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function passMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
