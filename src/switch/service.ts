// The state of each upstream, as stations are told it (link S11): `up`, or `held` while it is down
// and what is for it waits. Told after WELCOME or SIGNED_ON where not up, then at each change.

import { controlFrame } from '#protocol/frame';
import type { OpenLink, UpstreamState } from './state.ts';
import { send, type Turn } from './turn.ts';

export function announceService(turn: Turn, name: string, up: boolean): void {
  const upstream = turn.state.upstreams.get(name);
  if (upstream === undefined || upstream.up === up) return;
  upstream.up = up;
  upstream.sinceMs = turn.atMs;
  upstream.sinceUs = turn.timeUs;
  for (const link of turn.state.live.values()) {
    if (hearsStatus(turn, link)) sayStatus(turn, link, name, upstream);
  }
}

/** After WELCOME or SIGNED_ON: one for each service that is not up. */
export function tellServices(turn: Turn, link: OpenLink): void {
  for (const [name, upstream] of turn.state.upstreams) {
    if (!upstream.up) sayStatus(turn, link, name, upstream);
  }
}

function hearsStatus(turn: Turn, link: OpenLink): boolean {
  if (link.station === undefined || link.role === 'printer') return false;
  return link.role === 'host' || turn.ledger.signOns.has(link.station);
}

function sayStatus(turn: Turn, link: OpenLink, service: string, upstream: UpstreamState): void {
  const state = upstream.up ? 'up' : 'held';
  send(turn, link, controlFrame('STATUS', { service, state, since: utcText(upstream.sinceUs) }));
}

/** RFC 3339, UTC, of microseconds since 1970. */
export function utcText(timeUs: number): string {
  return new Date(timeUs / 1000).toISOString();
}
