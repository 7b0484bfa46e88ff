/** Counters of a hart, for people (`HART.stat…`): only this hart writes them, anybody reads them. */
import { nowMs } from "./env";

export function countBy(hs: usize, field: usize, amount: u64): void {
  store<u64>(hs + field, load<u64>(hs + field) + amount);
}

export function count(hs: usize, field: usize): void {
  countBy(hs, field, 1);
}

/** Adds the nanoseconds since `sinceMs` on the host's clock. */
export function countTime(hs: usize, field: usize, sinceMs: f64): void {
  const spent = nowMs() - sinceMs;
  // A host may set its clock back.
  if (spent > 0) countBy(hs, field, <u64>(spent * 1e6));
}
