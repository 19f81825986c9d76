// What the switch tells of links, terminals, upstreams and queues: rows as programs read them, in every
// machine form the same (operator-experience 3). Absent is left out. Times are RFC 3339 in UTC; lengths of
// time and octets are numbers that say their unit. Members may be added, never renamed or removed.

/** `msc.link-ls/1`. */
export interface LinkRow {
  /** Absent for an upstream without a link. */
  readonly link?: number;
  readonly kind?: 'terminal' | 'printer' | 'host' | 'upstream';
  readonly name?: string;
  readonly state:
    | 'connecting'
    | 'sign-on'
    | 'signed-on'
    | 'connected'
    | 'waiting'
    | 'slow'
    | 'draining'
    | 'closing'
    | 'reconnect'
    | 'disabled';
  readonly user?: string;
  readonly mnemonics?: readonly string[];
  readonly since?: string;
  /** Address and port. */
  readonly peer?: string;
  /** `1.3`. */
  readonly tls?: string;
  /** Both ends showed a certificate. */
  readonly mutual?: boolean;
  /** Messages of the session, from there and to there. */
  readonly in?: number;
  readonly out?: number;
  readonly unacknowledged?: number;
  /** Of the oldest that is not acknowledged. */
  readonly waiting_seconds?: number;
  readonly idle_seconds?: number;
  readonly waiting_bytes?: number;
  readonly window?: number;
  readonly session?: string;
  /** Until an upstream is dialled again, and why the last attempt failed. */
  readonly next_seconds?: number;
  readonly why?: string;
  readonly attempts?: number;
}

interface DisabledRow {
  readonly disabled_by?: string;
  readonly disabled_since?: string;
  readonly disabled_reason?: string;
  readonly disabled_entry?: number;
}

/** `msc.terminal-ls/1`. */
export interface TerminalRow extends DisabledRow {
  readonly station: string;
  readonly role: 'terminal' | 'printer' | 'host';
  readonly state: 'absent' | 'connected' | 'signed-on' | 'disabled' | 'suspended';
  readonly mnemonics: readonly string[];
  readonly pools?: readonly string[];
  readonly agency?: string;
  readonly place?: string;
  readonly user?: string;
  /** Of the link, or of its end. */
  readonly since?: string;
  readonly link?: number;
  readonly peer?: string;
  readonly waiting: number;
  readonly unacknowledged: number;
  readonly unattended: boolean;
  readonly certificates: number;
}

/** `msc.upstream-ls/1`. */
export interface UpstreamRow extends DisabledRow {
  readonly upstream: string;
  readonly state: 'up' | 'down' | 'disabled';
  readonly since: string;
  readonly address: string;
  readonly link?: number;
  readonly peer?: string;
  readonly station: string;
  readonly routes: readonly string[];
  readonly waiting: number;
  readonly unacknowledged: number;
  readonly in?: number;
  readonly out?: number;
  readonly next_seconds?: number;
  readonly why?: string;
  readonly attempts?: number;
}

/** `msc.queue-ls/1`; the shape has the same rows. */
export interface QueueRow {
  readonly queue: string;
  readonly kind: 'mnemonic' | 'user' | 'upstream' | 'asker' | 'intercept';
  readonly total: number;
  readonly under_1m: number;
  readonly under_5m: number;
  readonly under_15m: number;
  readonly under_60m: number;
  readonly under_4h: number;
  readonly over_4h: number;
  readonly oldest_seconds?: number;
  readonly state: string;
}

/** `msc.queue-show/1`; no text, no field of a text. */
export interface WaitingRow {
  /** `ENTRY.INDEX`. */
  readonly delivery: string;
  readonly entry: number;
  readonly thread: number;
  readonly class: number;
  readonly mke?: string;
  readonly mnemonic?: string;
  readonly user?: string;
  readonly upstream?: string;
  readonly ori?: string;
  readonly rule?: string;
  readonly since: string;
  readonly waiting_seconds: number;
  /** Of how long it is kept; absent: until it is delivered. */
  readonly expires_seconds?: number;
  readonly again: boolean;
}

/** What an act would meet, and, once done, its entry. */
export interface ActReport {
  readonly station?: string;
  readonly upstream?: string;
  readonly mnemonics: readonly string[];
  readonly link?: number;
  readonly peer?: string;
  readonly user?: string;
  readonly unacknowledged: number;
  readonly already: boolean;
  /** Absent where nothing was done. */
  readonly entry?: number;
}

/** `msc.terminal-test/1`. */
export interface TestReport extends ActReport {
  readonly outcome: 'acknowledged' | 'refused' | 'not acknowledged' | 'not delivered';
  readonly code?: string;
  /** From the octets leaving to the ACK, and from the command on. */
  readonly acknowledged_seconds?: number;
  readonly total_seconds?: number;
}

/** `msc.upstream-probe/1`. */
export interface ProbeRow {
  readonly step: 'resolve' | 'connect' | 'tls' | 'certificate';
  readonly ok: boolean;
  readonly took_seconds: number;
  readonly detail: string;
  readonly names?: readonly string[];
  readonly ends?: string;
  readonly days_left?: number;
}
