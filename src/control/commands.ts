// What each command does, for a person whose role allows it. Anything that changes the register is done
// one at a time, so that what was checked is still so when it is applied.
// Fails with coded faults alone; what they say is fit for a log.

import { MscFault } from '#src/errors';
import { closeLink, setTerminal, setUpstream, testTerminal } from './acts.ts';
import { delivered, whoSaw } from './auditor.ts';
import type { Desk } from './desk.ts';
import { configHistory, configText } from './configuration.ts';
import { exportText } from './export.ts';
import { follow, watchLinks } from './follow.ts';
import { userAdd, userPasswd, userUnlock } from './people.ts';
import { enrol, registry } from './registry.ts';
import { purge } from './purge.ts';
import { reindex, showReindex } from './reindex.ts';
import { ReleaseNumbers } from './release-number.ts';
import { requireRole } from './roles.ts';
import { showRoutes, testRoute } from './routes.ts';
import { fetchJob, listJobs } from './job-desk.ts';
import { print } from './print.ts';
import { explain, search, show } from './search.ts';
import { tally } from './stats.ts';
import { traceShow, traceStart, traceStop } from './traces.ts';
import { found, sendInPieces, showQueue } from './views.ts';
import type { Visit } from './visit.ts';
import type { CommandName, Commands, Request } from './wire.ts';

export type End = Commands[CommandName]['end'];

export class CommandDesk {
  readonly #desk: Desk;
  readonly #releases: ReleaseNumbers;
  #last: Promise<unknown> = Promise.resolve();
  #lastProbe: Promise<unknown> = Promise.resolve();

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#releases = new ReleaseNumbers(() => desk.journal);
  }

  /** @throws MscFault */
  async run(request: Request, visit: Visit): Promise<End> {
    await this.#admit(request.command, visit);
    const desk = this.#desk;
    switch (request.command) {
      case 'status':
        return desk.status(request.args.brief === true);
      case 'links':
        return sendInPieces(visit, desk.views.links());
      case 'link':
        return found(desk.views.link(request.args.link), `link ${request.args.link}`);
      case 'link-close':
        return closeLink(desk, visit, request.args);
      case 'link-watch':
        return watchLinks(desk, visit);
      case 'terminals':
        return sendInPieces(visit, desk.views.terminals());
      case 'terminal':
        return found(desk.views.terminal(request.args.name));
      case 'terminal-set':
        return setTerminal(desk, visit, request.args);
      case 'terminal-test':
        return testTerminal(desk, visit, request.args);
      case 'upstreams':
        return sendInPieces(visit, desk.views.upstreams());
      case 'upstream':
        return found(desk.views.upstream(request.args.name));
      case 'upstream-set':
        return setUpstream(desk, visit, request.args);
      case 'upstream-probe':
        return this.#probe(request.args);
      case 'queues':
        return sendInPieces(visit, desk.views.queues());
      case 'queue':
        return showQueue(desk, visit, request.args);
      case 'follow':
        return follow(desk, visit, request.args);
      case 'search':
        return search(desk, visit, request.args, this.#releases);
      case 'search-settings':
        return desk.searching();
      case 'search-plan':
        return explain(desk, visit, request.args);
      case 'job-ls':
        return listJobs(desk, visit);
      case 'job-show':
        return desk.jobs.find(visit.person, request.args.job);
      case 'job-cancel':
        return desk.jobs.cancel(visit.person, request.args.job);
      case 'job-fetch':
        return fetchJob(desk, visit, request.args, this.#releases);
      case 'reindex':
        return reindex(desk, visit, request.args);
      case 'reindex-show':
        return showReindex(desk);
      case 'show':
        return show(desk, visit, request.args, this.#releases);
      case 'print':
        return print(desk, visit, request.args, this.#releases);
      case 'export':
        return exportText(desk, visit, request.args, this.#releases);
      case 'who-saw':
        return whoSaw(desk, visit, request.args);
      case 'delivered':
        return delivered(desk, visit, request.args);
      case 'tally':
        return tally(desk, visit, request.args);
      case 'purge':
        return this.#inTurn(() => purge(desk, visit, request.args, this.#releases));
      case 'registry':
        return this.#inTurn(() => registry(desk, visit, request.args));
      case 'user-add':
        return this.#inTurn(() => userAdd(desk, visit, request.args));
      case 'user-passwd':
        return this.#inTurn(() => userPasswd(desk, visit, request.args));
      case 'user-unlock':
        return userUnlock(desk, visit, request.args);
      case 'reload':
        return desk.reload(visit.person, request.args.reason);
      case 'config':
        return configText(desk, request.args);
      case 'config-history':
        return configHistory(desk, visit);
      case 'config-rollback':
        return desk.configuration.rollback(visit.person, request.args);
      case 'routes':
        return showRoutes(desk, visit);
      case 'route-test':
        return testRoute(desk, request.args);
      case 'trace-start':
        return traceStart(desk, visit, request.args);
      case 'trace-ls':
        return { traces: desk.traces.all() };
      case 'trace-show':
        return traceShow(desk, visit, request.args);
      case 'trace-stop':
        return traceStop(desk, visit, request.args);
      case 'enrol':
        return this.#inTurn(() => enrol(desk, visit, request.args));
    }
  }

  /** A refusal to a person of the register is journalled; a stranger's could be made without end. */
  async #admit(command: CommandName, visit: Visit): Promise<void> {
    try {
      requireRole(command, visit.roles);
    } catch (refusal) {
      const detail = { command, refused: 'role' };
      if (visit.roles.length > 0)
        await this.#desk.act(visit.person, { kind: 'note', event: 'security', detail });
      throw refusal;
    }
  }

  /** One at a time, and beside everything else: it may take its time. */
  #probe({ name, tls }: Commands['upstream-probe']['args']): Promise<End> {
    const mine = this.#lastProbe.then(async () => ({ steps: await this.#desk.probe(name, tls) }));
    // Its failure is its caller's; the next in turn starts all the same.
    this.#lastProbe = mine.catch(() => undefined);
    return mine;
  }

  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(job);
    // Its failure is its caller's; the next in turn starts all the same.
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

/** What a client is told of a failure: a fault as it is, anything else without its words. */
export function faultOf(error: unknown): MscFault {
  if (error instanceof MscFault) return error;
  const isJournal = error instanceof Error && error.name === 'JournalFault';
  if (!isJournal) return new MscFault('MSC-9001', { cause: error });
  const code = 'code' in error ? error.code : undefined;
  if (code === 'JOURNAL_FULL') return new MscFault('MSC-3106', { cause: error });
  return new MscFault(code === 'JOURNAL_BUSY' ? 'MSC-3120' : 'MSC-3101', { cause: error });
}
