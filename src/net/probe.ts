// Tries an upstream without a word of the protocol: its name, its port, its TLS, its certificate. The live
// link is left alone, because who says no HELLO replaces nobody (link S3). Each step has its time, and what
// fails is a step with its reason, never a throw.

import { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Clock, Trust } from './ports.ts';

export interface ProbeParts {
  readonly host: string;
  readonly port: number;
  /** Absent where TLS is not to be tried. */
  readonly dial: { readonly tls: ConnectionOptions; readonly trust: Trust } | undefined;
  /** For each step. */
  readonly stepMs: number;
  readonly clock: Clock;
}

export type StepName = 'resolve' | 'connect' | 'tls' | 'certificate';

export interface ProbeStep {
  readonly step: StepName;
  readonly ok: boolean;
  readonly tookMs: number;
  /** What was found, or why not: names and codes. */
  readonly detail: string;
  /** Of the certificate. */
  readonly names?: readonly string[];
  readonly endsMs?: number;
}

/** @returns The steps that were tried, in their order; the last is the one that failed, if any did. */
export async function probe(parts: ProbeParts): Promise<readonly ProbeStep[]> {
  const resolved = await step(parts, 'resolve', () => resolve(parts));
  if (!resolved.ok) return [resolved];
  const plain = await step(parts, 'connect', () => reach(parts));
  if (!plain.ok || parts.dial === undefined) return [resolved, plain];
  let found: Shown | undefined;
  const secure = await step(parts, 'tls', async () => {
    found = await shake(parts, parts.dial);
    return { detail: `${found.protocol} ${found.cipher}` };
  });
  if (found?.certificate === undefined) return [resolved, plain, secure];
  return [resolved, plain, secure, certificateStep(parts, found.certificate)];
}

interface Shown {
  readonly protocol: string;
  readonly cipher: string;
  readonly certificate: X509Certificate | undefined;
}

async function step(
  { clock }: ProbeParts,
  name: StepName,
  run: () => Promise<{ readonly detail: string }>,
): Promise<ProbeStep> {
  const sinceMs = clock.atMs();
  const tookMs = (): number => Math.round((clock.atMs() - sinceMs) * 10) / 10;
  try {
    const { detail } = await run();
    return { step: name, ok: true, tookMs: tookMs(), detail };
  } catch (cause) {
    return { step: name, ok: false, tookMs: tookMs(), detail: reasonOf(cause) };
  }
}

async function resolve({ host, stepMs }: ProbeParts): Promise<{ readonly detail: string }> {
  if (isIP(host) !== 0) return { detail: `${host} is an address` };
  const late = deadline(stepMs);
  try {
    const found = await Promise.race([lookup(host, { all: true }), late.over]);
    return { detail: `${host} is ${found.map(({ address }) => address).join(', ')}` };
  } finally {
    late.stop();
  }
}

/** In TLS 1.3 our side is done before theirs has looked at our certificate: a refusal comes a moment later. */
const refusalMs = 500;

function shake({ host, port, stepMs }: ProbeParts, dial: ProbeParts['dial']): Promise<Shown> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ ...dial?.tls, host, port });
    let timer = setTimeout(() => socket.destroy(new Error('not complete in time')), stepMs);
    let shown: Shown | undefined;
    socket.on('error', reject);
    socket.once('secureConnect', () => {
      shown = shownBy(socket);
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (shown !== undefined) resolve(shown);
        // In order: the far end sees a peer that changed its mind.
        socket.end();
        socket.setTimeout(stepMs, () => socket.destroy());
      }, refusalMs);
      socket.resume();
    });
    socket.once('close', () => {
      clearTimeout(timer);
      const when = shown === undefined ? 'during' : 'right after';
      reject(new Error(`closed by the far end ${when} the handshake`));
    });
  });
}

function shownBy(socket: TLSSocket): Shown {
  return {
    protocol: socket.getProtocol() ?? 'TLS',
    cipher: socket.getCipher().name,
    certificate: socket.getPeerX509Certificate(),
  };
}

async function reach({ host, port, stepMs }: ProbeParts): Promise<{ readonly detail: string }> {
  const socket = connect({ host, port });
  await connected(socket, stepMs);
  const { remoteAddress = host, remotePort = port } = socket;
  socket.destroy();
  return { detail: `${remoteAddress}:${remotePort} answers` };
}

function connected(socket: Socket, stepMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error('not complete in time')), stepMs);
    socket.on('error', reject);
    socket.once('connect', resolve);
    socket.once('close', () => clearTimeout(timer));
  });
}

/** Chain, name and usage were checked by the handshake; what we trust ourselves, and for how long, here. */
function certificateStep({ clock, dial }: ProbeParts, certificate: X509Certificate): ProbeStep {
  const nowMs = clock.stamp().timeUs / 1000;
  const standing = dial?.trust.standing(certificate);
  const flaw =
    standing === undefined
      ? 'of no authority that is trusted here'
      : dial?.trust.flaw(standing, nowMs);
  const endsMs = certificate.validToDate.getTime();
  const names = certificate.subjectAltName?.split(', ') ?? [];
  const days = Math.floor((endsMs - nowMs) / 86_400_000);
  const subject = certificate.subject.replaceAll('\n', ', ');
  const detail = flaw ?? `${subject}, ${days} days left`;
  return { step: 'certificate', ok: flaw === undefined, tookMs: 0, detail, names, endsMs };
}

function deadline(ms: number): { readonly over: Promise<never>; readonly stop: () => void } {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('not complete in time')), ms);
  return { over: late.promise, stop: () => clearTimeout(timer) };
}

/** A code where there is one: messages of OpenSSL are for its authors. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'failed';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
