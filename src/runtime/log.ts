// The log: JSON lines on standard output, one for each event, for the service manager to keep.
// Plain values alone: never message text, never a secret; strings are cut and their control
// characters shown as escapes. A stuck or vanished reader costs lines, counted, never memory or life.

import { pino } from 'pino';
import type { Logger } from 'pino';
import { formatTimeUs, wallUs } from './clock.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  readonly write: (level: LogLevel, event: string, fields?: LogFields) => void;
  /** The least level that is written from now on. */
  readonly setLevel: (level: LogLevel) => void;
  /** Writes what is left, for at most a second: a stuck reader does not hold the exit. */
  readonly close: () => Promise<void>;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Standard output: asynchronous where a reader could be stuck, a pipe or socket. */
  readonly out: LogOut;
  /** Octets kept for a reader that is behind; what comes on top is dropped. */
  readonly bufferBytesMax: number;
}

/** What the log needs of a stream. */
export interface LogOut {
  readonly writableLength: number;
  readonly write: (line: string) => unknown;
  readonly on: (event: 'error', listener: () => void) => unknown;
  readonly once: (event: 'drain', listener: () => void) => unknown;
}

const valueLengthMax = 512;
const closeMs = 1000;

/**
 * Not through pino's own destination: at exit that tries for ever to write to a reader that has gone
 * (sonic-boom 4, flushSync), and a process that must end at once would not.
 *
 * @returns A log that never throws.
 */
export function openLog(options: LogOptions): Log {
  const { level, out, bufferBytesMax } = options;
  let dropped = 0;
  // The reader went away (EPIPE): there is nobody left to tell.
  out.on('error', () => dropped++);
  const put = (line: string): void => {
    if (out.writableLength + line.length > bufferBytesMax) dropped++;
    else out.write(line);
  };
  const logger = createLogger(level, put);
  const write: Log['write'] = (lineLevel, event, fields = {}) => {
    if (dropped > 0 && out.writableLength * 2 < bufferBytesMax) {
      const count = dropped;
      dropped = 0;
      logger.warn({ event: 'log-dropped', count });
    }
    logger[lineLevel]({ event, ...plainFields(fields) });
  };
  const setLevel: Log['setLevel'] = (least) => {
    logger.level = least;
  };
  return { write, setLevel, close: () => emptied(out) };
}

/** What an error may say in a log: its name, its code, where. A message may quote what was read. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    error: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    stack: frames
      .slice(0, 6)
      .map((line) => line.trim())
      .join(' | '),
  };
}

function createLogger(level: LogLevel, write: (line: string) => void): Logger {
  return pino(
    {
      level,
      base: { component: 'msc' },
      timestamp: () => `,"time":"${formatTimeUs(wallUs())}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
}

function plainFields(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? plain(value) : value,
    ]),
  );
}

/** Controls and what turns the line around are shown, not done. */
function plain(text: string): string {
  return text
    .slice(0, valueLengthMax)
    .replaceAll(
      /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}

/** Written to the end, or the time is over. */
async function emptied(out: LogOut): Promise<void> {
  if (out.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, closeMs);
    out.once('drain', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
