/** The word on which the machine worker waits for work posted by the core. */
import { CONTROL_BASE, CONTROL_DOORBELL } from "../generated/layout";
import { ring } from "./env";

/**
 * Posts work.
 *
 * @param bits bits of `Doorbell`; the data they announce must have been stored before
 */
export function ringDoorbell(bits: u32): void {
  const word: usize = CONTROL_BASE + CONTROL_DOORBELL;
  // Bits left from an earlier ring mean that the worker has yet to look: it will see these too.
  if (atomic.or<u32>(word, bits) & bits) return;
  atomic.notify(word, -1);
  ring();
}
