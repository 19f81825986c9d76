// What strace writes, read back as calls.

import { describe, expect, it } from 'vitest';
import { parseTrace } from './trace.ts';

const hex = (text: string): string =>
  [...Buffer.from(text)].map((octet) => `\\x${octet.toString(16).padStart(2, '0')}`).join('');
const file = hex('/disk/a');
const octets = (text: string) => new Uint8Array(Buffer.from(text));
const edgesOf = (...lines: readonly string[]) =>
  parseTrace(`${lines.join('\n')}\n`).map(({ edge, call }) => ({ edge, ...call }));
const calls = (...lines: readonly string[]) =>
  parseTrace(`${lines.join('\n')}\n`)
    .filter(({ edge }) => edge === 'begin')
    .map(({ call }) => call);

describe('a trace', () => {
  it('gives each call its beginning and its end, in the order of the trace', () => {
    expect(
      edgesOf(
        `7  fsync(3<${file}> <unfinished ...>`,
        `8  pwrite64(4<${file}>, "${hex('xy')}", 2, 512) = 2`,
        `7  <... fsync resumed>)              = 0`,
      ),
    ).toEqual([
      { edge: 'begin', kind: 'flush', fd: 3, path: '/disk/a' },
      {
        edge: 'begin',
        kind: 'write',
        fd: 4,
        path: '/disk/a',
        octets: Buffer.from('xy'),
        offset: 512,
      },
      {
        edge: 'end',
        kind: 'write',
        fd: 4,
        path: '/disk/a',
        octets: Buffer.from('xy'),
        offset: 512,
      },
      { edge: 'end', kind: 'flush', fd: 3, path: '/disk/a' },
    ]);
  });

  it('leaves out what failed, and what a write did not write', () => {
    expect(
      calls(
        `7  unlink("${file}") = -1 ENOENT (No such file or directory)`,
        `7  write(4<${file}>, "${hex('abcd')}", 4) = 3`,
      ).map((call) => ({ ...call, octets: 'octets' in call && octets(call.octets.toString()) })),
    ).toHaveLength(1);
    const [write] = calls(`7  write(4<${file}>, "${hex('abcd')}", 4) = 3`);
    expect(write).toMatchObject({ kind: 'write', octets: Buffer.from('abc') });
  });

  it('knows what an opening makes and takes away', () => {
    const cwd = `AT_FDCWD<${hex('/work')}>`;
    expect(
      calls(
        `7  openat(${cwd}, "${file}", O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0600) = 21<${file}>`,
        `7  openat(${cwd}, "${file}", O_WRONLY|O_APPEND) = 22<${file}>`,
      ),
    ).toEqual([
      { kind: 'open', path: '/disk/a', fd: 21, create: true, truncate: true, append: false },
      { kind: 'open', path: '/disk/a', fd: 22, create: false, truncate: false, append: true },
    ]);
  });

  it('reads renames with and without their folders, and names that are gone', () => {
    const to = hex('/disk/b');
    const cwd = `AT_FDCWD<${hex('/work')}>`;
    const renamed = { kind: 'rename', path: '/disk/a', to: '/disk/b' };
    expect(
      calls(
        `7  rename("${file}", "${to}") = 0`,
        `7  renameat2(${cwd}, "${file}", ${cwd}, "${to}", 0) = 0`,
        `7  unlinkat(${cwd}, "${file}", 0) = 0`,
        `7  fdatasync(3<${file}>(deleted)) = 0`,
      ),
    ).toEqual([
      renamed,
      renamed,
      { kind: 'unlink', path: '/disk/a' },
      { kind: 'flush', fd: 3, path: '/disk/a' },
    ]);
  });

  it('tells what leaves on a socket from what goes to a file', () => {
    const socket = hex('socket:[99]');
    const parts = `[{iov_base="${hex('ab')}", iov_len=2}, {iov_base="${hex('cd')}", iov_len=2}]`;
    expect(calls(`7  writev(9<${socket}>, ${parts}, 2) = 4`)).toEqual([
      { kind: 'said', fd: 9, octets: Buffer.from('abcd') },
    ]);
  });

  it.each([
    ['a call it does not follow', `7  fallocate(3<${file}>, 0, 0, 4096) = 0`, 'is not followed'],
    ['another name for a file', `7  link("${file}", "${hex('/disk/b')}") = 0`, 'is not followed'],
    [
      'a write through memory',
      `7  mmap(NULL, 9, PROT_READ|PROT_WRITE, MAP_SHARED, 3<${file}>, 0) = 0x7f`,
      'memory',
    ],
    ['a string that was cut', `7  write(3<${file}>, "${hex('ab')}"..., 900) = 900`, 'cut a string'],
    [
      'a call whose outcome nobody saw',
      `7  write(3<${file}>, "${hex('ab')}", 2) = ?`,
      'nobody knows',
    ],
    ['an end without its beginning', '7  <... fsync resumed>) = 0', 'never began'],
  ])('refuses %s', (_, line, why) => {
    expect(() => parseTrace(line)).toThrow(why);
  });
});
