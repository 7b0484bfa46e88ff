/**
 * The virtio-mmio registers that a driver uses in every request, answered without an exit
 * (virtio 1.3 §4.2.2). All others belong to the machine worker.
 */
import {
  DOORBELL_VIRTIO,
  IRQCHIP_VIRTIO_IRQ,
  VIRTIO_BASE,
  VIRTIO_INTERRUPT_STATUS,
  VIRTIO_NOTIFY,
  VIRTIO_SLOTS,
} from "../generated/layout";
import { ringDoorbell } from "./doorbell";
import { lockIrqchip, unlockIrqchip } from "./lock";
import { plicDrive } from "./plic";

const SLOTS: u32 = <u32>VIRTIO_SLOTS;
export const QUEUE_NOTIFY: u32 = 0x50;
export const INTERRUPT_STATUS: u32 = 0x60;
export const INTERRUPT_ACK: u32 = 0x64;

function statusAt(slot: u32): usize {
  return VIRTIO_BASE + VIRTIO_INTERRUPT_STATUS + ((<usize>slot) << 2);
}

/** Replaces InterruptStatus and drives the slot's line; the caller holds the lock. */
function setStatus(slot: u32, status: u32): void {
  atomic.store<u32>(statusAt(slot), status);
  plicDrive(IRQCHIP_VIRTIO_IRQ + slot, status != 0);
}

/**
 * Ors `bits` into InterruptStatus of a slot and raises its line.
 *
 * @param slot 0 to VIRTIO_SLOTS-1; others are ignored
 */
export function virtioRaise(slot: u32, bits: u32): void {
  if (slot >= SLOTS) return;
  lockIrqchip();
  setStatus(slot, load<u32>(statusAt(slot)) | bits);
  unlockIrqchip();
}

/** Clears InterruptStatus of a slot, as a device reset does (virtio 1.3 §4.2.2.1). */
export function virtioClear(slot: u32): void {
  if (slot >= SLOTS) return;
  lockIrqchip();
  setStatus(slot, 0);
  unlockIrqchip();
}

/** Reads a register of a slot; the write-only ones read zero. */
export function virtioRead(slot: u32, register: u32): u32 {
  return register == INTERRUPT_STATUS ? atomic.load<u32>(statusAt(slot)) : 0;
}

/** Posts QueueNotify. A queue number that no device has is the guest's mistake and ignored. */
function notifyQueue(slot: u32, queue: u32): void {
  if (queue > 31) return;
  atomic.or<u32>(VIRTIO_BASE + VIRTIO_NOTIFY + ((<usize>slot) << 2), 1 << queue);
  ringDoorbell(DOORBELL_VIRTIO);
}

/** Writes a register of a slot; the caller holds the lock. */
export function virtioWrite(slot: u32, register: u32, value: u32): void {
  if (register == QUEUE_NOTIFY) notifyQueue(slot, value);
  else if (register == INTERRUPT_ACK) setStatus(slot, load<u32>(statusAt(slot)) & ~value);
}
