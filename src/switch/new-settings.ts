// What a reload means for what is under way: names, limits and times hold from here on, links keep what
// WELCOME told them, and upstreams come, go, or are dialled anew. Nothing that waits is forgotten.

import { closeLink, leaveDialled } from './link-life.ts';
import { upstreamKey } from './ledger.ts';
import { endUnasked } from './put-aside.ts';
import type { SwitchSettings } from './settings.ts';
import { newUpstream } from './state.ts';
import type { Turn } from './turn.ts';

/** @param redial Upstreams whose address or certificate is another now. */
export function onSettings(turn: Turn, settings: SwitchSettings, redial: readonly string[]): void {
  const { state } = turn;
  state.settings = settings;
  const names = new Set(settings.upstreams.map(({ name }) => name));
  for (const name of state.upstreams.keys()) {
    if (names.has(name)) continue;
    state.upstreams.delete(name);
    leaveUpstream(turn, name, 'we no longer come here');
  }
  for (const name of names)
    if (!state.upstreams.has(name)) state.upstreams.set(name, newUpstream(turn));
  for (const name of redial) leaveUpstream(turn, name, 'we come again by another way');
  endOrphans(turn);
}

/** What waits for an upstream that is no longer configured will not be forwarded: ER 04 (link X3). */
export function endOrphans(turn: Turn): void {
  const { ledger, state } = turn;
  for (const [key, queue] of ledger.queues) {
    if (!key.startsWith('x:') || queue.size === 0 || state.upstreams.has(key.slice(2))) continue;
    for (const delivery of queue.all()) endUnasked(turn, delivery);
  }
}

function leaveUpstream(turn: Turn, name: string, text: string): void {
  const link = turn.state.live.get(upstreamKey(name));
  if (link !== undefined) closeLink(turn, link, { code: 'C18', text });
  leaveDialled(turn, name, text);
}
