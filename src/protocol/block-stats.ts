/** What a guest did with one drive, by libvirt's names of `virDomainBlockStatsFlags`. */
export interface BlockStats {
  readonly rdReq: number;
  readonly rdBytes: number;
  readonly wrReq: number;
  readonly wrBytes: number;
  readonly flushReq: number;
  /** Discards. */
  readonly unmapReq: number;
  readonly unmapBytes: number;
  /** Time that requests took, added up, in nanoseconds. */
  readonly rdTotalTimeNs: number;
  readonly wrTotalTimeNs: number;
  readonly flushTotalTimeNs: number;
  /** Requests that the guest was told to have failed. */
  readonly errors: number;
}
