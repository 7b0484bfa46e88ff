/** Numbers of the memory balloon device (virtio 1.3 §5.5), with QEMU's names of statistics. */
import { viewOf } from "../../../util/bytes.ts";

export const BalloonFeature = {
  /** The driver gives statistics. */
  statsVq: 1n << 1n,
  /** The driver takes pages back rather than let the guest run out of memory. */
  deflateOnOom: 1n << 2n,
  /** The driver says what it fills free pages with. */
  pagePoison: 1n << 4n,
} as const;

/** struct virtio_balloon_config. */
export const BalloonConfig = {
  numPages: 0,
  actual: 4,
  freePageHintCmdId: 8,
  poisonVal: 12,
  bytes: 16,
} as const;

export const BalloonQueue = { inflate: 0, deflate: 1, stats: 2 } as const;

/** Unit of pages, whatever the guest's own are (§5.5.6). */
export const BALLOON_PAGE_BYTES = 4096;
/** A page's number in a request to inflate or deflate. */
export const PFN_BYTES = 4;
/** le16 tag, le64 value (§5.5.6.3). */
export const STAT_BYTES = 10;

/** Statistics by their tags: bytes, but for the numbers of faults and of huge pages. */
export const STATS = [
  "stat-swap-in",
  "stat-swap-out",
  "stat-major-faults",
  "stat-minor-faults",
  "stat-free-memory",
  "stat-total-memory",
  "stat-available-memory",
  "stat-disk-caches",
  "stat-htlb-pgalloc",
  "stat-htlb-pgfail",
] as const;

export type StatName = (typeof STATS)[number];

/** Those that the guest gave. */
export type GuestStats = Readonly<Partial<Record<StatName, bigint>>>;

/** Reads a buffer of statistics. Tags that this table lacks are newer ones, and are skipped. */
export function parseStats(bytes: Uint8Array): GuestStats {
  const view = viewOf(bytes);
  const stats: Partial<Record<StatName, bigint>> = {};
  for (let at = 0; at + STAT_BYTES <= bytes.length; at += STAT_BYTES) {
    const name = STATS[view.getUint16(at, true)];
    if (name !== undefined) stats[name] = view.getBigUint64(at + 2, true);
  }
  return stats;
}
