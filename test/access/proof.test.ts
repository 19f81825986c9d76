import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { loginOf, nonceLifeMs, ProofFolder, proveOwnership } from '#src/access/proof';

const isRoot = process.geteuid?.() === 0;
const self = process.geteuid?.() ?? -1;

let base: string;
let dir: string;
let skewMs: number;
let folder: ProofFolder;
const ports = { random: (octets: number) => randomBytes(octets), nowMs: () => Date.now() + skewMs };

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'msc-proof-'));
  dir = join(base, 'proof');
  skewMs = 0;
  folder = await ProofFolder.open(dir, ports);
});
afterEach(() => rmSync(base, { recursive: true }));

describe('a proof by file ownership', () => {
  it('names the owner of the file and leaves nothing behind', async () => {
    const nonce = folder.newNonce();
    expect(nonce).toMatch(/^[A-Za-z0-9_-]{43}$/);
    await proveOwnership(dir, nonce);
    expect(lstatSync(join(dir, nonce)).mode & 0o7777).toBe(0o600);
    expect(await folder.claim(nonce)).toEqual({ uid: self });
    expect(readdirSync(dir)).toEqual([]);
  });

  it('names another person when the file is that person’s', async (context) => {
    if (!isRoot) context.skip('only root can give a file away');
    const nonce = folder.newNonce();
    await proveOwnership(dir, nonce);
    chownSync(join(dir, nonce), 4711, 4711);
    expect(await folder.claim(nonce)).toEqual({ uid: 4711 });
  });

  it('serves once', async () => {
    const nonce = folder.newNonce();
    await proveOwnership(dir, nonce);
    await folder.claim(nonce);
    await proveOwnership(dir, nonce);
    expect(await folder.claim(nonce)).toBeUndefined();
  });

  it('is nothing without a file, and the nonce is used up', async () => {
    const nonce = folder.newNonce();
    expect(await folder.claim(nonce)).toBeUndefined();
    await proveOwnership(dir, nonce);
    expect(await folder.claim(nonce)).toBeUndefined();
  });

  it('is nothing after ten seconds', async () => {
    const nonce = folder.newNonce();
    await proveOwnership(dir, nonce);
    skewMs = nonceLifeMs + 1;
    expect(await folder.claim(nonce)).toBeUndefined();
  });

  it('is nothing for a name the switch did not give', async () => {
    writeFileSync(join(base, 'outside'), '');
    expect(await folder.claim('../outside')).toBeUndefined();
    expect(existsSync(join(base, 'outside'))).toBe(true);
  });

  it.each<[string, (path: string, other: string) => void]>([
    ['a symbolic link', (path, other) => symlinkSync(other, path)],
    ['a hard link', (path, other) => linkSync(other, path)],
    ['a folder', (path) => mkdirSync(path)],
    ['a file others may write', (path) => writeFileSync(path, '', { mode: 0o644 })],
    ['a file with something in it', (path) => writeFileSync(path, 'x', { mode: 0o600 })],
  ])('is not %s', async (_, make) => {
    const other = join(base, 'other');
    const nonce = folder.newNonce();
    writeFileSync(other, '', { mode: 0o600 });
    if (isRoot) chownSync(other, 4711, 4711);
    make(join(dir, nonce), other);
    expect(await folder.claim(nonce)).toBeUndefined();
    expect(readdirSync(dir)).toEqual([]);
    expect(existsSync(other)).toBe(true);
  });

  it('is not an older file of another person moved to that name', async (context) => {
    const other = join(base, 'other');
    writeFileSync(other, '', { mode: 0o600 });
    if (lstatSync(other).birthtimeMs === 0) context.skip('this file system keeps no birth time');
    if (isRoot) chownSync(other, 4711, 4711);
    skewMs = 1000;
    const nonce = folder.newNonce();
    renameSync(other, join(dir, nonce));
    expect(await folder.claim(nonce)).toBeUndefined();
  });

  it('is nobody’s when the kernel cannot say whose', async (context) => {
    if (!isRoot) context.skip('only root can give a file away');
    const nonce = folder.newNonce();
    await proveOwnership(dir, nonce);
    chownSync(join(dir, nonce), 65_534, 65_534);
    expect(await folder.claim(nonce)).toBeUndefined();
  });

  it('waits for no more than 256 at a time, and takes new ones when the old have passed', () => {
    for (let named = 0; named < 256; named += 1) folder.newNonce();
    expect(() => folder.newNonce()).toThrow(expect.objectContaining({ code: 'MSC-1203' }));
    skewMs = nonceLifeMs + 1;
    expect(folder.newNonce()).toBeDefined();
  });
});

describe('the folder of proofs', () => {
  it('lets others create and not list', () => {
    expect(lstatSync(dir).mode & 0o7777).toBe(0o1733);
  });

  it('is emptied and set right when it is opened again', async () => {
    writeFileSync(join(dir, 'old'), '');
    chmodSync(dir, 0o777);
    await ProofFolder.open(dir, ports);
    expect(lstatSync(dir).mode & 0o7777).toBe(0o1733);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is refused when it is a link, a file or somebody else’s', async (context) => {
    const refused = { code: 'MSC-1006' };
    symlinkSync(dir, join(base, 'link'));
    await expect(ProofFolder.open(join(base, 'link'), ports)).rejects.toMatchObject(refused);
    writeFileSync(join(base, 'file'), '');
    await expect(ProofFolder.open(join(base, 'file'), ports)).rejects.toMatchObject(refused);
    if (!isRoot) context.skip('only root can give a folder away');
    chownSync(dir, 4711, 4711);
    await expect(ProofFolder.open(dir, ports)).rejects.toMatchObject(refused);
  });
});

describe('the person’s half', () => {
  it.each(['../escape', '', 'x'.repeat(42), `${'x'.repeat(42)}/`])(
    'creates nothing for the name %j',
    async (nonce) => {
      await expect(proveOwnership(dir, nonce)).rejects.toMatchObject({ code: 'MSC-1206' });
      expect(readdirSync(dir)).toEqual([]);
      expect(readdirSync(base)).toEqual(['proof']);
    },
  );

  it('never takes over a file that is there, nor follows a link', async () => {
    const nonce = folder.newNonce();
    writeFileSync(join(dir, nonce), '');
    await expect(proveOwnership(dir, nonce)).rejects.toMatchObject({ code: 'MSC-1206' });
    const second = folder.newNonce();
    symlinkSync(join(base, 'target'), join(dir, second));
    await expect(proveOwnership(dir, second)).rejects.toMatchObject({ code: 'MSC-1206' });
    expect(existsSync(join(base, 'target'))).toBe(false);
  });
});

describe('a login', () => {
  it('is found by its number', async () => {
    expect(await loginOf(self)).toBe(userInfo().username);
  });

  it('is not guessed for a number nobody has', async () => {
    const file = join(base, 'passwd');
    writeFileSync(file, 'jdoe:x:1001:1001::/home/jdoe:/bin/sh\nbroken\n:x:1002:\n');
    expect(await loginOf(1001, file)).toBe('jdoe');
    expect(await loginOf(100, file)).toBeUndefined();
    expect(await loginOf(1002, file)).toBeUndefined();
    await expect(loginOf(1, join(base, 'none'))).rejects.toMatchObject({ code: 'MSC-1005' });
  });
});
