// Checks of the running switch: they are skipped while it does not answer, which is a finding of its own.

import { counted } from '../output.ts';
import { formatAge } from '../time.ts';
import type { DoctorCheck } from './checks.ts';
import { fail, ifKnown, mustBeKnown, ok, skip, warn } from './judge.ts';

const downFailMs = 120_000;
const oldestWarnMs = 60_000;
/** Besides one for each connection: journal, operators, health, and handshakes under way. */
const furtherDescriptors = 1_600;

export const switchChecks: readonly DoctorCheck[] = [
  {
    id: 'D010',
    name: 'switch',
    text: 'the switch answers at its control socket',
    judge: ({ status, nowMs }) =>
      mustBeKnown(status, ({ pid, startedAtUs }) =>
        ok(`process ${pid}, up ${formatAge(nowMs - startedAtUs / 1000)}`),
      ),
  },
  {
    id: 'D011',
    name: 'ready',
    text: 'the switch takes messages',
    judge: ({ status }) =>
      ifKnown(status, ({ ready, notReady }) =>
        ready ? ok('ready') : fail(`not ready: ${notReady ?? 'no reason given'}`, 'msc status'),
      ),
  },
  {
    id: 'D012',
    name: 'in force',
    text: 'the configuration file is the one in force',
    judge: ({ status, digest }) =>
      ifKnown(status, ({ configuration }) =>
        ifKnown(digest, (own) => {
          if (configuration === undefined) return skip('this switch does not say');
          if (configuration.digest === own) return ok(`${own.slice(0, 12)}, the file is in force`);
          return warn('the file was changed since', 'msc config diff, then msc config reload');
        }),
      ),
  },
  {
    id: 'D013',
    name: 'version',
    text: 'the switch that runs is the version that is installed',
    judge: ({ status, version }) =>
      ifKnown(status, (report) =>
        report.version === version
          ? ok(version)
          : warn(
              `${report.version} runs, ${version} is installed`,
              'restart the switch in a quiet hour',
            ),
      ),
  },
  {
    id: 'D018',
    name: 'upstreams',
    text: 'every upstream is up',
    judge: ({ status, nowMs }) =>
      ifKnown(status, ({ view: { upstreams } }) => {
        const down = upstreams.filter(({ state }) => state === 'down');
        if (down.length === 0) return ok(`${counted(upstreams.length, 'upstream')}, all up`);
        const ages = down.map(({ name, sinceMs }) => ({ name, forMs: nowMs - sinceMs }));
        const words = ages.map(({ name, forMs }) => `${name} down for ${formatAge(forMs)}`);
        const fix = 'it dials again by itself; call the other side, msc trace start --upstream';
        const long = ages.some(({ forMs }) => forMs >= downFailMs);
        return long ? fail(words.join(', '), fix) : warn(words.join(', '), fix);
      }),
  },
  {
    id: 'D019',
    name: 'queues',
    text: 'nothing waits long, and nothing waits for an operator',
    judge: ({ status }) =>
      ifKnown(status, ({ view: { queues, intercept } }) => {
        if (intercept > 0)
          return warn(`${intercept} at operator intercept`, 'msc journal search --event alarm');
        const oldestMs = Math.max(0, ...queues.map((queue) => queue.oldestMs));
        const waiting = queues.reduce((total, queue) => total + queue.waiting, 0);
        const words = `${waiting} waiting, oldest ${formatAge(oldestMs)}`;
        return oldestMs >= oldestWarnMs ? warn(words, 'msc status') : ok(words);
      }),
  },
  {
    id: 'D020',
    name: 'health',
    text: 'the listener of health and metrics answers',
    judge: ({ ready, status }) => {
      if ('fault' in status) return skip('the switch does not answer');
      return mustBeKnown(ready, (answer) => ok(`/readyz says ${answer.status}`));
    },
  },
  {
    id: 'D021',
    name: 'descriptors',
    text: 'the process may open as many files as its connections need',
    judge: ({ descriptors, config }) =>
      ifKnown(config, ({ listen }) =>
        ifKnown(descriptors, (limit) => {
          const needed = listen.connectionsMax + furtherDescriptors;
          const words = `${limit} for ${counted(listen.connectionsMax, 'connection')}`;
          const fix = `LimitNOFILE=${needed} or more in the unit of the service`;
          return limit < needed ? warn(words, fix) : ok(words);
        }),
      ),
  },
];
