// What the demonstration is made of (contracts 1): stations, pools, people, and the files that say so.
// Data and pure functions. Everything in it is invented; county 099 is not a county.

import type { CertificateUsage } from '#src/access/certificate';

export const demoOri = 'CA0990100';
const otherOri = 'CA0990200';

interface DemoPerson {
  readonly user: string;
  readonly name: string;
  readonly oif: string;
  readonly agency: string;
  readonly pools: readonly string[];
  /** Without it `demoKeys`. */
  readonly sends?: readonly string[];
}

export interface DemoStation {
  readonly name: string;
  readonly role: 'terminal' | 'host' | 'printer';
  readonly agency?: string;
  readonly mnemonic?: string;
  readonly pool?: string;
  readonly mnemonics?: readonly string[];
  /** A terminal's address field, and the parts of the device it is composed from. */
  readonly taf?: string;
  readonly device?: string;
  readonly tafs?: readonly string[];
  readonly tafRequired?: readonly string[];
}

export const demoStations: readonly DemoStation[] = [
  {
    ...{ name: 'DEMO-DISP-01', role: 'terminal', mnemonic: 'QZ01', agency: demoOri },
    taf: '010020003045113A01',
    device: '{ kind = "ip12mac6", ip = "10.20.3.45", mac = "00:1B:44:11:3A:01" }',
  },
  {
    ...{ name: 'DEMO-DISP-02', role: 'terminal', mnemonic: 'QZ02', agency: demoOri },
    taf: '113A02',
    device: '{ kind = "mac6", mac = "00:1B:44:11:3A:02" }',
  },
  {
    ...{ name: 'DEMO-DISP-03', role: 'terminal', mnemonic: 'QZ03', agency: otherOri },
    taf: 'DISP03WEST',
    device: '{ kind = "id", id = "DISP03WEST" }',
  },
  mobile('DEMO-MDT-01', 'MDT000001'),
  mobile('DEMO-MDT-02', 'MDT000002'),
  mobile('DEMO-MDT-03', 'MDT000003'),
  {
    ...{ name: 'DEMO-CAD-01', role: 'host', agency: demoOri, mnemonics: ['QC01', 'QC02'] },
    ...{ tafs: ['113AB7', '223BC8'], tafRequired: ['QC02'] },
  },
  { name: 'DEMO-PRT-01', role: 'printer', agency: demoOri, mnemonics: ['QP01'] },
];

export const demoPools = [
  { name: 'MDT', mnemonics: ['QM01', 'QM02'], sharing: 'exclusive', destination: 'QP01' },
] as const;

export const demoKeys = ['AM', 'QV', 'QW', 'QG', 'QA', 'QB'] as const;

/** What the desk that confirms hits sends besides. */
export const deskKeys = [...demoKeys, 'YQ', 'YR', 'LV'] as const;

export const demoPeople = [
  { user: 'jdoe', name: 'J. Doe', oif: 'J10442', agency: demoOri, pools: ['MDT'] },
  { user: 'mroe', name: 'M. Roe', oif: 'M20817', agency: demoOri, pools: ['MDT'] },
  { user: 'lock', name: 'L. Ock', oif: 'L30001', agency: demoOri, pools: ['MDT'] },
  { user: 'poe', name: 'P. Oe', oif: 'P40404', agency: otherOri, pools: [] },
  { user: 'hroe', name: 'H. Roe', oif: 'H50505', agency: demoOri, pools: ['MDT'], sends: deskKeys },
] as const satisfies readonly DemoPerson[];

/** Our station name at the state's host. */
export const upstreamStation = 'DEMO-SWITCH';

/** Every certificate, by the name of its files. */
export const demoCertificates: readonly {
  readonly name: string;
  readonly subject: string;
  readonly usage: CertificateUsage;
}[] = [
  { name: 'switch', subject: 'localhost', usage: 'switch' },
  { name: 'state', subject: 'localhost', usage: 'switch' },
  { name: upstreamStation, subject: upstreamStation, usage: 'station' },
  ...demoStations.map(({ name }) => ({ name, subject: name, usage: 'station' as const })),
];

export interface Ports {
  readonly stations: number;
  readonly http: number;
  readonly state: number;
}

/** The configuration; paths are relative to its folder. */
export function demoConfig(ports: Ports): string {
  return `# Written anew by every start of msc demo.
[switch]
name = "DEMO-099"
county = "EXAMPLE"
ori = "${demoOri}"

[listen]
address = "127.0.0.1:${ports.stations}"

[tls]
cert_file = "tls/switch.pem"
key_file = "tls/switch.key"
client_ca_file = "tls/ca.pem"

[http]
address = "127.0.0.1:${ports.http}"

[control]
socket = "run/control.sock"

[data]
folder = "."

[upstreams.STATE]
address = "127.0.0.1:${ports.state}"
server_name = "localhost"
station = "${upstreamStation}"
cert_file = "tls/${upstreamStation}.pem"
key_file = "tls/${upstreamStation}.key"
ca_file = "tls/ca.pem"
routes = ["state"]
`;
}

/**
 * The register file.
 *
 * @param fingerprints Of each station's certificate, by its name.
 * @param login Who started the demonstration, and has every operator role in it.
 */
export function demoRegistry(fingerprints: ReadonlyMap<string, string>, login: string): string {
  const agencies = [
    `[agencies.${demoOri}]\nname = "Example County Sheriff"\nmnemonic = "QZ01"`,
    `[agencies.${otherOri}]\nname = "Example City Police"\nmnemonic = "QZ03"`,
  ];
  const stations = demoStations.map((station) => stationTable(station, fingerprints));
  const mnemonics = demoStations.flatMap(({ agency, mnemonic, mnemonics: own = [] }) =>
    [...(mnemonic === undefined ? [] : [mnemonic]), ...own].map(
      (each) => `${each} = { agency = "${agency ?? demoOri}" }`,
    ),
  );
  const lent = demoPools.flatMap((pool) => pool.mnemonics.map((mnemonic) => `${mnemonic} = {}`));
  const pools = demoPools.map(
    ({ name, mnemonics: own, sharing, destination }) =>
      `[pools.${name}]\nmnemonics = ${JSON.stringify(own)}\nsharing = "${sharing}"\ndestination = "${destination}"`,
  );
  const operator = `[operators.${JSON.stringify(login)}]\nroles = ["operator", "supervisor", "auditor", "admin"]`;
  const mnemonicTable = ['[mnemonics]', ...mnemonics, ...lent].join('\n');
  return `${[...agencies, ...stations, mnemonicTable, ...pools, operator].join('\n\n')}\n`;
}

function mobile(name: string, taf: string): DemoStation {
  return { name, role: 'terminal', pool: 'MDT', taf, device: `{ kind = "id", id = "${taf}" }` };
}

function stationTable(station: DemoStation, fingerprints: ReadonlyMap<string, string>): string {
  const { name, role, agency, mnemonic, pool, mnemonics, device, tafs, tafRequired } = station;
  const fingerprint = fingerprints.get(name);
  const lines: readonly (readonly [string, unknown])[] = [
    ['role', role],
    ['agency', agency],
    ['mnemonic', mnemonic],
    ['mnemonics', mnemonics],
    ['pools', pool === undefined ? undefined : [pool]],
    ['tafs', tafs],
    ['taf_required', tafRequired],
    ['fingerprints', fingerprint === undefined ? undefined : [fingerprint]],
  ];
  // Strings and lists of strings are written alike in JSON and TOML.
  const written = lines.filter(([, value]) => value !== undefined);
  return [
    `[stations.${name}]`,
    ...written.map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
    ...(device === undefined ? [] : [`taf = ${device}`]),
  ].join('\n');
}
