// The form of the register file: what `msc registry apply FILE` takes. People are not in it.
// One JSON Schema, as for the configuration; references between records are the matter of
// register-rules.ts. An example is config/registry.example.toml.

import type { OperatorRole, PoolRecord, StationRole, TafKind } from '#journal/register';
import { choice, list, section, text, yesNo, type Node, whole } from '#src/toml/nodes';
import { compileSchema } from '#src/toml/validator';
import { tafKinds } from './taf.ts';

/** The file as written, after validation and with its defaults. */
export interface WrittenRegister {
  readonly agencies: Readonly<Record<string, WrittenAgency>>;
  readonly stations: Readonly<Record<string, WrittenStation>>;
  readonly mnemonics: Readonly<Record<string, WrittenMnemonic>>;
  readonly pools: Readonly<Record<string, WrittenPool>>;
  readonly operators: Readonly<Record<string, { readonly roles: readonly OperatorRole[] }>>;
}

export interface WrittenAgency {
  readonly name: string;
  readonly state: 'active' | 'suspended';
  readonly may_use: readonly string[];
  readonly mnemonic?: string;
}

export interface WrittenStation {
  readonly role: StationRole;
  readonly state: 'enabled' | 'disabled' | 'suspended';
  readonly agency?: string;
  readonly mnemonic?: string;
  readonly mnemonics?: readonly string[];
  readonly pools: readonly string[];
  readonly taf?: WrittenTaf;
  readonly tafs: readonly string[];
  readonly taf_required: readonly string[];
  readonly unattended: boolean;
  readonly refusals_stored_per_minute?: number;
  readonly refusals_per_minute?: number;
  readonly place?: string;
  readonly fingerprints: readonly string[];
}

export interface WrittenTaf {
  readonly kind: TafKind;
  readonly ip?: string;
  readonly mac?: string;
  readonly id?: string;
}

export interface WrittenMnemonic {
  readonly agency?: string;
  readonly sends?: readonly string[];
  readonly takes?: readonly string[];
}

export interface WrittenPool {
  readonly mnemonics: readonly string[];
  readonly sharing: PoolRecord['sharing'];
  readonly destination?: string;
}

const forms = {
  ori: { form: 'an ORI: two letters and seven of A-Z and 0-9', pattern: '^[A-Z]{2}[A-Z0-9]{7}$' },
  mnemonic: { form: 'a mnemonic: four of A-Z and 0-9', pattern: '^[A-Z0-9]{4}$' },
  station: { form: '1 to 128 printable characters', pattern: '^[\\x21-\\x7e]{1,128}$' },
  pool: { form: '1 to 32 of A-Z, 0-9 and hyphen', pattern: '^[A-Z0-9][A-Z0-9-]{0,31}$' },
  login: { form: 'a login name of this machine', pattern: '^[a-z_][a-z0-9_.-]{0,31}\\$?$' },
  line: { form: '1 to 128 printable characters and blanks', pattern: '^[\\x20-\\x7e]{1,128}$' },
  key: {
    form: 'a message key, or @ and a group of keys',
    pattern: '^(@[a-z][a-z0-9-]*|[A-Z$][A-Z0-9$.-]{0,4})$',
  },
  taf: { form: '6 to 18 of A-Z and 0-9', pattern: '^[A-Z0-9]{6,18}$' },
  fingerprint: { form: 'a SHA-256 fingerprint: 64 of 0-9 and a-f', pattern: '^[0-9a-f]{64}$' },
} as const;

const one = (form: keyof typeof forms, why: string): Node => text({ why, ...forms[form] });
const many = (form: keyof typeof forms, why: string): Node => ({
  ...list({ why, of: one(form, '') }),
  'x-form': `a list without repeats, each ${forms[form].form}`,
  minItems: 0,
});
const none = (node: Node): Node => ({ ...node, default: [] });

const agency = section(
  'An agency, by its ORI.',
  {
    name: one('line', 'Its name.'),
    state: choice({
      why: 'A suspended one is cut off.',
      of: ['active', 'suspended'],
      default: 'active',
    }),
    may_use: none(many('ori', 'Further ORIs it may use in a message (link X05).')),
    mnemonic: one('mnemonic', 'Where what is addressed to this ORI goes.'),
  },
  ['name'],
);

const taf = section(
  'What its terminal address field is composed from (clets 2.4).',
  {
    kind: choice({ why: 'How it is composed.', of: tafKinds }),
    ip: text({ why: 'IPv4 address.', form: 'an IPv4 address', pattern: '^[0-9.]{7,15}$' }),
    mac: text({
      why: 'MAC address.',
      form: 'six octets such as 00:1B:44:11:3A:B7',
      pattern: '^[0-9A-Fa-f:-]{17}$',
    }),
    id: one('taf', 'Inventory identifier.'),
  },
  ['kind'],
);

const station = section(
  'A device, by the name in its certificate.',
  {
    role: choice({ why: 'What it is (link section 1).', of: ['terminal', 'printer', 'host'] }),
    state: choice({
      why: 'Whether it may connect (link C02, C12).',
      of: ['enabled', 'disabled', 'suspended'],
      default: 'enabled',
    }),
    agency: one('ori', 'The agency it stands with.'),
    mnemonic: one('mnemonic', 'The one static mnemonic of a terminal.'),
    mnemonics: many('mnemonic', 'The mnemonics of a host or printer.'),
    pools: none(many('pool', 'Pools a terminal without a mnemonic borrows from.')),
    taf,
    tafs: none(many('taf', 'Terminal address fields of the devices behind a host.')),
    taf_required: none(many('mnemonic', 'Mnemonics of a host that must send a TAF (clets H16).')),
    unattended: yesNo({
      why: 'Take messages while nobody is signed on (link S7).',
      default: false,
    }),
    refusals_stored_per_minute: whole({
      why: 'Refusals in a minute kept with their octets; without it as in the policy (link S12).',
      lowest: 0,
      highest: 100_000,
    }),
    refusals_per_minute: whole({
      why: 'Refusals in a minute before CLOSE C17; without it as in the policy (link S12).',
      lowest: 1,
      highest: 100_000,
    }),
    place: one('line', 'Where it stands.'),
    fingerprints: none(
      many('fingerprint', 'Certificates enrolled with the file; `msc cert issue` enrols too.'),
    ),
  },
  ['role'],
);

const mnemonic = section('A mnemonic; those of a pool have no agency, it is that of the person.', {
  agency: one('ori', 'The authorising agency.'),
  sends: many('key', 'Keys it may send; without it all (clets H22).'),
  takes: many('key', 'Keys it takes; without it all (link B02).'),
});

const pool = section(
  'Mnemonics lent at sign-on (clets 3.2).',
  {
    mnemonics: { ...many('mnemonic', 'What is lent, least recently used first.'), minItems: 1 },
    sharing: choice({
      why: 'Whether one is lent to several at once.',
      of: ['exclusive', 'shared'],
      default: 'exclusive',
    }),
    destination: one('mnemonic', 'Where unsolicited and late messages go (clets M3, M4).'),
  },
  ['mnemonics'],
);

const operator = section(
  'A person at the command line, by login name.',
  {
    roles: list({
      why: 'What that person may do (operator-experience 2).',
      of: choice({ why: 'A role.', of: ['operator', 'supervisor', 'auditor', 'admin'] }),
    }),
  },
  ['roles'],
);

function records(why: string, form: keyof typeof forms, record: Node): Node {
  const { pattern, form: words } = forms[form];
  return {
    type: 'object',
    description: why,
    'x-form': 'a table',
    default: {},
    propertyNames: { pattern, 'x-form': `named by ${words}` },
    additionalProperties: record,
  };
}

/** Of a register file. */
export const registerSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...section('The register, without people.', {
    agencies: records('Agencies.', 'ori', agency),
    stations: records('Stations.', 'station', station),
    mnemonics: records('Mnemonics.', 'mnemonic', mnemonic),
    pools: records('Pools.', 'pool', pool),
    operators: records('Operators.', 'login', operator),
  }),
} as const;

/** Whether a table is a register file. Adds the defaults to it. */
export const validateRegister = compileSchema<WrittenRegister>(registerSchema);
