// The header of a message that Nlets delivers, and its clock lines:
//
//     MKE.SENDERORI
//     HH:MM MM/DD/YYYY nnnnn             when it came in, and the count of what came in
//     HH:MM MM/DD/YYYY nnnnn DEST        when it went out, and the count of the line it went out on
//     *CONTROL                           where the asker gave one
//     TXT
//     text
//
// Where the control field stands in it is not settled by public sources: a setting says how it is written,
// and both are read. Total: any text gives an output or undefined.

export interface Stamp {
  readonly atMs: number;
  readonly count: number;
}

export interface Output {
  readonly key: string;
  readonly sender: string;
  readonly destination: string;
  readonly control?: string | undefined;
  readonly text: string;
}

/** `line`: on a line of its own. `header`: behind the destination, between periods. @source nlets 2.3 */
export type ControlPlace = 'line' | 'header';

export interface Stamps {
  readonly received: Stamp;
  readonly sent: Stamp;
  readonly zone: string;
  readonly controlPlace: ControlPlace;
}

/** @source nlets 2.1, 2.4 */
export function formatOutput(output: Output, stamps: Stamps): string {
  const { key, sender, destination, control, text } = output;
  const received = formatStamp(stamps.received, stamps.zone);
  const sent = `${formatStamp(stamps.sent, stamps.zone)} ${destination}`;
  const head = `${key}.${sender}${lineEnd}${received}${lineEnd}${sent}`;
  if (control === undefined) return `${head}${lineEnd}TXT${lineEnd}${text}`;
  if (stamps.controlPlace === 'header') return `${head}.*${control}.TXT${lineEnd}${text}`;
  return `${head}${lineEnd}*${control}${lineEnd}TXT${lineEnd}${text}`;
}

/** Minutes alone: no seconds and no zone on the line. @source nlets 2.4 */
export function formatStamp({ atMs, count }: Stamp, zone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone);
  const time = `${two(at.hour)}:${two(at.minute)}`;
  const date = `${two(at.month)}/${two(at.day)}/${String(at.year).padStart(4, '0')}`;
  return `${time} ${date} ${String(count).padStart(5, '0')}`;
}

/** An output and its counts; undefined for any other text. */
export function parseOutput(
  raw: string,
): (Output & { readonly receivedCount: number; readonly sentCount: number }) | undefined {
  const parts = outputForm.exec(raw);
  if (parts?.groups === undefined) return undefined;
  const { key = '', sender = '', received, sent, destination = '' } = parts.groups;
  const control = parts.groups['onLine'] ?? parts.groups['inHeader'];
  return {
    key,
    sender,
    destination,
    control,
    text: raw.slice(parts[0].length),
    receivedCount: Number(received),
    sentCount: Number(sent),
  };
}

/**
 * The control field that a delivered message answers to. A complaint may carry it in the message it repeats
 * alone (nlets 9.1): then it is dug out of that.
 */
export function controlOf(raw: string): string | undefined {
  const output = parseOutput(raw);
  if (output?.key !== 'ER' || output.control !== undefined) return output?.control;
  return /^[A-Z]{2,3}\.[^\r\n*]*\.\*([^\r\n]{1,10}?)\.TXT/m.exec(output.text)?.[1];
}

const lineEnd = '\r\n';

const two = (value: number): string => String(value).padStart(2, '0');

const clock = String.raw`\d\d:\d\d \d\d\/\d\d\/\d{4,}`;
const outputForm = new RegExp(
  String.raw`^(?<key>[A-Z]{2,3})\.(?<sender>[A-Z0-9]{2,9})\r?\n${clock} (?<received>\d{5})\r?\n` +
    String.raw`${clock} (?<sent>\d{5}) (?<destination>[A-Z0-9]{2,9})` +
    String.raw`(?:\.(?:\*(?<inHeader>[^\r\n]{1,10}?)\.)?TXT|\r?\n(?:\*(?<onLine>[^\r\n]{1,10})\r?\n)?TXT)[\r\n\x7f]*`,
);
