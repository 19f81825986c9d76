// The main job, told step by step to somebody who has never seen it: sign on, ask, see the answers, search
// the journal, follow one message, prove the journal. Each step is the real program, run as a child.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { MscFault } from '#src/errors';
import type { Output } from '../output.ts';
import { demoFile } from './folder.ts';
import { mscProgram, simProgram } from './processes.ts';

/** What is asked, and a line that the answer must have. */
interface Asked {
  readonly text: string;
  readonly wanted: string;
}

/** @source contracts 1 */
const inquiries: readonly Asked[] = [
  { text: 'QV.CA0990100.LIC/2ZZZ999.LIS/CA', wanted: 'MKE/STOLEN VEHICLE' },
  { text: 'QV.CA0990100.LIC/2ZZZ998.LIS/CA', wanted: 'NO RECORD' },
  { text: 'QW.CA0990100.NAM/DOE, TESTMAN.DOB/19700101', wanted: 'MKE/WANTED PERSON - CAUTION' },
  { text: 'QG.CA0990100.SER/ZZ0042', wanted: 'MKE/STOLEN GUN' },
];

/** From the hit to the locate: the request, its answer, and the record as it is afterwards. @source clets 8 */
function confirmation(): readonly Asked[] {
  const today = Temporal.Now.plainDateISO('America/Los_Angeles').toString().replaceAll('-', '');
  const request = [
    'YQ.CA0990100.NV0990200.TXT',
    'RTY/SV.RNO/1.PRI/U.OCA/30-004400.NIC/V400120037.',
    'LIC/2ZZZ999.',
    'RNA/H ROE.RAG/EXAMPLE COUNTY SHERIFF.REM/DRIVER DETAINED',
  ];
  return [
    // The terminal ends a line where it reads this.
    { text: request.join('\\n'), wanted: 'CON/Y' },
    {
      text: `LV.CA0990100.LIC/2ZZZ999.OCA/30-004400.DOR/${today}.RCA/CA-0091`,
      wanted: 'LOCATE LIC/2ZZZ999',
    },
    { text: 'QV.CA0990100.LIC/2ZZZ999.LIS/CA', wanted: 'LOCATED/' },
  ];
}

/** @throws MscFault MSC-9001 when a step does not show what it must. */
export async function tellMainJob(folder: string, config: string, output: Output): Promise<void> {
  const say = (line: string): Promise<void> => output.print(`\n${output.bold(line)}`);
  const run = (words: readonly string[], stdin = ''): Promise<string> =>
    runChild(output, words, stdin);

  const type = async (user: string, station: string, asked: readonly Asked[]): Promise<void> => {
    const words = ['terminal', station, '--demo', demoFile(folder), '--user', user];
    const lines = asked.map(({ text }) => `${text}\n`).join('');
    const answers = await run([simProgram, ...words, '--script', '-'], lines);
    for (const { text, wanted } of asked) mustShow(answers, wanted, text);
  };

  await say('1. jdoe signs on at terminal DEMO-DISP-01 over TLS and asks four questions.');
  await type('jdoe', 'DEMO-DISP-01', inquiries);

  await say(
    '2. A hit alone is no ground to act. The desk asks the owner in another state, and locates.',
  );
  await type('hroe', 'DEMO-DISP-02', confirmation());

  await say('3. Everything is in the journal. Who asked about plate 2ZZZ999?');
  const search = [mscProgram, 'journal', 'search', 'LIC:2ZZZ999', '--reverse', '--config', config];
  await run(search);
  const first = await firstEntry([...search, '-n', '1', '-o', 'jsonl', '-q']);

  await say(`4. What became of that message (entry ${first}), from question to delivery?`);
  const why = ['--reason', 'demonstration', '--case', 'DEMO-1'];
  const thread = await run([mscProgram, 'journal', 'thread', first, ...why, '--config', config]);
  mustShow(thread, 'delivered', 'journal thread');

  await say('5. Is the journal as it was written?');
  mustShow(
    await run([mscProgram, 'journal', 'verify', '--config', config]),
    'root ',
    'journal verify',
  );
}

function mustShow(shown: string, wanted: string, step: string): void {
  if (!shown.includes(wanted))
    throw new MscFault('MSC-9001', {
      detail: `the demonstration did not show "${wanted}" for ${step}`,
    });
}

async function firstEntry(search: readonly string[]): Promise<string> {
  const found = /"entry":(\d+)/.exec(await captured(search, ''))?.[1];
  if (found === undefined) throw new MscFault('MSC-9001', { detail: 'the search found nothing' });
  return found;
}

/** Shows the command as a person types it, and what it prints. */
async function runChild(output: Output, words: readonly string[], stdin: string): Promise<string> {
  const typed = words.map((word) =>
    word === mscProgram ? 'msc' : word === simProgram ? 'msc-sim' : word,
  );
  await output.print(`$ npx ${typed.map(quoted).join(' ')}`);
  const text = await captured(words, stdin);
  await output.print(text.trimEnd().replaceAll(/^(?=.)/gm, '  '));
  return text;
}

async function captured(words: readonly string[], stdin: string): Promise<string> {
  const child = spawn(process.execPath, [...words], { stdio: ['pipe', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  // What it says beside its data is part of what a person sees.
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  child.stdin.end(stdin);
  await once(child, 'close');
  if (child.exitCode !== 0)
    throw new MscFault('MSC-9001', {
      detail: `a step of the demonstration ended with ${String(child.exitCode)}`,
    });
  return text;
}

function quoted(word: string): string {
  return /^[A-Za-z0-9_./:=-]+$/.test(word) ? word : `'${word}'`;
}
