/** The lock of PLIC, UART and virtio interrupt status: held for one register access. */
import { CONTROL_BASE, CONTROL_IRQCHIP_LOCK } from "../generated/layout";
import { lock, unlock } from "../hart/lock";

const LOCK: usize = CONTROL_BASE + CONTROL_IRQCHIP_LOCK;

export function lockIrqchip(): void {
  lock(LOCK);
}

export function unlockIrqchip(): void {
  unlock(LOCK);
}
