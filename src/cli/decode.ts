// `msc decode`: what octets say, frame by frame, and what is wrong with them and where (link 3, 7, 8).
// For captures and for vendors; it needs no switch. A password in a sign-on is masked unless asked for.

import { readFile } from 'node:fs/promises';
import { parseControl } from '#protocol/control';
import { frameHeaderBytes, parseFrameHeader } from '#protocol/frame';
import type { FrameHeader, FrameType } from '#protocol/frame';
import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import { decodeBody, decodeTyped } from './decode-body.ts';
import type { DecodedBody, Sender } from './decode-body.ts';
import { shown, wantsObject } from './output.ts';

/** What was found, in the order of the octets. */
export interface Finding {
  /** Offset in the input. */
  readonly at: number;
  readonly lines: readonly string[];
  /** Code of the first rule that is broken, and the offset in the input. */
  readonly wrong?: { readonly code: string; readonly at: number; readonly text: string };
}

/** Exit 65 where something is wrong. */
export async function runDecode({ args: [file = '-'], flags, output }: Call): Promise<number> {
  const typed = flags.on('body');
  const raw = await readInput(file, typed ? { hint: bodyHint } : {});
  const octets = flags.on('hex') ? fromHex(raw) : raw;
  const from = flags.choice('from', ['terminal', 'host', 'upstream', 'switch']) ?? 'terminal';
  const findings = typed
    ? [bodyFinding(decodeTyped(octets, from), 0)]
    : decodeFrames(octets, { from, secrets: flags.on('secrets') });
  const json = wantsObject(output);
  if (json) await output.print(JSON.stringify({ schema: 'msc.decode/1', findings }));
  else for (const finding of findings) await print(finding, output.print);
  return findings.some(({ wrong }) => wrong !== undefined) ? 65 : 0;
}

/** Frames one after the other; after the first that is broken nothing more can be read. */
export function decodeFrames(
  octets: Uint8Array,
  how: { readonly from: Sender; readonly secrets: boolean },
): readonly Finding[] {
  if (octets.length === 0) return [cutShort(0, octets)];
  const findings: Finding[] = [];
  let at = 0;
  while (at < octets.length) {
    const header = parseFrameHeader(octets.subarray(at), rulesFor(how.from));
    if (!header.ok) {
      const { code, reason } = header.error;
      const short = octets.length - at < frameHeaderBytes;
      const bare = at === 0 && octets[0] !== 0x4d ? ' A message without its frame: --body.' : '';
      findings.push(
        short ? cutShort(at, octets) : { at, lines: [], wrong: { code, at, text: reason + bare } },
      );
      break;
    }
    const end = at + frameHeaderBytes + header.value.length;
    if (end > octets.length) {
      findings.push({ ...cutShort(at, octets), lines: headerLines(header.value) });
      break;
    }
    findings.push(frameFinding(at, header.value, octets.subarray(at + frameHeaderBytes, end), how));
    at = end;
  }
  return findings;
}

function frameFinding(
  at: number,
  header: FrameHeader,
  body: Uint8Array,
  how: { readonly from: Sender; readonly secrets: boolean },
): Finding {
  const bodyAt = at + frameHeaderBytes;
  const { type } = header;
  if (type === 'MESSAGE') {
    const inner = bodyFinding(decodeBody(body, how.from), bodyAt);
    return { ...inner, at, lines: [...headerLines(header), ...inner.lines] };
  }
  if (type === 'ACK' || type === 'PING' || type === 'PONG')
    return { at, lines: headerLines(header) };
  const control = parseControl(type, body);
  if (!control.ok) {
    const { code, reason } = control.error;
    return { at, lines: headerLines(header), wrong: { code, at: bodyAt, text: reason } };
  }
  const members = Object.entries(control.value.body).map(([name, value]: [string, unknown]) =>
    secretNames.has(name) && !how.secrets
      ? `  ${name}: (hidden)`
      : `  ${name}: ${JSON.stringify(value)}`,
  );
  return { at, lines: [...headerLines(header), ...members] };
}

function bodyFinding(decoded: DecodedBody, at: number): Finding {
  const { wrong } = decoded;
  return {
    at,
    lines: decoded.lines.map((line) => `  ${line}`),
    ...(wrong === undefined ? {} : { wrong: { ...wrong, at: at + wrong.at } }),
  };
}

const secretNames: ReadonlySet<string> = new Set(['password', 'newPassword', 'otp']);

const everyType = new Set<FrameType>([
  ...(['HELLO', 'WELCOME', 'SIGN_ON', 'SIGNED_ON', 'SIGN_OFF', 'MESSAGE', 'ACK'] as const),
  ...(['REFUSED', 'BUSY', 'PING', 'PONG', 'STATUS', 'CLOSE'] as const),
]);

/** Largest length that any WELCOME may allow. @source link F3 */
const bodyBytesMax = 1_048_576;

function rulesFor(from: Sender): Parameters<typeof parseFrameHeader>[1] {
  return { from: from === 'switch' ? 'switch' : 'station', bodyBytesMax, allowed: everyType };
}

function headerLines(header: FrameHeader): readonly string[] {
  const { type, flags, number, mnemonic, length } = header;
  const names = [(flags & 1) === 0 ? '' : ' POSSIBLE_DUPLICATE', (flags & 2) === 0 ? '' : ' FINAL'];
  const parts = [
    type + names.join(''),
    number === 0 ? '' : `number ${number}`,
    mnemonic === undefined ? '' : `mnemonic ${mnemonic}`,
    type === 'MESSAGE' ? `class ${header.class}` : '',
    `body ${length} octets`,
  ];
  return [parts.filter((part) => part !== '').join(', ')];
}

function cutShort(at: number, octets: Uint8Array): Finding {
  const text = 'The input ends inside a frame.';
  return { at, lines: [], wrong: { code: 'C05', at: octets.length, text } };
}

async function print(finding: Finding, line: (text: string) => Promise<void>): Promise<void> {
  const [first = '(nothing could be read)', ...more] = finding.lines;
  await line(`offset ${finding.at}: ${shown(first.trim())}`);
  for (const text of more) await line(shown(text));
  const { wrong } = finding;
  if (wrong !== undefined)
    await line(`  wrong: ${wrong.code} at offset ${wrong.at}: ${wrong.text}`);
}

/** What is given instead of a file is a text more often than not. */
const bodyHint = "a text goes in by a pipe: echo 'QV.CA0990100.LIC/2ZZZ999' | msc decode --body";

async function readInput(file: string, how: { readonly hint?: string }): Promise<Uint8Array> {
  try {
    return file === '-' ? await readStdin() : await readFile(file);
  } catch (cause) {
    throw new MscFault('MSC-1005', { detail: file, cause, ...how });
  }
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  // Without an encoding stdin gives buffers.
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function fromHex(raw: Uint8Array): Uint8Array {
  const digits = Buffer.from(raw)
    .toString('latin1')
    .replaceAll(/0x|[\s,:]/g, '');
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(digits))
    throw new MscFault('MSC-1004', { detail: 'these are not pairs of hexadecimal digits' });
  return Buffer.from(digits, 'hex');
}
