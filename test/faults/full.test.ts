// No room, file by file: at the register store, the snapshot, the index, the number of the process, and at
// the journal when the switch starts. A journal that fills while it runs: test/end-to-end/disk.test.ts.

import { cpSync, existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultRun } from '#support/fault-run';
import { mountsAllowed, mountsMissing, SmallDisk } from '#support/small-disk';
import {
  failWords,
  onePoolThread,
  straceIsThere,
  straceMissing,
  underStrace,
} from '#support/system-calls';
import { openWorld, question, until, type World } from '#support/world';

const newPassword = 'a quite different phrase 7';

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.stop();
});
afterEach(() => world.close());

describe('no room', () => {
  it.skipIf(!mountsAllowed)(
    `at the register store: a new password waits for room, a command is told, nobody is thrown out${mountsMissing}`,
    async () => {
      using disk = new SmallDisk(join(world.folder, 'small'), '2m');
      const store = join(dirname(world.demo.journal), 'register.db');
      cpSync(store, join(disk.folder, 'register.db'));
      rmSync(store);
      symlinkSync(join(disk.folder, 'register.db'), store);
      await world.restart();
      const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
      const { pid } = world;
      disk.fill();
      const file = join(world.folder, 'password');
      writeFileSync(file, newPassword, { mode: 0o600 });
      const other = await world.connect('DEMO-DISP-02');
      const password = world.password('mroe');
      let answered = false;
      const answer = other.signOn({ user: 'mroe', password, newPassword }).finally(() => {
        answered = true;
      });
      expect(await station.request(question)).toMatchObject({ kind: 'answered' });
      // Hashes are made one after the other: with the second of these that of the sign-on was tried too.
      for (let tries = 0; tries < 2; tries += 1) {
        const refused = await world.msc('user', 'passwd', 'poe', '--password-file', file);
        expect(refused).toMatchObject({ code: 75 });
        expect(refused.stderr).toContain('MSC-3106');
      }
      expect(answered).toBe(false);
      disk.free();
      expect(await answer).toMatchObject({ user: 'mroe' });
      expect(world.pid).toBe(pid);
      expect(await world.stop()).toBe(0);
      await world.restart();
      const again = await world.connect('DEMO-DISP-02');
      expect(await again.signOn({ user: 'mroe', password: newPassword })).toMatchObject({
        user: 'mroe',
      });
      await again.leave();
      await world.stop();
    },
    120_000,
  );

  it.skipIf(!mountsAllowed)(
    `at the journal when it starts: it says so with 75, or waits, and with room it starts${mountsMissing}`,
    async () => {
      const saved = `${world.demo.journal}.saved`;
      cpSync(world.demo.journal, saved, { recursive: true });
      using disk = new SmallDisk(world.demo.journal, '4m');
      cpSync(saved, disk.folder, { recursive: true });
      rmSync(saved, { recursive: true });
      disk.fill();
      const { outcome } = world.launch();
      expect(await outcome).toBe(75);
      expect(world.log).toMatch(/^msc: MSC-3106: /m);
      disk.free();
      await world.restart();
      expect((await world.msc('journal', 'verify')).code).toBe(0);
      expect(await world.stop()).toBe(0);
    },
    120_000,
  );

  it.skipIf(!straceIsThere)(
    `at the snapshot: the drain ends well without it, and leaves no half of one${straceMissing}`,
    async () => {
      await world.restart(onePoolThread);
      const run = new FaultRun(world);
      const path = `${join(world.demo.journal, 'snapshot')}.new`;
      const place = { kind: 'write', path, nth: 1 } as const;
      const { injected, outcome, said } = await run.fail(place, () => world.stop(), 'ENOSPC');
      expect([injected, outcome]).toEqual([true, 0]);
      expect(said).toMatch(/"event":"snapshot-failed".*"code":"ENOSPC"/);
      expect(existsSync(path)).toBe(false);
      await run.expectWhole();
    },
    120_000,
  );

  it.skipIf(!straceIsThere)(
    `for the number of the process or the index: the switch works without them${straceMissing}`,
    async () => {
      const { pid, index } = new FaultRun(world).files;
      const trace = join(world.folder, 'trace');
      const paths = [...pid, ...index];
      const words = failWords({ kind: 'open', path: pid[0], nth: 1 }, 'ENOSPC', '+');
      const under = underStrace([...words, ...paths.flatMap((path) => ['-P', path])], trace);
      world.launch({ under });
      await world.ready();
      await until('the log line', () => (world.log.includes('"event":"pid-file"') ? 1 : undefined));
      expect(existsSync(pid[1])).toBe(false);
      const found = await world.msc('journal', 'search', '--event', 'start', '--count');
      expect(found.code).toBe(0);
      expect(await world.stop()).toBe(0);
    },
    120_000,
  );
});
