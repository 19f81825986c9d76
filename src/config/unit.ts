// The systemd unit of a configuration, as `msc service unit` prints it and config/msc.service shows it.
// Pure: the same configuration gives the same octets. A path that a unit would have to quote is refused with a
// coded fault. It looks at no disk: whether the paths exist `systemd-analyze verify` says.

import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import type { Config } from './load.ts';
import { notifyProgram } from './service.ts';
import { plainPath, stateFolder } from './unit-paths.ts';

/** Content of msc.service. @throws MscFault MSC-1101 for a path that cannot stand in a unit. */
export function serviceUnit(config: Config): string {
  return [
    ...openingOf(config),
    ...unitSection(config),
    '[Service]',
    ...lifeOf(config),
    ...identityOf(config),
    ...sandbox,
    ...executable(config),
    ...network(config),
    ...limitsOf(config),
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

const openingOf = ({ service }: Config): readonly string[] => [
  '# Made by `msc service unit` from the [service] table of the configuration: change that, not this.',
  '#',
  '# Left out on purpose:',
  '#   MemoryDenyWriteExecute=  V8 compiles at run time and dies under it.',
  '#   PrivateUsers=            every other user would look like "nobody"; the person behind a command',
  '#                            is known by who owns a file, so the service must see who that is.',
  ...(service.fips === undefined
    ? [
        '#   --force-fips             only where a provider is installed: without one Node does not start.',
      ]
    : []),
  '',
];

function unitSection({ service }: Config): readonly string[] {
  const { startsMax, startsMs } = service;
  const starts =
    startsMax === 0
      ? [
          '# It always comes back: a switch that gave up is worse than one that starts often.',
          'StartLimitIntervalSec=0',
        ]
      : [`StartLimitIntervalSec=${seconds(startsMs)}`, `StartLimitBurst=${startsMax}`];
  return [
    '[Unit]',
    'Description=Law enforcement message switch',
    `Documentation=file:${join(plainPath('service.folder', service.folder), 'docs/operations.md')}`,
    'After=network-online.target time-sync.target',
    'Wants=network-online.target time-sync.target',
    ...starts,
    '',
  ];
}

function lifeOf({ file, service }: Config): readonly string[] {
  const runtime = plainPath('service.runtime', service.runtime);
  const launcher = join(plainPath('service.folder', service.folder), 'src/cli/msc.js');
  const config = plainPath('the configuration file', file);
  const node = `${runtime} ${service.fips === undefined ? '' : '--force-fips '}--disable-proto=delete`;
  return [
    '# "started" says that stations are taken: /readyz answers 200.',
    'Type=notify',
    '# What it says is sent by a child, systemd-notify: Node has no datagram sockets of this kind.',
    'NotifyAccess=all',
    '# Fed only while the loop turns and the thread of the journal answers.',
    `WatchdogSec=${seconds(service.watchdogMs)}`,
    `ExecStartPre=${node} ${launcher} config check ${config}`,
    `ExecStart=${node} --unhandled-rejections=strict --max-semi-space-size=8 ${launcher} serve --config ${config}`,
    '# Waits for the outcome: `systemctl reload` fails with the sentence that says why nothing was changed.',
    `ExecReload=${node} ${launcher} config reload --config ${config}`,
    '# A start replays what came after the newest snapshot; a large one on a slow disk takes minutes.',
    'TimeoutStartSec=15min',
    'Restart=always',
    `RestartSec=${seconds(service.restartMs)}`,
    '# It is gone after 30 s by itself.',
    'TimeoutStopSec=90',
  ];
}

function identityOf({ data, control, service }: Config): readonly string[] {
  const state = stateFolder('data.folder', data.folder, '/var/lib');
  const run = stateFolder('control.socket', dirname(control.socket), '/run');
  const written = [state, run].flatMap(({ path, below }) => (below === undefined ? [path] : []));
  return [
    'User=msc',
    'Group=msc',
    'UMask=0077',
    ...(state.below === undefined
      ? []
      : [`StateDirectory=${state.below}`, 'StateDirectoryMode=0700']),
    ...(run.below === undefined
      ? []
      : [`RuntimeDirectory=${run.below}`, 'RuntimeDirectoryMode=0755']),
    ...(written.length === 0 ? [] : [`ReadWritePaths=${written.join(' ')}`]),
    '# What was compiled is kept from one start to the next: starts are faster and need less memory.',
    'CacheDirectory=msc',
    'CacheDirectoryMode=0700',
    'Environment=NODE_COMPILE_CACHE=/var/cache/msc MALLOC_ARENA_MAX=2',
    ...fipsEnvironment(service),
    ...service.credentials.map(
      ({ name, file }) =>
        `LoadCredential=${name}:${plainPath(`service.credentials.${name}`, file)}`,
    ),
  ];
}

function fipsEnvironment({ fips }: Config['service']): readonly string[] {
  if (fips === undefined) return [];
  const config = plainPath('service.fips_config', fips.config);
  const modules = plainPath('service.fips_modules', fips.modules);
  return [`Environment=OPENSSL_CONF=${config} OPENSSL_MODULES=${modules}`];
}

const sandbox = [
  'NoNewPrivileges=yes',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'ProtectSystem=strict',
  'ProtectHome=yes',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'DevicePolicy=closed',
  'PrivateIPC=yes',
  'PrivateMounts=yes',
  'ProtectProc=invisible',
  'ProcSubset=pid',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectControlGroups=yes',
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'RemoveIPC=yes',
  'KeyringMode=private',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources',
  '# Node tries a call outside the set and copes with a refusal, not with being killed.',
  'SystemCallErrorNumber=EPERM',
];

/** The runtime, the database's own code, what both are linked to, and the child that notifies. */
function executable({ service }: Config): readonly string[] {
  const modules = join(service.folder, 'node_modules');
  const { runtime, fips } = service;
  const paths = [
    modules,
    ...(runtime.startsWith(`${modules}/`) ? [] : [runtime]),
    ...(fips === undefined ? [] : [fips.modules]),
    ...[notifyProgram, '/usr/lib', '/lib', '-/lib64'],
  ];
  return ['NoExecPaths=/', `ExecPaths=${paths.join(' ')}`];
}

function network({ listen, upstreams, service }: Config): readonly string[] {
  const own = listen.address.host;
  const addresses = [
    'localhost',
    ...(isIP(own) === 0 || anyAddress.includes(own) || isLoopback(own) ? [] : [own]),
    ...upstreams.map(({ address }) => address.host).filter((host) => isIP(host) !== 0),
    ...service.networks,
  ];
  return [
    '# Names cannot stand here: what is dialled by name, and its name server, are in service.networks.',
    'IPAddressDeny=any',
    `IPAddressAllow=${[...new Set(addresses)].join(' ')}`,
  ];
}

const anyAddress = ['0.0.0.0', '::'];
const isLoopback = (host: string): boolean => host === '::1' || host.startsWith('127.');

function limitsOf({ service }: Config): readonly string[] {
  const { filesMax, memoryBytesMax, tasksMax } = service;
  return [
    `LimitNOFILE=${filesMax}`,
    '# Memory holds keys and message text.',
    'LimitCORE=0',
    `MemoryHigh=${octets((memoryBytesMax / 4) * 3)}`,
    `MemoryMax=${octets(memoryBytesMax)}`,
    `TasksMax=${tasksMax}`,
    'OOMPolicy=stop',
    '',
  ];
}

/** A time as systemd reads it, milliseconds kept. */
function seconds(ms: number): string {
  return ms % 1000 === 0 ? String(ms / 1000) : `${ms}ms`;
}

const mebibyte = 1 << 20;
function octets(count: number): string {
  return count % mebibyte === 0 ? `${count / mebibyte}M` : String(Math.floor(count));
}
