/**
 * Which of several major interrupts comes first (privileged manual §3.1.9, §12.1.3), and the priorities
 * that AIA lets software give them (AIA 1.0 §5.2.1, §5.4.1): 8 bits for each interrupt that can trap to
 * the level, but none for the level's own external interrupt, whose identity is its priority.
 */
import { HART_HARTID, HART_MIPRIO, HART_SIPRIO } from "../generated/layout";
import { hasImsic } from "../irqchip/aia";
import { FILE_M, imsicTop } from "../irqchip/imsic";

/** 11, 3, 7, 9, 1, 5: the default order, one interrupt in four bits, the first in the lowest. */
const DEFAULT_ORDER: u64 = 0x51973b;

/** What a priority number of 0 comes to: every interrupt here is by default below an external one. */
const DEFAULT_PRIORITY: u32 = 256;

const EXTERNAL_M: u32 = 11;
const EXTERNAL_S: u32 = 9;

/**
 * Priority of an interrupt at a level, 1 to 256; smaller numbers come first.
 *
 * @param level FILE_M or FILE_S
 */
function priorityOf(hs: usize, level: u32, irq: u32): u32 {
  const external = level == FILE_M ? EXTERNAL_M : EXTERNAL_S;
  const iprio = level == FILE_M ? HART_MIPRIO : HART_SIPRIO;
  const number =
    irq == external
      ? imsicTop(load<u32>(hs + HART_HARTID), level)
      : <u32>load<u8>(hs + iprio + <usize>irq);
  return number ? number : DEFAULT_PRIORITY;
}

/** The interrupt of `pending`, which is not empty, that a level takes first. */
export function firstInterrupt(hs: usize, level: u32, pending: u64): u32 {
  const ranked = hasImsic();
  let best: u32 = 0;
  let bestPriority: u32 = ~0;
  for (let order = DEFAULT_ORDER; order; order >>= 4) {
    const irq = <u32>order & 15;
    if (!((pending >> <u64>irq) & 1)) continue;
    if (!ranked) return irq;
    const priority = priorityOf(hs, level, irq);
    if (priority >= bestPriority) continue;
    best = irq;
    bestPriority = priority;
  }
  return best;
}

/** mtopi or stopi for the interrupts pending and enabled at a level (AIA 1.0 §5.2.2, §5.4.2). */
export function topInterruptOf(hs: usize, level: u32, pending: u64): u64 {
  if (!pending) return 0;
  const irq = firstInterrupt(hs, level, pending);
  return ((<u64>irq) << 16) | <u64>min(priorityOf(hs, level, irq), 255);
}
