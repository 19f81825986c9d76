// `msc route show | test`: where messages go, as the running switch decides it. A test sends nothing and leaves
// nothing behind: the switch judges a message that never was.

import type { Commands, RouteWish } from '#src/control/wire';
import type { Call } from './command.ts';
import type { Flags } from './flags.ts';
import { usage } from './flags.ts';
import { withSwitch } from './installation.ts';
import { counted, shown, wantsObject } from './output.ts';
import { RowWriter } from './rows.ts';
import type { Row } from './rows.ts';
import { formatAge } from './time.ts';

export async function showRoutes({ flags, output }: Call): Promise<number> {
  const columns = [
    { name: 'mke' },
    { name: 'to', least: 20 },
    { name: 'route' },
    { name: 'class', right: true },
    { name: 'answer', cell: (row: Row) => (row['answer'] === true ? 'awaited' : '-') },
    { name: 'group', least: 6 },
    { name: 'name', least: 10 },
  ];
  const form = { schema: 'msc.route-show/1', member: 'routes', columns };
  const writer = new RowWriter(output, form);
  await withSwitch(flags, (client) => client.call('routes', {}, (rows) => writer.write(rows)));
  await writer.end();
  return 0;
}

type Verdict = Commands['route-test']['end'];

/** Exit 0 when somebody would hear it, 1 when it would be refused. */
export async function testRoute({ flags, output }: Call): Promise<number> {
  const verdict = await withSwitch(flags, (client) => client.call('route-test', wishOf(flags)));
  if (wantsObject(output))
    await output.print(JSON.stringify({ schema: 'msc.route-test/1', ...jsonOf(verdict) }));
  else for (const line of verdictLines(verdict)) await output.print(shown(line));
  return verdict.verdict === 'heard' ? 0 : 1;
}

function wishOf(flags: Flags): RouteWish {
  const [ori, user] = [flags.text('ori'), flags.text('user')];
  return {
    from: flags.need('from', 'the mnemonic that would send it'),
    mke: flags.need('mke', 'the message key'),
    fields: flags.all('field').map(fieldOf),
    to: flags.all('to'),
    ...(ori === undefined ? {} : { ori }),
    ...(user === undefined ? {} : { user }),
  };
}

function fieldOf(text: string): { readonly code: string; readonly value: string } {
  const at = text.indexOf('=');
  if (at < 1) throw usage('--field is CODE=VALUE, such as LIC=1ZZZ999');
  return { code: text.slice(0, at), value: text.slice(at + 1) };
}

function jsonOf(verdict: Verdict): Row {
  if (verdict.verdict !== 'heard') return { ...verdict };
  const { answerMs, to, ...rest } = verdict;
  return {
    ...rest,
    ...(answerMs === undefined ? {} : { answer_seconds: answerMs / 1000 }),
    to: to.map(({ keptMs, ...hearer }) => ({
      ...hearer,
      ...(keptMs === undefined ? {} : { kept_seconds: keptMs / 1000 }),
    })),
  };
}

function verdictLines(verdict: Verdict): readonly string[] {
  switch (verdict.verdict) {
    case 'no-sender':
      return [verdict.why];
    case 'refused': {
      const { code, text, field, station } = verdict;
      const where = field === undefined ? '' : ` (field ${field})`;
      const who = verdict.user === undefined ? 'nobody signed on' : verdict.user;
      return [
        `refused ${code}: ${text}${where}`,
        `  from ${station}, ${who}`,
        `  next: msc error ${code}${code === 'U09' ? ', or name a person with --user' : ''}`,
      ];
    }
    case 'heard': {
      const { to, station, agency, answerMs } = verdict;
      const who = verdict.user === undefined ? '' : `, ${verdict.user}`;
      const answer = answerMs === undefined ? 'none' : `awaited ${formatAge(answerMs)}`;
      return [
        `accepted: ${counted(to.length, 'destination')}, answer ${answer}`,
        `  from ${station}${who}${agency === undefined ? '' : ` for ${agency}`}`,
        ...to.flatMap(({ kind, name, rule, now, class: urgency, keptMs }) => {
          const kept = keptMs === undefined ? 'until delivered' : formatAge(keptMs);
          const head = kind === 'intercept' ? 'operator intercept' : `${kind} ${name}`;
          return [`  → ${head}: ${now}`, `      rule: ${rule}; class ${urgency}, kept ${kept}`];
        }),
      ];
    }
  }
}
