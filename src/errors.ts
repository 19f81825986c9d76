// Faults: what the world does to us, each with a code for programs and a sentence for people.
// The list is closed: a fault without an entry here does not compile. docs/errors.md is made from it.
// A fault is thrown at the edge and handled where the retry or the exit is decided.
// It never carries message text, a password or a key.

import { purgeFaults } from '#src/errors-purge';
import { segmentFaults } from '#src/errors-segments';

/** Exit codes of every command. @source operator-experience 3 */
export type ExitCode = 0 | 1 | 64 | 65 | 66 | 69 | 70 | 73 | 74 | 75 | 76 | 77 | 78;

interface FaultMeaning {
  /** What is wrong, as a person is told; a detail may follow it after a colon. */
  readonly sentence: string;
  readonly exit: ExitCode;
  /** The next command to type, or the next thing to do. */
  readonly next: string;
}

/** 10 input and output, 11 configuration, 12 control, 13 register and people,
 *  14 traces, 15 support bundles, 16 what is asked for by name, 17 releases of text, 21 certificates, 22 listeners,
 *  23 upstreams, 24 service manager, 31 journal, 90 ourselves. A code is never given a second meaning. */
export const faults = {
  'MSC-1001': {
    sentence: 'the command line is wrong',
    exit: 64,
    next: 'msc --help',
  },
  'MSC-1002': {
    sentence: 'an answer is needed and there is no terminal to ask',
    exit: 64,
    next: 'give the flag that answers it, or --yes',
  },
  'MSC-1003': {
    sentence: 'needs Node 26 or newer',
    exit: 78,
    next: 'npx msc --help',
  },
  'MSC-1004': {
    sentence: 'the input is not what it should be',
    exit: 65,
    next: 'correct the input and run the command again',
  },
  'MSC-1005': {
    sentence: 'a file is missing or cannot be read',
    exit: 66,
    next: 'check the path and its permissions',
  },
  'MSC-1006': {
    sentence: 'a file or folder cannot be created',
    exit: 73,
    next: 'check the permissions of the folder and its free space',
  },
  'MSC-1007': {
    sentence: 'reading or writing failed',
    exit: 74,
    next: 'check the disk',
  },
  'MSC-1008': {
    sentence: 'there is no such code',
    exit: 1,
    next: 'read docs/errors.md, which holds them all',
  },
  'MSC-1101': {
    sentence: 'the configuration is wrong',
    exit: 78,
    next: 'msc config check FILE',
  },
  'MSC-1102': {
    sentence: 'no configuration was named and none was found',
    exit: 78,
    next: 'msc init',
  },
  'MSC-1103': {
    sentence: 'the configuration file is not TOML',
    exit: 78,
    next: 'msc config check FILE',
  },
  'MSC-1104': {
    sentence: 'unknown key',
    exit: 78,
    next: 'msc config show',
  },
  'MSC-1105': {
    sentence: 'this setting cannot change while the switch runs; nothing was changed',
    exit: 78,
    next: 'put the old value back, or restart the switch',
  },
  'MSC-1106': {
    sentence: 'no such version of the configuration is kept',
    exit: 1,
    next: 'msc config history',
  },
  'MSC-1107': {
    sentence: 'there is no such setting',
    exit: 1,
    next: 'msc config show',
  },
  'MSC-1201': {
    sentence: 'the switch cannot be reached',
    exit: 69,
    next: 'msc serve --config FILE, or name its socket with --socket',
  },
  'MSC-1202': {
    sentence: 'your role does not allow this',
    exit: 77,
    next: 'ask an administrator for the role in the register',
  },
  'MSC-1203': {
    sentence: 'the switch is busy or draining',
    exit: 75,
    next: 'try again in a moment',
  },
  'MSC-1204': {
    sentence: 'the switch did not answer in time',
    exit: 75,
    next: 'msc status --timeout 30s',
  },
  'MSC-1205': {
    sentence: 'the answer of the switch does not follow the control protocol',
    exit: 76,
    next: 'msc version, on both sides',
  },
  'MSC-1206': {
    sentence: 'who you are could not be proved',
    exit: 77,
    next: 'run the command on the machine of the switch, as yourself',
  },
  'MSC-1207': {
    sentence: 'the switch is down, and its journal is not yours to read meanwhile',
    exit: 69,
    next: 'start the switch, or run the command as the user it runs as',
  },
  'MSC-1208': {
    sentence: 'the switch is down, and a look at message text has to be journalled before it',
    exit: 69,
    next: 'start the switch and run the command again; without text: msc journal search',
  },
  'MSC-1301': {
    sentence: 'the registry file is wrong',
    exit: 65,
    next: 'msc registry apply FILE --dry-run',
  },
  'MSC-1302': {
    sentence: 'there is no such user',
    exit: 1,
    next: 'msc user add USER',
  },
  'MSC-1303': {
    sentence: 'the password breaks the rules',
    exit: 65,
    next: 'msc user passwd USER',
  },
  'MSC-1304': {
    sentence: 'too many passwords are waiting to be checked',
    exit: 75,
    next: 'try again in a moment',
  },
  'MSC-1305': {
    sentence: 'the register cannot take this change',
    exit: 65,
    next: 'msc registry apply FILE --dry-run',
  },
  'MSC-1306': {
    sentence: 'nobody can send from there',
    exit: 1,
    next: 'msc status --json, which names every station and its mnemonics',
  },
  'MSC-1401': {
    sentence: 'there is nothing of that name to trace',
    exit: 1,
    next: 'msc status --json, which names stations and upstreams',
  },
  'MSC-1402': {
    sentence: 'there is no such trace',
    exit: 1,
    next: 'msc trace ls',
  },
  'MSC-1403': {
    sentence: 'too many traces run',
    exit: 75,
    next: 'msc trace ls, then msc trace stop ID',
  },
  'MSC-1501': {
    sentence: 'this is no support bundle, or it was changed',
    exit: 65,
    next: 'msc support bundle',
  },
  'MSC-1601': {
    sentence: 'there is no such link, terminal, upstream or queue',
    exit: 1,
    next: 'msc link ls, msc terminal ls, msc upstream ls or msc queue ls',
  },
  'MSC-1602': {
    sentence: 'nothing can be sent to this terminal now',
    exit: 1,
    next: 'msc terminal show NAME',
  },
  'MSC-1603': {
    sentence: 'this needs a terminal to draw on',
    exit: 64,
    next: 'msc status --watch, msc link ls',
  },
  'MSC-1701': {
    sentence: 'a release of criminal history needs its case, requester and recipient',
    exit: 64,
    next: 'add --case, --requester and --recipient (--for-case and so on in a search)',
  },
  'MSC-1702': {
    sentence: 'the journal cannot be printed there',
    exit: 1,
    next: 'msc terminal ls, which names the printers; ./NAME is a file',
  },
  'MSC-1703': {
    sentence: 'this is too much to print',
    exit: 65,
    next: 'narrow it, or take it as a file: msc journal export',
  },
  'MSC-1704': {
    sentence: 'this makes too many groups to count',
    exit: 65,
    next: 'count by fewer columns, or over a shorter time',
  },
  'MSC-1705': {
    sentence: 'no index helps here: every text would be read',
    exit: 64,
    next: 'name a field or a filter beside it, or add --scan and a time, such as --last 4h',
  },
  'MSC-1706': {
    sentence: 'there is no such job of yours',
    exit: 1,
    next: 'msc journal jobs ls',
  },
  'MSC-1707': {
    sentence: 'too many searches run as jobs',
    exit: 75,
    next: 'msc journal jobs ls, then msc journal jobs cancel JOB',
  },
  'MSC-1708': {
    sentence: 'there is no saved search of this name',
    exit: 1,
    next: 'msc journal saved ls',
  },
  ...purgeFaults,
  'MSC-2101': {
    sentence: 'a certificate or key file cannot be used',
    exit: 78,
    next: 'msc cert check',
  },
  'MSC-2102': {
    sentence: 'a certificate cannot be made from this',
    exit: 65,
    next: 'msc cert issue --help',
  },
  'MSC-2103': {
    sentence: 'a certificate was made and does not verify; it was thrown away',
    exit: 70,
    next: 'report it with the output of msc version',
  },
  'MSC-2107': {
    sentence: 'a certificate ends soon',
    exit: 1,
    next: 'msc cert issue NAME',
  },
  'MSC-2108': {
    sentence: 'a certificate has expired',
    exit: 78,
    next: 'msc cert issue NAME',
  },
  'MSC-2109': {
    sentence: 'a list of revoked certificates cannot be used',
    exit: 78,
    next: 'msc config check FILE',
  },
  'MSC-2110': {
    sentence: 'a list of revoked certificates ends soon',
    exit: 1,
    next: 'msc cert revoke, put the list in place, msc config reload',
  },
  'MSC-2111': {
    sentence: 'a list of revoked certificates has expired',
    exit: 78,
    next: 'msc cert revoke, put the list in place, msc config reload',
  },
  'MSC-2201': {
    sentence: 'the port is in use',
    exit: 75,
    next: 'msc status, to see whether the switch runs already',
  },
  'MSC-2202': {
    sentence: 'the address cannot be listened on',
    exit: 78,
    next: 'msc config check FILE',
  },
  'MSC-2203': {
    sentence: 'too few file descriptors, connections are dropped',
    exit: 75,
    next: 'raise LimitNOFILE of the service, or lower listen.connections_max, and restart it',
  },
  'MSC-2301': {
    sentence: 'the upstream cannot be reached',
    exit: 75,
    next: 'msc status',
  },
  'MSC-2401': {
    sentence: 'the service manager waits for signs of life, and none can be sent',
    exit: 78,
    next: 'install /usr/bin/systemd-notify, or print the unit anew: msc service unit',
  },
  'MSC-3101': {
    sentence: 'the journal could not be written or read; nothing more was acknowledged',
    exit: 74,
    next: 'check the disk, then start the switch again: it recovers by itself',
  },
  'MSC-3102': {
    sentence: 'the journal was altered, cut or reordered',
    exit: 1,
    next: 'keep the files as they are; msc journal verify',
  },
  'MSC-3103': {
    sentence: 'the journal is in use by another process',
    exit: 75,
    next: 'msc status',
  },
  'MSC-3104': {
    sentence: 'the journal was written by a newer version than this one',
    exit: 78,
    next: 'msc version',
  },
  'MSC-3105': {
    sentence: 'there is no journal in this folder',
    exit: 66,
    next: 'msc journal verify --journal DIR',
  },
  'MSC-3106': {
    sentence: 'the disk of the journal is full or does not answer; the switch takes nothing new',
    exit: 75,
    next: 'make room, or look at why the disk is slow; the switch goes on by itself',
  },
  'MSC-3107': {
    sentence: 'there is a journal, and you may not read it',
    exit: 74,
    next: 'run it as the user of the switch or as root, or on a copy in a folder of your own',
  },
  ...segmentFaults,
  'MSC-9001': {
    sentence: 'this is a fault of msc itself',
    exit: 70,
    next: 'report it with the output of msc version',
  },
} as const satisfies Readonly<Record<`MSC-${number}`, FaultMeaning>>;

export type FaultCode = keyof typeof faults;

export interface FaultOptions {
  /** What exactly: a path, a key, a name. No message text, no secret. */
  readonly detail?: string | undefined;
  /** A better next step than the one of the list. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** A fault with its code. `message` is the sentence with its detail, without the code. */
export class MscFault extends Error {
  readonly code: FaultCode;
  readonly exit: ExitCode;
  readonly hint: string;

  constructor(code: FaultCode, options: FaultOptions = {}) {
    const { sentence, exit, next } = faults[code];
    const { detail, hint, cause } = options;
    super(detail === undefined ? sentence : `${sentence}: ${detail}`, { cause });
    this.name = 'MscFault';
    this.code = code;
    this.exit = exit;
    this.hint = hint ?? next;
  }
}

/** Whether text is a code of the list, as `msc error CODE` is asked. */
export function isFaultCode(text: string): text is FaultCode {
  return Object.hasOwn(faults, text);
}
