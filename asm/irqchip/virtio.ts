/**
 * Interrupt status and notifications of virtio devices, answered without an exit: the three
 * virtio-mmio registers that a driver uses in every request (virtio 1.3 §4.2.2), and the ISR status
 * and notification words of devices on PCI (§4.1.4), wherever the guest placed them.
 *
 * A place is a virtio-mmio slot, or VIRTIO_SLOTS and the number of a device on the PCI bus.
 */
import {
  DOORBELL_VIRTIO,
  IRQCHIP_PCI_HIGH_BASE,
  IRQCHIP_PCI_HIGH_BYTES,
  IRQCHIP_PCI_MMIO_BASE,
  IRQCHIP_PCI_MMIO_BYTES,
  IRQCHIP_VIRTIO_IRQ,
  PCI_SLOTS,
  VIRTIO_BAR_BYTES,
  VIRTIO_BAR_ISR,
  VIRTIO_BAR_NOTIFY,
  VIRTIO_BASE,
  VIRTIO_INTERRUPT_STATUS,
  VIRTIO_NOTIFY,
  VIRTIO_PCI_BASE,
  VIRTIO_PCI_WIRE,
  VIRTIO_PLACES,
  VIRTIO_SLOTS,
} from "../generated/layout";
import { ringDoorbell } from "./doorbell";
import { lockIrqchip, unlockIrqchip } from "./lock";
import { wireDrive } from "./wires";

const SLOTS: u32 = <u32>VIRTIO_SLOTS;
const PLACES: u32 = <u32>VIRTIO_PLACES;
const DEVICES: u32 = <u32>PCI_SLOTS;
/** Queues whose notifications are posted: those that have a bit. */
const QUEUES: u32 = 32;
export const QUEUE_NOTIFY: u32 = 0x50;
export const INTERRUPT_STATUS: u32 = 0x60;
export const INTERRUPT_ACK: u32 = 0x64;

function statusAt(place: u32): usize {
  return VIRTIO_BASE + VIRTIO_INTERRUPT_STATUS + ((<usize>place) << 2);
}

function pciBaseAt(device: u32): usize {
  return VIRTIO_BASE + VIRTIO_PCI_BASE + ((<usize>device) << 3);
}

function pciWireAt(device: u32): usize {
  return VIRTIO_BASE + VIRTIO_PCI_WIRE + ((<usize>device) << 2);
}

/** PCI devices share wires: one is high while any of its devices wants it. */
function drivePciWire(wire: u32): void {
  if (wire == 0) return;
  let high = false;
  for (let device: u32 = 0; device < DEVICES; device++) {
    if (load<u32>(pciWireAt(device)) != wire) continue;
    if (load<u32>(statusAt(SLOTS + device))) high = true;
  }
  wireDrive(wire, high);
}

/** Replaces the interrupt status and drives the place's line; the caller holds the lock. */
function setStatus(place: u32, status: u32): void {
  atomic.store<u32>(statusAt(place), status);
  if (place < SLOTS) wireDrive(IRQCHIP_VIRTIO_IRQ + place, status != 0);
  else drivePciWire(load<u32>(pciWireAt(place - SLOTS)));
}

/**
 * Ors `bits` into the interrupt status of a place and raises its line.
 *
 * @param place 0 to VIRTIO_PLACES-1; others are ignored
 */
export function virtioRaise(place: u32, bits: u32): void {
  if (place >= PLACES) return;
  lockIrqchip();
  setStatus(place, load<u32>(statusAt(place)) | bits);
  unlockIrqchip();
}

/** Clears the interrupt status of a place, as a read of ISR status and a device reset do. */
export function virtioTake(place: u32): u32 {
  if (place >= PLACES) return 0;
  lockIrqchip();
  const before = takeStatus(place);
  unlockIrqchip();
  return before;
}

/** Reads the interrupt status and clears it; the caller holds the lock. */
function takeStatus(place: u32): u32 {
  const before = load<u32>(statusAt(place));
  if (before) setStatus(place, 0);
  return before;
}

/** Says where the memory of a PCI device is (0: nowhere), and which wire it drives (0: none). */
export function pciPlace(device: u32, gpa: u64, wire: u32): void {
  if (device >= DEVICES) return;
  lockIrqchip();
  const before = load<u32>(pciWireAt(device));
  atomic.store<u64>(pciBaseAt(device), gpa);
  store<u32>(pciWireAt(device), wire);
  if (before != wire) drivePciWire(before);
  drivePciWire(wire);
  unlockIrqchip();
}

/** Reads a register of a virtio-mmio slot; the write-only ones read zero. */
export function virtioRead(slot: u32, register: u32): u32 {
  return register == INTERRUPT_STATUS ? atomic.load<u32>(statusAt(slot)) : 0;
}

/** Posts a notification. A queue number that no device has is the guest's mistake and ignored. */
function notifyQueue(place: u32, queue: u32): void {
  if (queue >= QUEUES) return;
  atomic.or<u32>(VIRTIO_BASE + VIRTIO_NOTIFY + ((<usize>place) << 2), 1 << queue);
  ringDoorbell(DOORBELL_VIRTIO);
}

/** Writes a register of a virtio-mmio slot; the caller holds the lock. */
export function virtioWrite(slot: u32, register: u32, value: u32): void {
  if (register == QUEUE_NOTIFY) notifyQueue(slot, value);
  else if (register == INTERRUPT_ACK) setStatus(slot, load<u32>(statusAt(slot)) & ~value);
}

/** The device whose memory `gpa` is in, or DEVICES. */
function deviceAt(gpa: u64): u32 {
  for (let device: u32 = 0; device < DEVICES; device++) {
    const base = atomic.load<u64>(pciBaseAt(device));
    if (base != 0 && gpa - base < VIRTIO_BAR_BYTES) return device;
  }
  return DEVICES;
}

function offsetIn(device: u32, gpa: u64): u32 {
  return <u32>(gpa - atomic.load<u64>(pciBaseAt(device)));
}

/** True for the ISR status and the notification words of a device on PCI. */
export function pciOwns(gpa: u64): bool {
  const inLow = gpa - IRQCHIP_PCI_MMIO_BASE < IRQCHIP_PCI_MMIO_BYTES;
  if (!inLow && gpa - IRQCHIP_PCI_HIGH_BASE >= IRQCHIP_PCI_HIGH_BYTES) return false;
  const device = deviceAt(gpa);
  if (device == DEVICES) return false;
  const offset = offsetIn(device, gpa);
  return offset == VIRTIO_BAR_ISR || offset - VIRTIO_BAR_NOTIFY < QUEUES << 2;
}

/** Reads where `pciOwns` holds; the caller holds the lock. Reading ISR status clears it (§4.1.4.5). */
export function pciRead(gpa: u64): u32 {
  const device = deviceAt(gpa);
  if (device == DEVICES) return 0;
  return offsetIn(device, gpa) == VIRTIO_BAR_ISR ? takeStatus(SLOTS + device) : 0;
}

/** Writes where `pciOwns` holds: the address says which queue, not the value (§4.1.4.4). */
export function pciWrite(gpa: u64): void {
  const device = deviceAt(gpa);
  if (device == DEVICES) return;
  const offset = offsetIn(device, gpa);
  if (offset >= VIRTIO_BAR_NOTIFY) notifyQueue(SLOTS + device, (offset - VIRTIO_BAR_NOTIFY) >> 2);
}
