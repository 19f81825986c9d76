// The commands of msc-sim with their flags and help, by commander. Building them runs nothing.

import { Command, InvalidArgumentError, Option } from 'commander';
import { runSingleHost, runState } from './host-command.ts';
import type { HostOptions, StateOptions } from './host-options.ts';
import { hostTable } from './host-table.ts';
import { linksMax } from './load/places.ts';
import { runLoad } from './load-command.ts';
import type { LoadCommandOptions } from './load-command.ts';
import { runJournal } from './state/journal-command.ts';
import type { JournalCommandOptions } from './state/journal-command.ts';
import { runTerminal } from './terminal-command.ts';
import type { TerminalCommandOptions } from './terminal-command.ts';
import { parseDate } from './ncic/calendar.ts';
import { runWorld } from './world/command.ts';
import type { WorldCommandOptions } from './world/command.ts';
import { sizeMax } from './world/world.ts';

/** Parsing runs the command that is asked for. */
export function buildProgram(): Command {
  const program = new Command('msc-sim')
    .description('Simulated ends for msc: a state host, a terminal, a load. All data is invented.')
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  addHosts(program);
  addJournal(program);
  addTerminal(program);
  addLoad(program);
  addWorld(program);
  return program;
}

function addHosts(program: Command): void {
  const host = program.command('host').description('a simulated host that switches dial');
  addHubFlags(
    hostCommand(
      host,
      'state',
      '127.0.0.1:7445',
      'the message switch of the state: takes what switches send and passes it on to the hosts behind',
    ),
  ).action((options: StateOptions) => runState(options));
  for (const row of hostTable) {
    const command = hostCommand(
      host,
      row.name,
      row.listen,
      `${row.description}, on a line of its own`,
    );
    for (const { flags, description } of row.flags) command.option(flags, description);
    command.action((options: HostOptions) => runSingleHost(row, options));
  }
}

function addJournal(program: Command): void {
  program
    .command('journal')
    .description("messages of one operator in the hub's own journal, newest first")
    .requiredOption('--data <dir>', 'the folder that "host state --data" writes')
    .requiredOption('--oif <oif>', 'the operator: six letters or digits')
    .option('--since <time>', 'not before this time, as 2031-03-02T09:14:00Z')
    .option('--count <n>', 'at most so many, 1 to 1000000', within(1, 1_000_000), 1_000)
    .option('--json', 'one JSON object a line')
    .addHelpText('after', '\nExit 1 when nothing is found.')
    .action((options: JournalCommandOptions) => {
      process.exitCode = runJournal(options);
    });
}

function addTerminal(program: Command): void {
  program
    .command('terminal')
    .description('a line terminal: types message texts, shows answers')
    .argument('[name]', 'station; with --demo also its mnemonic, default the first terminal')
    .option('--demo <file>', 'demo.json of a demonstration that is up')
    .option('--connect <host:port>', 'the switch, without --demo')
    .option('--cert <file>', 'certificate of the station')
    .option('--key <file>', 'its key')
    .option('--ca <file>', 'who signed the certificate of the switch')
    .option('--server-name <name>', 'the name in that certificate, where it is not the host')
    .option('--user <name>', 'who signs on; with --demo default the first')
    .option('--password-file <file>', 'a file whose first line is the password')
    .option('--mnemonic <name>', 'the mnemonic to sign on with')
    .option('--pool <name>', 'the pool to borrow a mnemonic from')
    .option('--script <file>', 'send its lines one after the other (-: standard input), then leave')
    .option('--timeout <seconds>', 'how long an answer is awaited', within(1, 3_600), 60)
    .addHelpText(
      'after',
      `
Two windows on one station displace each other: the newer one ends the line of
the older (C09). Give every window a station of its own.

Example: msc-sim terminal DEMO-DISP-01 --demo demo/demo.json --user jdoe`,
    )
    .action(async (name: string | undefined, options: TerminalCommandOptions) => {
      process.exit(await runTerminal(name, options));
    });
}

function addLoad(program: Command): void {
  program
    .command('load')
    .description('many links, a rate that nothing slows down, and what became of each message')
    .option('--demo <file>', 'demo.json of a demonstration that is up')
    .option('--stations <file>', 'a list of stations of your own (docs/simulators.md)')
    .option('--rate <n>', 'messages a second, all links together, up to 10000', '10')
    .option('--mix <kind=n,...>', 'query, hit, person, gun, admin, and how often each', 'query=1')
    .option('--links <n>', `use so many of the stations, 1 to ${linksMax}`, within(1, linksMax))
    .option('--for <time>', 'how long, as 30s, 10m or 1h', '10s')
    .option('--burst <n/time...>', 'so many more at one moment, so often: 500/10s')
    .addOption(
      new Option('--arrivals <how>', 'by chance, or evenly spaced')
        .choices(['poisson', 'even'])
        .default('poisson'),
    )
    .option('--seed <n>', 'the same seed gives the same arrivals', within(0, 9_999_999), 1)
    .option('--timeout <seconds>', 'an answer after this is late', within(1, 3_600), 60)
    .option('--json', 'one JSON object instead of a table')
    .option('--i-own-this-network', 'the switch is not on this computer, and may be loaded')
    .addHelpText(
      'after',
      `
Latencies count from the time a message was due, so a pause of the switch shows
in full.
Exit 1 where a message was lost or came out of order.

Example:
  msc-sim load --demo demo/demo.json --rate 50 --mix query=8,admin=1 --for 1m`,
    )
    .action(async (options: LoadCommandOptions) => {
      process.exit(await runLoad(options));
    });
}

function addWorld(program: Command): void {
  program
    .command('world')
    .description(
      'an invented world, always the same for a seed: people, vehicles, records, histories',
    )
    .option(
      '--seed <n>',
      'the same seed gives the same world, 0 to 9999999',
      within(0, 9_999_999),
      1,
    )
    .option('--size <n>', `records in all, 1 to ${sizeMax}`, within(1, sizeMax), 10_000)
    .requiredOption('--out <dir>', 'an empty folder, or a new one in a folder that is there')
    .option('--today <date>', 'the day it is seen from; default 2030-11-15', calendarDay)
    .option('--json', 'one JSON object instead of a few lines')
    .addHelpText(
      'after',
      `
A larger world of the same seed and day has all people of a smaller one. Nobody
in it exists. With --today its dates are of the past on that day, so that a
locate or a cancel of today fits.

Example: msc-sim world --seed 7 --size 10000 --out world`,
    )
    .action((options: WorldCommandOptions) => runWorld(options));
}

/** A date of the files, 1900 to 2199. */
function calendarDay(text: string): string {
  const day = /^(19|20|21)\d\d-\d\d-\d\d$/.test(text)
    ? parseDate(text.replaceAll('-', ''))
    : undefined;
  if (day !== undefined) return text;
  throw new InvalidArgumentError('It is a date such as 2030-11-15.');
}

function within(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,7}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It is a whole number from ${min} to ${max}.`);
  };
}

/** What every host has; its name is its own in capitals. */
function hostCommand(host: Command, name: string, listen: string, description: string): Command {
  return host
    .command(name)
    .description(description)
    .option('--listen <host:port>', 'where to listen; port 0 takes a free one', listen)
    .requiredOption('--cert <file>', 'its certificate (serverAuth)')
    .requiredOption('--key <file>', 'its key')
    .requiredOption('--ca <file>', 'who signed the certificates of the switches')
    .requiredOption('--station <name...>', 'switches that may come')
    .option('--mnemonic <name...>', 'mnemonics that WELCOME names')
    .option('--name <name>', 'what it calls itself', name.toUpperCase())
    .option('--ori <ori>', 'its own agency, in what it says itself', 'CA0990000')
    .option('--unsolicited-to <name>', 'mnemonic for what has no other; default the first one')
    .option('--window <n>', 'messages on their way, 1 to 1024', within(1, 1024), 512)
    .option('--frame-bytes <n>', 'longest body, 4096 to 1048576', within(4096, 1_048_576), 32_768)
    .option('--keep-alive-ms <ms>', '5000 to 300000', within(5_000, 300_000), 30_000)
    .option('--control <path>', 'a Unix socket that takes commands; "help" lists them')
    .option('--clock <time>', 'begin at this time, as 2031-03-02T09:14:00Z, or +3d')
    .option('--world <dir>', 'the folder that "msc-sim world" made; a small set without it')
    .option('--slow <ms>', 'every answer waits so long', within(0, 600_000), 0)
    .option('--silent', 'acknowledge, but keep the answers back')
    .option('--twice', 'send every answer twice')
    .option('--swap', 'every second answer passes the one before it')
    .option('--nobody', 'answers carry a reference that nobody gave')
    .option('--cross', 'answers carry the reference of another request')
    .option('--garbage', 'octets that are no text instead of every answer')
    .addOption(new Option('--out <how>', 'out of service').choices(['hold', 'remove']))
    .option('--parts', 'one answer for each record found')
    .option('--no-final', 'never set FINAL')
    .option('--no-acks', 'take messages without acknowledging them');
}

/** What the hub has besides: its memory, its directory, and where its hosts are. */
function addHubFlags(command: Command): Command {
  command
    .option('--data <dir>', 'where its journal lies; in memory without it')
    .option('--directory <file>', 'mnemonics that may speak; any without it')
    .option('--line-name <name>', 'its name as a station of its hosts; default its own name')
    .option('--line-cert <file>', 'its certificate as a station (clientAuth)')
    .option('--line-key <file>', 'the key of that')
    .option('--line-ca <file>', 'who signed the certificates of the hosts')
    .addOption(
      new Option('--when-down <how>', 'what comes for a host whose line is down')
        .choices(['hold', 'remove'])
        .default('hold'),
    );
  for (const { name, flags } of hostTable) {
    command.option(`--${name} <host:port>`, `dial ${name} there, instead of having it inside`);
    for (const flag of flags) if (flag.ofHub) command.option(flag.flags, flag.description);
  }
  return command;
}
