/**
 * Where two correct engines may differ. Each entry says which bits of which word are not compared,
 * and why; everything else must be equal.
 */
export interface Freedom {
  /** Name of a word as `fieldAt` gives it. */
  readonly field: RegExp;
  /** Bits that are compared. */
  readonly keep: bigint;
  readonly reason: string;
}

export const FREEDOMS: readonly Freedom[] = [
  {
    field: /^out\.mip$/,
    keep: 0x222n,
    reason: "M-mode's timer and software lines follow the clock",
  },
];
