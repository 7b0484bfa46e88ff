/**
 * The lock of PLIC, UART and virtio interrupt status. It is held for one register access, never
 * while guest code runs. A waiter spins for about such an access, then sleeps: with more workers
 * than processors the holder may be the one that is not running.
 *
 *     0 free · 1 held · 2 held and somebody sleeps
 */
import { CONTROL_BASE, CONTROL_IRQCHIP_LOCK } from "../generated/layout";

const LOCK: usize = CONTROL_BASE + CONTROL_IRQCHIP_LOCK;
const SPINS: i32 = 200;

export function lockIrqchip(): void {
  for (let i = 0; i < SPINS; i++) {
    if (atomic.cmpxchg<u32>(LOCK, 0, 1) == 0) return;
  }
  while (atomic.xchg<u32>(LOCK, 2) != 0) atomic.wait<i32>(LOCK, 2, -1);
}

export function unlockIrqchip(): void {
  if (atomic.xchg<u32>(LOCK, 0) == 2) atomic.notify(LOCK, 1);
}
