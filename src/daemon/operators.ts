// What operators may see of the running switch and ask of it, beside the register and the journal: views,
// what an act would meet, the live feed of entries, and the probe of an upstream.

import type { Desk } from '#src/control/desk';
import type { ProbeRow } from '#src/control/wire-views';
import { isFaultCode, MscFault } from '#src/errors';
import { probe, type ProbeStep } from '#src/net/probe';
import type { Feed } from '#src/runtime/feed';
import { probeStepMs } from '#src/runtime/limits';
import { type ActRefusal, judge } from '#switch/operate';
import { judgePrinter } from '#switch/print';
import { oldestNeeded } from '#switch/waiting';
import type { Loaded } from './reload.ts';
import { createViews, type ViewParts } from './views.ts';

/** So that whoever only looks finds a place among the clients of the control socket. */
const followersMax = 32;

export interface OperatorParts extends Omit<ViewParts, 'config'> {
  /** In force now. */
  readonly loaded: () => Loaded;
  readonly feed: Feed;
}

export function operatorDesk(
  parts: OperatorParts,
): Pick<Desk, 'views' | 'outlook' | 'printer' | 'follow' | 'probe' | 'searching' | 'purging'> {
  const { state, feed, loaded } = parts;
  return {
    views: createViews({ ...parts, config: () => loaded().config }),
    outlook: (act) => {
      const judged = judge(state, act);
      if (judged.ok) return judged.value;
      throw faultOf(judged.error);
    },
    printer: (mnemonic) => {
      const judged = judgePrinter(state, mnemonic);
      if (!judged.ok) throw faultOf(judged.error);
    },
    follow: (query, gone) => {
      if (feed.followers >= followersMax)
        throw new MscFault('MSC-1203', { detail: `${followersMax} follow the journal already` });
      return feed.follow(query, gone);
    },
    searching: () => {
      const { shifts, timezone, searchBudgetMs } = loaded().config.journal;
      return { shifts, timezone: timezone ?? machineZone(), budgetMs: searchBudgetMs };
    },
    purging: () => ({
      keptDays: loaded().config.journal.keptDays,
      waiting: oldestNeeded(state.ledger),
    }),
    probe: (name, tls) => probeUpstream(parts, name, tls),
  };
}

function machineZone(): string {
  return new Intl.DateTimeFormat('en').resolvedOptions().timeZone;
}

function faultOf({ error, detail }: ActRefusal): MscFault {
  return isFaultCode(error) ? new MscFault(error, { detail }) : new MscFault('MSC-9001');
}

async function probeUpstream(
  { loaded, clock }: OperatorParts,
  name: string,
  tls: boolean,
): Promise<readonly ProbeRow[]> {
  const { config, certificates } = loaded();
  const upstream = config.upstreams.find((each) => each.name === name);
  if (upstream === undefined) throw new MscFault('MSC-1601');
  const dial = tls ? certificates.upstreams.get(name) : undefined;
  const steps = await probe({ ...upstream.address, dial, stepMs: probeStepMs, clock });
  return steps.map((step) => probeRow(step, clock.stamp().timeUs / 1000));
}

function probeRow({ tookMs, endsMs, names, ...plain }: ProbeStep, nowMs: number): ProbeRow {
  return {
    ...plain,
    took_seconds: tookMs / 1000,
    ...(names === undefined ? {} : { names }),
    ...(endsMs === undefined
      ? {}
      : {
          ends: new Date(endsMs).toISOString(),
          days_left: Math.floor((endsMs - nowMs) / 86_400_000),
        }),
  };
}
