import { describe, expect, it } from 'vitest';
import { parseMnemonic } from '#protocol/ids';
import { OpenRequests } from '#src/sim/state/open-requests';
import type { OpenRequest } from '#src/sim/state/open-requests';

const mnemonic = parseMnemonic('QX01');
if (mnemonic === undefined) throw new Error('QX01 is a mnemonic');

const request = (number: number, sinceMs: number, awaited = true): OpenRequest => ({
  ...{ number, reference: `R${number}`, mke: 'QV', ori: 'CA0990100', awaited, sinceMs },
  asker: { station: 'COUNTY', mnemonic, class: 2 },
  legs: new Map([['ncic', 1]]),
});

describe('requests that wait', () => {
  it('are bounded in number: the oldest are forgotten, and counted', () => {
    const open = new OpenRequests();
    const asked = 60_000;
    for (let number = 1; number <= asked; number++) open.add(request(number, 0));
    expect(open.waiting).toBe(50_000);
    expect(open.forgotten).toBe(asked - open.waiting);
    expect([open.get('R1'), open.get(`R${asked}`)?.number]).toEqual([undefined, asked]);
  });

  it('are bounded in time: after two hours the next that comes pushes them out', () => {
    const open = new OpenRequests();
    open.add(request(1, 0));
    open.add(request(2, 2 * 3_600_000));
    expect([open.get('R1'), open.waiting]).toEqual([undefined, 1]);
  });

  it('that await no answer wait for their host as long as it takes', () => {
    const open = new OpenRequests();
    open.add(request(1, 0, false));
    for (const hours of [2, 4, 7])
      expect(open.add(request(hours, hours * 3_600_000)).map(({ number }) => number)).not.toContain(
        1,
      );
    expect(open.get('R1')?.legs.size).toBe(1);
  });
});
