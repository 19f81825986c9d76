// The settings, all of them: default, unit, lowest, highest and why. One JSON Schema 2020-12 that
// validates, helps the editor (config/msc.schema.json) and makes the page (docs/configuration.md).
// Defaults live here and nowhere else. Policy numbers may be made stricter, never looser (security 5).

import {
  choice,
  duration,
  fixed,
  list,
  path,
  section,
  size,
  text,
  whole,
  yesNo,
  type Node,
} from '#src/toml/nodes';
import { compileSchema } from '#src/toml/validator';
import { journalSection } from './journal-section.ts';
import type { Written } from './written.ts';

const address = {
  form: 'host and port, such as "127.0.0.1:7443" or "[::1]:7443"',
  pattern: '^([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\]):[0-9]{1,5}$',
};

const stationName = { form: '1 to 128 printable characters', pattern: '^[\\x21-\\x7e]{1,128}$' };

const keyWhy =
  'Its private key, PEM. A path, never the key; mode 0600. Or `credential:NAME`, one of `service.credentials`.';

const routeName = text({
  why: 'A route of the key table.',
  form: 'a name of lower-case letters, digits and hyphens',
  pattern: '^[a-z][a-z0-9-]{0,31}$',
});

const switchSection = section(
  'Who this switch is.',
  {
    name: fixed(
      text({
        why: 'Name of this switch, told to every station in WELCOME (link section 4).',
        form: '1 to 32 of A-Z, 0-9 and hyphen',
        pattern: '^[A-Z0-9][A-Z0-9-]{0,31}$',
      }),
    ),
    county: text({
      why: 'Name of the county, shown by `msc status`.',
      form: '1 to 64 printable characters',
      pattern: '^[\\x20-\\x7e]{1,64}$',
    }),
    ori: text({
      why: 'The ORI of the switch itself: the sender of its SM and ER messages (link X3).',
      form: 'an ORI: two letters and seven of A-Z and 0-9',
      pattern: '^[A-Z]{2}[A-Z0-9]{7}$',
    }),
  },
  ['name', 'county', 'ori'],
);

const listen = section('Where stations connect.', {
  address: fixed(
    text({
      why: 'Address and port that stations dial. Port 0 takes a free one, for tests.',
      ...address,
      default: '127.0.0.1:7443',
    }),
  ),
  insecure: fixed(
    yesNo({
      why: 'Listen without TLS. Only on a loopback address, only for experiments (link T3).',
      default: false,
    }),
  ),
  connections_max: whole({
    why: 'Connections at one time; one more gets CLOSE C08. Bounds the memory of the process.',
    default: 500,
    lowest: 1,
    highest: 10_000,
  }),
  connections_per_second: whole({
    why: 'New connections a second from one address; more are dropped before any TLS work.',
    default: 50,
    lowest: 1,
    highest: 10_000,
  }),
});

const tls = section(
  'Certificates of the station listener. Needed unless `listen.insecure` is true.',
  {
    cert_file: path({ why: 'Certificate of the switch, with its chain, PEM.' }),
    key_file: path({ why: keyWhy }),
    client_ca_file: path({ why: 'The CA that signs the certificates of stations (link T2).' }),
    crl_file: path({
      why: 'Lists of revoked station certificates, PEM, one of each CA. Without it none is revoked.',
    }),
    crl_expired: choice({
      why: 'What an expired list does: `refuse` every new link, or `alarm` and go on with the old list.',
      of: ['refuse', 'alarm'],
      default: 'refuse',
    }),
    minimum: choice({
      why: 'Lowest TLS version. 1.2 only while an old station needs it (link T1).',
      of: ['1.3', '1.2'],
      default: '1.3',
    }),
  },
  ['cert_file', 'key_file', 'client_ca_file'],
);

const http = section('Health and metrics.', {
  address: fixed(
    text({
      why: 'Address of /livez, /readyz, /healthz, /metrics and /version. Plain HTTP: keep it on loopback.',
      ...address,
      default: '127.0.0.1:9464',
    }),
  ),
});

const control = section('The socket of the operator commands.', {
  socket: fixed(
    path({
      why: 'Path of the Unix socket. Over 100 octets it moves to the temporary folder of the system.',
      default: '/run/msc/control.sock',
    }),
  ),
});

const data = section('What the switch keeps.', {
  folder: fixed(
    path({
      why: 'Holds the journal and the register. On a disk of its own, never on a network disk.',
      default: '/var/lib/msc',
    }),
  ),
});

const upstream = section(
  'A switch or host that this one dials, as a host station of it (link R1).',
  {
    address: text({ why: 'Address and port it listens on.', ...address }),
    server_name: text({
      why: 'Name in its certificate, where that is not the host of `address` (link T4).',
      form: 'a DNS name or an address',
      pattern: '^[A-Za-z0-9.:-]{1,253}$',
    }),
    station: text({
      why: 'Our station name there; the one in our certificate (link T2).',
      ...stationName,
    }),
    cert_file: path({ why: 'Our certificate there, PEM.' }),
    key_file: path({ why: keyWhy }),
    ca_file: path({ why: 'The CA that signed the certificate of the upstream.' }),
    routes: list({
      why: 'Routes of the key table that this upstream takes.',
      of: routeName,
      default: ['state'],
    }),
  },
  ['address', 'station', 'cert_file', 'key_file', 'ca_file'],
);

const links = section('Limits of every link, told to stations in WELCOME.', {
  frame_bytes_max: size({
    why: 'Longest body of a frame (link F3). One link may hold a window of them in memory.',
    default: '32KiB',
    lowest: '4KiB',
    highest: '1MiB',
  }),
  window: whole({
    why: 'Messages sent and not yet handled, each way (link M4).',
    default: 32,
    lowest: 1,
    highest: 1_024,
  }),
  keep_alive: duration({
    why: 'Silence before a PING; twice as long and the link is dead (link S6).',
    default: '30s',
    lowest: '5s',
    highest: '300s',
  }),
});

const policy = section('Numbers that a policy fixes. Stricter is allowed, looser is not.', {
  answer_wait: duration({
    why: 'How long an answer waits for the person it is meant for (link S7b).',
    default: '10m',
    lowest: '0s',
    highest: '24h',
  }),
  resume_sign_on: duration({
    why: 'How long a broken session keeps its sign-on (link S7a). 0s: not at all.',
    default: '5m',
    lowest: '0s',
    highest: '30m',
  }),
  sign_on_idle: duration({
    why: 'Sign-off after so long without a message (link S8, security 5).',
    default: '30m',
    lowest: '1s',
    highest: '30m',
  }),
  sign_on_age: duration({
    why: 'Sign-off at this age, however busy (security 5).',
    default: '12h',
    lowest: '1s',
    highest: '12h',
  }),
  sign_on_twice: yesNo({
    why: 'Whether one person may be signed on at two terminals at once (link U08, clets U6).',
    default: false,
  }),
  sign_on_tries: whole({
    why: 'Failed tries within `sign_on_tries_period` that lock the account (security 5).',
    default: 5,
    lowest: 1,
    highest: 5,
  }),
  sign_on_tries_period: duration({
    why: 'The period in which failed tries count together (security 5). Longer is stricter.',
    default: '15m',
    lowest: '15m',
    highest: '24h',
  }),
  session_kept: duration({
    why: 'How long the numbering of a station is kept after its last connection (link S4).',
    default: '24h',
    lowest: '24h',
    highest: '30d',
  }),
  refusals_stored_per_minute: whole({
    why: 'Refusals of one station in a minute that are journalled with their octets (link S12).',
    default: 200,
    lowest: 1,
    highest: 100_000,
  }),
  refusals_per_minute: whole({
    why: 'Refusals of one station in a minute before CLOSE C17 (link S12).',
    default: 1_000,
    lowest: 1,
    highest: 100_000,
  }),
});

const log = section('The log on standard output.', {
  level: choice({
    why: 'Least level that is written. No level writes message text or secrets.',
    of: ['debug', 'info', 'warn', 'error'],
    default: 'info',
  }),
});

const service = section(
  'The systemd unit that `msc service unit` prints; the running switch reads none of it. A change is taken when the unit is printed anew, `systemctl daemon-reload` and a restart.',
  {
    folder: path({
      why: 'Where msc was unpacked; the unit may execute nothing else but the runtime.',
      default: '/opt/msc',
    }),
    runtime: path({
      why: 'The Node that runs it; that of the package in `folder` unless told.',
    }),
    fips: yesNo({
      why: 'Start Node with `--force-fips`. Only where a FIPS provider is installed: without one Node does not start.',
      default: false,
    }),
    fips_config: path({
      why: 'OPENSSL_CONF with `fips`: loads the provider.',
      default: '/etc/msc/openssl.cnf',
    }),
    fips_modules: path({
      why: 'OPENSSL_MODULES with `fips`: the folder of the provider.',
      default: '/usr/lib/msc/ossl-modules',
    }),
    networks: list({
      why: 'Networks of the stations, and addresses of upstreams and name servers that are dialled by name. All others are cut off by the unit; localhost and upstreams that are addresses go without saying.',
      of: text({
        why: 'An address or a network.',
        form: 'an address or a network, such as "10.20.0.0/16" or "2001:db8::/32"',
        pattern: '^[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?$',
      }),
    }),
    credentials: {
      type: 'object',
      description:
        'Files that systemd reads as root and hands over at the start, by name: `switch-key = "tls/switch.key"`. Wherever a key is named, `credential:switch-key` means this one. A new key then needs a restart.',
      'x-form': 'a table of paths',
      default: {},
      propertyNames: {
        pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$',
        'x-form': 'named by 1 to 64 of letters, digits, dot, hyphen and underscore',
      },
      additionalProperties: path({ why: 'A private key, PEM.' }),
    },
    watchdog: duration({
      why: 'A switch whose loop or journal is silent for so long is ended and started anew. A disk that stands still for longer than this is a restart.',
      default: '30s',
      lowest: '10s',
      highest: '10m',
    }),
    restart_after: duration({
      why: 'From its end to its next start.',
      default: '5s',
      lowest: '1s',
      highest: '5m',
    }),
    starts_max: whole({
      why: 'systemd gives up after so many starts in `starts_period`. 0: never; a switch that gave up is worse than one that starts often.',
      default: 0,
      lowest: 0,
      highest: 1_000,
    }),
    starts_period: duration({
      why: 'The period in which starts count together.',
      default: '5m',
      lowest: '10s',
      highest: '1h',
    }),
    memory_max: size({
      why: 'More memory ends the process; at three quarters of it the system slows it down. 2 GiB carry 10,000 terminals.',
      default: '2GiB',
      lowest: '512MiB',
      highest: '64GiB',
    }),
    files_max: whole({
      why: 'Open files: `listen.connections_max` and 10,000 more, for those that wait before their TLS.',
      default: 65_536,
      lowest: 1_024,
      highest: 1_048_576,
    }),
    tasks_max: whole({
      why: 'Threads and processes; the switch needs about 20, its searches 12 more, and some for a reload.',
      default: 64,
      lowest: 32,
      highest: 1_024,
    }),
  },
);

/** Sections that may be left out whole are filled with their defaults. */
const optional = (node: Node): Node => ({ ...node, default: {} });

/** The one schema of the configuration file. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Configuration of msc',
  ...section(
    'One TOML file. Durations and sizes carry units; paths are relative to the folder of the file.',
    {
      switch: switchSection,
      listen: optional(listen),
      tls,
      http: optional(http),
      control: optional(control),
      data: optional(data),
      journal: optional(journalSection),
      upstreams: {
        type: 'object',
        description: 'One table for each upstream, by its name: `[upstreams.STATE]`.',
        'x-form': 'a table of upstreams',
        default: {},
        propertyNames: {
          pattern: '^[A-Z][A-Z0-9-]{0,15}$',
          'x-form': 'named by 1 to 16 of A-Z, 0-9 and hyphen, beginning with a letter',
        },
        additionalProperties: upstream,
      },
      links: optional(links),
      policy: optional(policy),
      log: optional(log),
      service: optional(service),
    },
    ['switch'],
  ),
} as const;

/** Whether a table is a configuration. Adds the defaults to it. */
export const validateWritten = compileSchema<Written>(schema);
