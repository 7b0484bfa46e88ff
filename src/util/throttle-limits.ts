/** What a drive may do in a second; QEMU's names. 0 or absent: as much as it can. */
export interface ThrottleLimits {
  readonly bpsTotal?: number;
  readonly bpsRead?: number;
  readonly bpsWrite?: number;
  readonly iopsTotal?: number;
  readonly iopsRead?: number;
  readonly iopsWrite?: number;
  /** What it may do in a second for a while, `…MaxLength` seconds (1 when absent). */
  readonly bpsTotalMax?: number;
  readonly bpsReadMax?: number;
  readonly bpsWriteMax?: number;
  readonly iopsTotalMax?: number;
  readonly iopsReadMax?: number;
  readonly iopsWriteMax?: number;
  readonly bpsTotalMaxLength?: number;
  readonly bpsReadMaxLength?: number;
  readonly bpsWriteMaxLength?: number;
  readonly iopsTotalMaxLength?: number;
  readonly iopsReadMaxLength?: number;
  readonly iopsWriteMaxLength?: number;
  /** Bytes that count as one request; longer ones count as several. */
  readonly iopsSize?: number;
}
