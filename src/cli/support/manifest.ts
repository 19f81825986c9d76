// What a support bundle says of itself: each file with its length and digest, and what was left out. The reader
// believes nothing that the digests do not show.

import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { MscFault } from '#src/errors';
import { readTar, tarBytesMax } from './ustar.ts';
import type { TarFile } from './ustar.ts';

export interface Manifest {
  readonly schema: 'msc.support-bundle/1';
  /** RFC 3339, UTC. */
  readonly made: string;
  readonly version: string;
  readonly files: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
  /** What is not in it, in words. */
  readonly removed: readonly string[];
}

export const manifestName = 'manifest.json';

export function manifestOf(
  files: readonly TarFile[],
  about: Pick<Manifest, 'made' | 'version' | 'removed'>,
): Manifest {
  return {
    ...{ schema: 'msc.support-bundle/1', made: about.made, version: about.version },
    files: files.map(({ name, data }) => ({ name, bytes: data.length, sha256: sha256(data) })),
    removed: about.removed,
  };
}

export interface Bundle {
  readonly manifest: Manifest;
  readonly files: readonly TarFile[];
  /** What does not hold, in words; empty for a bundle as it was made. */
  readonly flaws: readonly string[];
}

/** @throws MscFault MSC-1501 for what is no bundle at all. */
export function readBundle(octets: Buffer): Bundle {
  const tar = readTar(unpacked(octets));
  if (!tar.ok) throw new MscFault('MSC-1501', { detail: tar.error });
  const own = tar.value.find(({ name }) => name === manifestName);
  const manifest = own === undefined ? undefined : parseManifest(own.data.toString());
  if (manifest === undefined) throw new MscFault('MSC-1501', { detail: 'there is no manifest' });
  const files = tar.value.filter(({ name }) => name !== manifestName);
  const flaws = [
    ...manifest.files.flatMap(({ name, sha256: wanted }) => {
      const file = files.find((each) => each.name === name);
      if (file === undefined) return [`${name} is missing`];
      return sha256(file.data) === wanted ? [] : [`${name} was changed`];
    }),
    ...files
      .filter(({ name }) => !manifest.files.some((each) => each.name === name))
      .map(({ name }) => `${name} was added`),
  ];
  return { manifest, files, flaws };
}

function unpacked(octets: Buffer): Buffer {
  try {
    return gunzipSync(octets, { maxOutputLength: tarBytesMax });
  } catch (cause) {
    throw new MscFault('MSC-1501', { detail: 'it cannot be unpacked', cause });
  }
}

function parseManifest(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isManifest(value) ? value : undefined;
  } catch {
    // No JSON is no manifest.
    return undefined;
  }
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const { schema, made, version, files, removed } = value as Readonly<Record<string, unknown>>;
  const isText = (text: unknown): boolean => typeof text === 'string';
  return (
    schema === 'msc.support-bundle/1' &&
    isText(made) &&
    isText(version) &&
    Array.isArray(removed) &&
    removed.every(isText) &&
    Array.isArray(files) &&
    files.every(isListed)
  );
}

function isListed(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { name, bytes, sha256: digest } = value as Readonly<Record<string, unknown>>;
  return typeof name === 'string' && typeof bytes === 'number' && typeof digest === 'string';
}

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
