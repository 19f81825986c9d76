// The parts of the operators' desk that look at the running switch: its configurations, routes and traces.

import type { Desk } from '#src/control/desk';
import { systemClock as clock } from '#src/runtime/clock';
import type { Traces } from '#src/runtime/traces';
import { keyRoutes, rehearse } from '#switch/rehearse';
import type { State } from '#switch/state';
import type { ConfigVersions } from './config-versions.ts';
import { configurationDesk } from './configuration.ts';
import type { Renewal } from './renewal.ts';
import { traceDesk } from './watches.ts';

export function lookingDesks(parts: {
  readonly state: State;
  readonly renewal: Renewal;
  readonly versions: ConfigVersions;
  readonly traces: Traces;
}): Pick<Desk, 'configuration' | 'routes' | 'traces'> {
  const { state, renewal, versions, traces } = parts;
  return {
    configuration: configurationDesk(renewal, versions),
    routes: {
      all: () => keyRoutes(state),
      test: (asked) => rehearse(state, asked, clock.stamp()),
    },
    traces: traceDesk(traces, state),
  };
}
