/** What a running domain's memory is like: the machine's figures, and those of its guest. */
import type { BalloonInfo } from "../../../api/types.ts";
import { DomainMemoryStatTags as Tag } from "../../driver/domain-flags.ts";

/** A figure as `dommemstat` and `domstats` have it. */
interface MemoryStat {
  readonly tag: number;
  /** Its name behind `balloon.`. */
  readonly name: string;
  /** KiB, but for numbers of faults and huge pages, and the seconds of the last update. */
  readonly value: bigint;
}

type Row = readonly [stat: string, tag: number, name: string, divisor: bigint];

/** The guest's, in the order in which libvirt gives them, by QEMU's names. */
const GUEST: readonly Row[] = [
  ["stat-swap-in", Tag.swapIn, "swap_in", 1024n],
  ["stat-swap-out", Tag.swapOut, "swap_out", 1024n],
  ["stat-major-faults", Tag.majorFault, "major_fault", 1n],
  ["stat-minor-faults", Tag.minorFault, "minor_fault", 1n],
  ["stat-free-memory", Tag.unused, "unused", 1024n],
  ["stat-total-memory", Tag.available, "available", 1024n],
  ["stat-available-memory", Tag.usable, "usable", 1024n],
  ["last-update", Tag.lastUpdate, "last-update", 1n],
  ["stat-disk-caches", Tag.diskCaches, "disk_caches", 1024n],
  ["stat-htlb-pgalloc", Tag.hugetlbPgalloc, "hugetlb_pgalloc", 1n],
  ["stat-htlb-pgfail", Tag.hugetlbPgfail, "hugetlb_pgfail", 1n],
];
/** How QEMU says that the guest did not say it. */
const UNKNOWN = 2n ** 64n - 1n;

/**
 * @param balloon null without a balloon
 * @param residentBytes guest memory that the host had to give
 */
export function memoryStats(balloon: BalloonInfo | null, residentBytes: number): MemoryStat[] {
  const rss = { tag: Tag.rss, name: "rss", value: BigInt(residentBytes) / 1024n };
  if (!balloon) return [rss];
  const { actualBytes, stats, statsAtS } = balloon;
  const given = { ...stats, "last-update": BigInt(statsAtS) };
  const actual = { tag: Tag.actualBalloon, name: "current", value: BigInt(actualBytes) / 1024n };
  const guests = GUEST.flatMap(([stat, tag, name, divisor]) => {
    const value = given[stat as keyof typeof given] ?? UNKNOWN;
    return value === UNKNOWN ? [] : [{ tag, name, value: value / divisor }];
  });
  return [actual, ...guests, rss];
}
