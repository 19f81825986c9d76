// Full inquiries: terminal, switch, state, switch, terminal, both messages durable on the way.

import { latin1 } from '#protocol/octets';
import type { Terminal } from './terminals.ts';

const text = 'QV.CA0990100.LIC/2ZZZ998.LIS/CA';

/** Closed loop: so many outstanding at each terminal. @returns Answered inquiries a second. */
export async function measureThroughput(
  terminals: readonly Terminal[],
  { outstanding, forMs }: { readonly outstanding: number; readonly forMs: number },
): Promise<number> {
  let answered = 0;
  let going = true;
  const began = performance.now();
  const done = terminals.map(
    (terminal) =>
      new Promise<void>((resolve) => {
        let open = outstanding;
        const onMessage = (): void => {
          answered += 1;
          if (going) return ask(terminal);
          open -= 1;
          if (open > 0) return;
          terminal.station.off('message', onMessage);
          resolve();
        };
        terminal.station.on('message', onMessage);
        for (let count = 0; count < outstanding; count += 1) ask(terminal);
      }),
  );
  await new Promise((resolve) => setTimeout(resolve, forMs));
  const during = answered;
  const tookMs = performance.now() - began;
  going = false;
  await Promise.all(done);
  return (during / tookMs) * 1_000;
}

/**
 * Open loop: arrivals keep their times whatever the answers do, so that a stall is counted in full.
 * @returns The 99th percentile in milliseconds, from the time an inquiry was due.
 */
export async function measureOffered(
  terminals: readonly Terminal[],
  { perSecond, forMs }: { readonly perSecond: number; readonly forMs: number },
): Promise<number> {
  const due = new Map<string, number>();
  const waits: number[] = [];
  const onMessage = ({ body }: { readonly body: Uint8Array }): void => {
    const reference = latin1(body, 0, 10);
    const at = due.get(reference);
    if (at === undefined) return;
    due.delete(reference);
    waits.push(performance.now() - at);
  };
  for (const { station } of terminals) station.on('message', onMessage);
  const total = (perSecond * forMs) / 1_000;
  await offer(terminals, { perSecond, total, due });
  const end = performance.now() + 10_000;
  while (due.size > 0 && performance.now() < end) await new Promise((go) => setTimeout(go, 10));
  for (const { station } of terminals) station.off('message', onMessage);
  if (due.size > 0) throw new Error(`${due.size} inquiries were not answered`);
  return waits.toSorted((one, other) => one - other)[Math.ceil(waits.length * 0.99) - 1] ?? NaN;
}

function offer(
  terminals: readonly Terminal[],
  plan: { readonly perSecond: number; readonly total: number; readonly due: Map<string, number> },
): Promise<void> {
  const began = performance.now();
  let sent = 0;
  return new Promise((resolve) => {
    const turn = setInterval(() => {
      const now = performance.now();
      while (sent < plan.total && began + (sent / plan.perSecond) * 1_000 <= now) {
        const reference = nextReference();
        plan.due.set(reference, began + (sent / plan.perSecond) * 1_000);
        const terminal = terminals[sent % terminals.length];
        terminal?.station.send(terminal.mnemonic, `${reference}.${text}`);
        sent += 1;
      }
      if (sent < plan.total) return;
      clearInterval(turn);
      resolve();
    }, 1);
  });
}

let references = 0;

function nextReference(): string {
  references += 1;
  return references.toString(36).toUpperCase().padStart(10, 'B');
}

function ask({ station, mnemonic }: Terminal): void {
  station.send(mnemonic, `${nextReference()}.${text}`);
}
