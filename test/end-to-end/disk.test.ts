// The disk fails under the running switch: full is waited out, a failed flush ends the process at once.

import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mountsAllowed, mountsMissing, SmallDisk } from '#support/small-disk';
import { openWorld, until, type World } from '#support/world';

const strace = spawnSync('strace', ['-V']).status === 0;
const question = 'QV.CA0990100.LIC/2ZZZ999.LIS/CA';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

describe('a full disk', () => {
  it.skipIf(!mountsAllowed)(
    `is answered BUSY, the switch stays up, and goes on alone${mountsMissing}`,
    async () => {
      await world.stop();
      const folder = world.demo.journal;
      const saved = `${folder}.saved`;
      cpSync(folder, saved, { recursive: true });
      rmSync(folder, { recursive: true });
      using disk = new SmallDisk(folder);
      cpSync(saved, folder, { recursive: true });
      await world.restart();
      const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
      disk.fill();
      const { pid } = world;
      let busy = 0;
      station.on('busy', () => (busy += 1));
      const text = 'X'.repeat(20_000);
      for (let sent = 0; sent < 60; sent += 1) {
        station.send('QZ01', `F${String(sent).padStart(5, '0')}.AM.CA0990100.QZ02.TXT\r\n${text}`);
      }
      await until('BUSY', () => (busy > 0 ? true : undefined));
      expect((await fetch(`${world.demo.switch.http}/readyz`)).status).toBe(503);
      expect((await fetch(`${world.demo.switch.http}/livez`)).status).toBe(200);
      let handled = 0;
      station.on('handled', () => (handled += 1));
      disk.free();
      await until('the rest is taken', () => (handled > 0 ? true : undefined));
      expect(await station.request(question)).toMatchObject({ kind: 'answered' });
      expect((await fetch(`${world.demo.switch.http}/readyz`)).status).toBe(200);
      expect(world.pid).toBe(pid);
      const taken = await world.entries('--kind', 'received', '--mke', 'AM');
      expect(new Set(taken.map((row) => row['suphdr'])).size).toBe(60);
      expect(taken).toHaveLength(60);
      expect((await world.msc('journal', 'verify')).code).toBe(0);
      await station.leave();
      await world.stop();
    },
    90_000,
  );
});

describe('a flush that fails', () => {
  it.skipIf(!strace)(
    `ends the switch at once with 74, and the next start recovers${strace ? '' : ' (skipped: strace is not installed)'}`,
    async () => {
      const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
      expect(await station.request(question)).toMatchObject({ kind: 'answered' });
      const inject = 'inject=fsync,fdatasync:error=EIO:when=1+';
      const attached = world.attach('strace', ['-f', '-e', 'trace=fsync,fdatasync', '-e', inject]);
      await attached.ready;
      station.send('QZ01', `EIO1.${question}`);
      expect(await attached.exitOfSwitch).toBe(74);
      await world.restart();
      expect((await world.msc('journal', 'verify')).code).toBe(0);
      const again = await world.signOn('DEMO-DISP-01', 'jdoe');
      expect(await again.station.request(question)).toMatchObject({ kind: 'answered' });
      await again.station.leave();
    },
    60_000,
  );
});
