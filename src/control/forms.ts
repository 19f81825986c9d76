// The form of each command's arguments, checked before anything looks at them.
// A stranger's line gives a request or a refusal, never a throw. No refusal repeats what was sent.

import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fail, ok, type Result } from '#protocol/result';
import { searchColumns } from '#journal/query';
import { MscFault } from '#src/errors';
import { parseJson } from './lines.ts';
import type { CommandName, Request } from './wire.ts';
import { tallyColumns } from './wire-releases.ts';

/** Octets of one line: a register file is the longest thing that is sent. */
export const requestBytesMax = 4 * 1_048_576;

const line = { type: 'string', maxLength: 512, pattern: '^\\P{Cc}*$' };
const reason = { ...line, minLength: 1 };
const word = { ...line, minLength: 1, maxLength: 128 };
/** What a message may hold: the switch judges the rest of it. */
const asTyped = { type: 'string', maxLength: 512, pattern: '^[\\x20-\\x7e]*$' };
const words = { type: 'array', items: word, maxItems: 256 };
const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
const password = { type: 'string', minLength: 1, maxLength: 256 };
const yesNo = { type: 'boolean' };

const pattern = form({ kind: { enum: ['is', 'begins', 'ends'] }, value: line });
const any = someOf(pattern);
const not = { const: true };
const nameWord = form({ value: word, begins: yesNo });
const plainCondition = {
  anyOf: [
    form({ on: { const: 'column' }, column: { enum: [...searchColumns] }, any }, { not }),
    form({ on: { const: 'field' }, field: word, any }, { not }),
    form({ on: { const: 'name' }, field: word, any: someOf(someOf(nameWord)) }, { not }),
    form({ on: { const: 'text' }, any: someOf(someOf(word)) }, { not }),
  ],
};
const condition = {
  anyOf: [...plainCondition.anyOf, form({ on: { const: 'either' }, of: someOf(plainCondition) })],
};
const where = { type: 'array', items: condition, maxItems: 64 };
const bounds = { since: count, until: count, entryFrom: count, entryTo: count };
/** Why text is released, and to whom. */
const why = { reason, case: reason, requester: reason, recipient: reason };
const query = form({ where, reverse: yesNo, limit: count }, bounds);

const asked = { ...line, maxLength: 4096 };
const wish = { query, asked };
const wishes = {
  ...{ count: yesNo, scan: yesNo, job: yesNo, stay: yesNo },
  by: { enum: [...searchColumns, 'hour', 'day'] },
  zone: { type: 'string', pattern: '^[A-Za-z0-9_+/:-]{1,64}$' },
};

const act = { apply: yesNo };
const setting = { name: word, to: { enum: ['enable', 'disable'] }, ...act };

/** A JSON Schema of the arguments, by command. */
export const forms: Readonly<Record<CommandName, object>> = {
  status: form({}, { brief: yesNo }),
  links: form({}),
  link: form({ link: count }),
  'link-close': form({ link: count, ...act }, { reason }),
  'link-watch': form({}),
  terminals: form({}),
  terminal: form({ name: word }),
  'terminal-set': form(setting, { reason }),
  'terminal-test': form({ name: word, ...act }, { reason }),
  upstreams: form({}),
  upstream: form({ name: word }),
  'upstream-set': form(setting, { reason }),
  'upstream-probe': form({ name: word, tls: yesNo }),
  queues: form({}),
  queue: form({ name: word, limit: count }),
  follow: form({ where, asked }, { from: count }),
  search: form({ ...wish, text: yesNo }, { ...wishes, ...why }),
  'search-plan': form(wish, wishes),
  'job-ls': form({}),
  'job-show': form({ job: count }),
  'job-cancel': form({ job: count }),
  'job-fetch': form({ job: count, text: yesNo }, why),
  'search-settings': form({}),
  reindex: form(
    {
      wish: {
        anyOf: [
          form({ kind: { enum: ['all', 'damaged'] } }),
          form({ kind: { const: 'segment' }, entry: { ...count, minimum: 1 } }),
        ],
      },
    },
    { reason },
  ),
  'reindex-show': form({}),
  show: form({ entry: count, reason, thread: yesNo }, why),
  print: form(
    { query, asked: { ...line, maxLength: 4096 }, zone: word, apply: yesNo },
    { to: word, file: { ...line, maxLength: 4096 }, ...why },
  ),
  export: form(
    {
      ...{ query, asked: { ...line, maxLength: 4096 } },
      ...{ form: { enum: ['jsonl', 'csv', 'txt'] }, file: { ...line, maxLength: 4096 } },
    },
    why,
  ),
  'who-saw': form({ entry: count }),
  delivered: form({ entry: count }),
  tally: form({
    ...{ query, asked: { ...line, maxLength: 4096 }, zone: word },
    command: { enum: ['who-ran', 'stats'] },
    by: { type: 'array', items: { enum: [...tallyColumns] }, minItems: 1, maxItems: 8 },
  }),
  purge: form({ before: count, asked, ...act }, { through: count, reason }),
  registry: form({ toml: { type: 'string' }, file: line, apply: yesNo }, { reason }),
  'user-add': form({
    user: word,
    name: word,
    oif: word,
    agency: word,
    sends: words,
    pools: words,
    password,
    mustChange: yesNo,
  }),
  'user-passwd': form({ user: word, password, mustChange: yesNo }),
  'user-unlock': form({ user: word }, { reason }),
  reload: form({}, { reason }),
  config: form({}, { version: count }),
  'config-history': form({}),
  'config-rollback': form({ version: count }, { reason }),
  routes: form({}),
  'route-test': form(
    {
      from: word,
      mke: asTyped,
      fields: { type: 'array', items: form({ code: asTyped, value: asTyped }), maxItems: 256 },
      to: { type: 'array', items: asTyped, maxItems: 64 },
    },
    { ori: asTyped, user: word },
  ),
  'trace-start': form({
    of: { enum: ['terminal', 'link', 'upstream', 'entry'] },
    name: word,
    forMs: { type: 'integer', minimum: 1_000, maximum: 3_600_000 },
    reason,
  }),
  'trace-ls': form({}),
  'trace-show': form({ id: count }),
  'trace-stop': form({ id: count }, { reason }),
  enrol: form({ station: word, fingerprint: { type: 'string', pattern: '^[0-9a-f]{64}$' } }),
};

// That each form is a schema, a test says: no start of the switch waits for that, nor for commands nobody asks.
const ajv = new Ajv2020({ strictRequired: false, validateSchema: false, meta: false });
const isEnvelope = ajv.compile<{ readonly id: number; readonly command: string }>(
  form({ id: count, command: word, args: { type: 'object' } }),
);
/** Of the commands that were asked for. */
const validators = new Map<string, ValidateFunction<Request>>();

/** A refusal carries the id of the request where there was one to read, else 0. */
export interface Refusal {
  readonly id: number;
  readonly fault: MscFault;
}

/** One line from a client. */
export function parseRequest(text: string): Result<Request, Refusal> {
  const value = parseJson(text);
  if (!isEnvelope(value))
    return fail({ id: 0, fault: new MscFault('MSC-1205', { detail: 'a line is no request' }) });
  const { id, command } = value;
  const isRequest = validatorOf(command);
  // The name is not repeated: it is whatever a stranger wrote.
  if (isRequest === undefined)
    return fail({ id, fault: new MscFault('MSC-1205', { detail: 'an unknown command' }) });
  if (isRequest(value)) return ok(value);
  const at = isRequest.errors?.[0]?.instancePath.slice(1).replaceAll('/', '.') ?? 'args';
  return fail({ id, fault: new MscFault('MSC-1004', { detail: `${command}: ${at}` }) });
}

function validatorOf(command: string): ValidateFunction<Request> | undefined {
  // A stranger's word is looked up among our own names alone.
  if (!Object.hasOwn(forms, command)) return undefined;
  const known = validators.get(command);
  if (known !== undefined) return known;
  const args = forms[command as CommandName];
  const made = ajv.compile<Request>(form({ args }));
  validators.set(command, made);
  return made;
}

function someOf(items: object): object {
  return { type: 'array', items, minItems: 1, maxItems: 64 };
}

/** An object with these members. Others are let be, so that a newer client is understood. */
function form(
  needed: Readonly<Record<string, object>>,
  optional: Readonly<Record<string, object>> = {},
): object {
  return {
    type: 'object',
    properties: { ...needed, ...optional },
    required: Object.keys(needed),
  };
}
