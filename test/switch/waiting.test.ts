import { expect, it } from 'vitest';
import { createLedger, type Delivery, type Request } from '#switch/ledger';
import { oldestNeeded } from '#switch/waiting';

// What it looks at.
const delivery = (source: number, thread: number) => ({ source, thread }) as Delivery;

it('needs the oldest message or thread that waits, and the oldest request', () => {
  const ledger = createLedger(() => '');
  expect(oldestNeeded(ledger)).toBeUndefined();
  ledger.deliveries.set('40.0', delivery(40, 40)).set('30.1', delivery(30, 25));
  expect(oldestNeeded(ledger)).toBe(25);
  ledger.requests.set(12, {} as Request);
  expect(oldestNeeded(ledger)).toBe(12);
});
