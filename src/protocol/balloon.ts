/** The memory balloon of a running machine: what is asked of it, and what it says. */

export type BalloonCommand =
  /** QEMU's `balloon`: the guest is to do with that much memory. It may take its time, and need not obey. */
  | { readonly kind: "target"; readonly bytes: number }
  /** Seconds from one question for statistics to the next, the first at once; 0 asks no more. */
  | { readonly kind: "poll"; readonly seconds: number };

export interface BalloonInfo {
  /** Memory that the guest has now, in bytes. */
  readonly actualBytes: number;
  /**
   * What the guest said last of its memory, by QEMU's names (`stat-free-memory`): bytes, but for the
   * numbers of faults and of huge pages. What it did not say is not there.
   */
  readonly stats: Readonly<Partial<Record<string, bigint>>>;
  /** When it said so, in seconds since 1970; 0 before. */
  readonly statsAtS: number;
  /** Seconds between two questions for statistics; 0 while there are none. */
  readonly pollIntervalS: number;
}
