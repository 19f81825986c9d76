// A tar archive of a few small files, in the ustar form that every tar reads (POSIX.1-1988). Written by hand
// because it is a header and padding; names are ours and short. The reader takes what the writer writes and
// nothing else: plain files, bounded in count and octets, every checksum right. Pure; fails by value.

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';

export interface TarFile {
  /** At most 99 octets of ASCII; no folders. */
  readonly name: string;
  readonly data: Buffer;
}

const block = 512;
const filesMax = 64;
/** Octets of an archive that are read, unpacked. */
export const tarBytesMax = 64 * 1_048_576;

/** @param mtimeMs Of every file. */
export function writeTar(files: readonly TarFile[], mtimeMs: number): Buffer {
  const parts = files.flatMap(({ name, data }) => [
    headerOf(name, data.length, mtimeMs),
    data,
    Buffer.alloc(paddingOf(data.length)),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

export function readTar(tar: Buffer): Result<readonly TarFile[], string> {
  const files: TarFile[] = [];
  for (let at = 0; at + block <= tar.length;) {
    const header = tar.subarray(at, at + block);
    if (header.every((octet) => octet === 0)) return ok(files);
    const file = readHeader(header);
    if (!file.ok) return file;
    const { name, length } = file.value;
    const from = at + block;
    if (from + length > tar.length) return fail(`${name} is cut short`);
    if (files.length >= filesMax) return fail('too many files');
    if (files.some((known) => known.name === name)) return fail(`${name} is there twice`);
    files.push({ name, data: tar.subarray(from, from + length) });
    at = from + length + paddingOf(length);
  }
  return fail('the archive has no end');
}

//  0    name    100      156  kind      1   '0' a plain file
//  100  mode      8      257  ustar\0   6
//  108  uid       8      263  00        2
//  116  gid       8
//  124  size     12   octal, blank or NUL at the end
//  136  mtime    12
//  148  checksum  8   of the header with blanks in this place
function headerOf(name: string, length: number, mtimeMs: number): Buffer {
  const header = Buffer.alloc(block);
  const put = (at: number, text: string): number => header.write(text, at, 'latin1');
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  put(0, name);
  put(100, '0000600\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${octal(length, 11)}\0`);
  put(136, `${octal(Math.floor(mtimeMs / 1000), 11)}\0`);
  put(156, '0');
  put(257, 'ustar\0');
  put(263, '00');
  put(148, `${octal(checksumOf(header), 6)}\0 `);
  return header;
}

function readHeader(
  header: Buffer,
): Result<{ readonly name: string; readonly length: number }, string> {
  const text = (from: number, to: number): string =>
    header.toString('latin1', from, to).replace(/[\0 ].*$/s, '');
  const name = text(0, 100);
  if (text(257, 263) !== 'ustar' || Number.parseInt(text(148, 156), 8) !== checksumOf(header))
    return fail('it is no archive of this form');
  if (header[156] !== 0x30 || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,98}$/.test(name))
    return fail('it holds something else than plain files');
  const size = text(124, 136);
  if (!/^[0-7]{1,11}$/.test(size)) return fail(`${name} has no length`);
  return ok({ name, length: Number.parseInt(size, 8) });
}

function checksumOf(header: Buffer): number {
  return header.reduce((sum, octet, at) => sum + (at >= 148 && at < 156 ? 0x20 : octet), 0);
}

function paddingOf(length: number): number {
  return (block - (length % block)) % block;
}
