// Times and bounds of the running switch that no setting changes, in one place.

import type { InboxLimits } from './inbox.ts';

const mebibyte = 1 << 20;

/** From TCP accept to a whole HELLO; also for a dial, TCP and TLS together. @source link S1 */
export const helloMs = 10_000;
/**
 * Of each link. What waits for a slow reader before it is cut: four frames at least, of whatever size.
 *
 * @source link F4, S9; security 9
 */
export const linkLimits = (frameBytesMax: number) => ({
  helloMs,
  frameMs: 30_000,
  discardMs: 2_000,
  writeBytesHigh: mebibyte,
  writeBytesMax: Math.max(4 * mebibyte, 4 * frameBytesMax),
  writeBytesTotal: 256 * mebibyte,
});
/** For each step of a probe: resolve, TCP, TLS. */
export const probeStepMs = 5_000;
/** How often a link's deadlines are looked at. */
export const checkMs = 250;
/** @source link S10 */
export const backOff = { firstMs: 1_000, mostMs: 60_000, jitter: 0.2 } as const;

/** Peers turned away are told once for each address in this time. @source security 9 */
export const turnedAwayMs = 60_000;
/**
 * Before TLS. Handshakes a second from all together: about half of what one core can do, and enough that
 * 5,000 stations are back within 30 s of a break. A place costs a socket alone; there are enough for a
 * county that comes back at once. A turn comes so early that 3 s of link S1 are left for TLS and HELLO.
 *
 * @source security 9; link S1
 */
export const roomLimits = {
  places: 8_192,
  handshakesPerSecond: 300,
  handshakesAtOnce: 64,
  handshakeMs: 2_000,
  firstOctetsMs: helloMs,
  turnMs: 7_000,
} as const;
/**
 * Connections above the limit of links, so that one too many is told C08, and so that a station whose dead
 * connection is still here gets another: that one is kept for up to 4 s after CLOSE C09 (link S3, S9).
 */
export const socketsMax = (connectionsMax: number): number => connectionsMax + 1_500;

/** A drain waits so long for what was sent; then links are closed. */
export const drainMs = 20_000;
/** With links that do not end, or a disk that takes nothing, it gives up then and closes what it can. */
export const leaveMs = 26_000;
/** The process is gone at the latest then, whatever its threads do. */
export const exitMs = 29_000;

/** Far above a commit on a slow disk, far below the patience of who waits for an answer. */
export const stalls = { stallMs: 5_000, checkMs: 250 } as const;

/**
 * What the service manager is told: how long a child may take (systemd-notify itself waits 5 s for the
 * manager), how long the last one is waited for, and how often the line of status is looked at.
 */
export const notify = { childMs: 7_000, closeMs: 2_000, lookMs: 10_000 } as const;
/** The thread of the journal is asked at most so often, and has so long to answer. */
export const probe = { goodMs: 1_000, waitMs: 2_000 } as const;

export const logBytesMax = mebibyte;
/** How often certificates and lists are looked at: revoked links are cut at once, ended ones then. */
export const vigilMs = 2_000;

export const loopLimits: LoopLimits = {
  batchEventsMax: 2_048,
  batchBytesMax: 8 * mebibyte,
  batchesMax: 2,
  inboxEventsMax: 8_192,
  inboxBytesMax: 64 * mebibyte,
  recentBytesMax: 4 * mebibyte,
  snapshotEntries: 20_000,
  snapshotMs: 5_000,
  snapshotTimes: 200,
  snapshotEntriesMax: 400_000,
  patienceMs: 10_000,
  keptPerLinkMax: 256,
};

export interface SnapshotLimits {
  /**
   * A snapshot after so many entries, but not more often than so, and not before so many times what
   * the last one took: the switch stands still for it. After the most, whatever it takes: a start
   * replays what came after the snapshot.
   */
  readonly snapshotEntries: number;
  readonly snapshotMs: number;
  readonly snapshotTimes: number;
  readonly snapshotEntriesMax: number;
}

export interface LoopLimits extends SnapshotLimits, InboxLimits {
  /** Events in one batch; batches whose commit is awaited. */
  readonly batchEventsMax: number;
  /** Octets of messages in one batch: it is in memory three times until it is durable. */
  readonly batchBytesMax: number;
  readonly batchesMax: number;
  /** Octets of entries kept in memory to be sent on. */
  readonly recentBytesMax: number;
  /** While the journal is blocked: HELLO and SIGN_ON wait so long for their answer (link M4a). */
  readonly patienceMs: number;
  /** Events kept for one link meanwhile, before it is no longer read. */
  readonly keptPerLinkMax: number;
}
