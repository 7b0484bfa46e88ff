/** Names and numbers of virtio devices on PCI (virtio 1.3 §4.1.2), with QEMU's class codes. */
import type { PciIdentity } from "../../pci/pci-function.ts";

const VIRTIO_VENDOR = 0x1af4;
/** Subsystem of devices that have no legacy interface, as QEMU sets it. */
const QEMU_SUBSYSTEM = 0x1100;
/** Non-transitional device ids start here. */
const MODERN_BASE = 0x1040;

interface VirtioKind {
  readonly classCode: number;
  /** Transitional device id, for the kinds that have a legacy interface. */
  readonly transitional?: number;
  /** MSI-X vectors, where QEMU gives not one for each queue and one for the configuration. */
  readonly vectors?: number;
}

/** By device type number (§5). */
const KINDS: Readonly<Record<number, VirtioKind>> = {
  1: { classCode: 0x0200, transitional: 0x1000 },
  2: { classCode: 0x0100, transitional: 0x1001 },
  3: { classCode: 0x0780, transitional: 0x1003, vectors: 2 },
  4: { classCode: 0x00ff, transitional: 0x1005 },
  5: { classCode: 0x00ff, transitional: 0x1002, vectors: 0 },
  8: { classCode: 0x0100, transitional: 0x1004 },
  9: { classCode: 0x0002, transitional: 0x1009 },
  16: { classCode: 0x0380 },
  18: { classCode: 0x0980, vectors: 2 },
  19: { classCode: 0x0780 },
  26: { classCode: 0x0180 },
};
const OTHER: VirtioKind = { classCode: 0x00ff };

/** MSI-X vectors of a device with `queues` queues. */
export function defaultVectors(deviceId: number, queues: number): number {
  return KINDS[deviceId]?.vectors ?? queues + 1;
}

/** True when the device type may have a legacy interface. */
export function hasLegacy(deviceId: number): boolean {
  return KINDS[deviceId]?.transitional !== undefined;
}

/**
 * @param legacy whether the function has the legacy interface, too: it is transitional then
 * @param pciClass the device's class, where its type alone does not say it
 */
export function virtioIdentity(deviceId: number, legacy: boolean, pciClass?: number): PciIdentity {
  const { classCode, transitional } = KINDS[deviceId] ?? OTHER;
  const isTransitional = legacy && transitional !== undefined;
  return {
    vendor: VIRTIO_VENDOR,
    device: isTransitional ? transitional : MODERN_BASE + deviceId,
    revision: isTransitional ? 0 : 1,
    classCode: pciClass ?? classCode,
    subsystemVendor: VIRTIO_VENDOR,
    subsystem: isTransitional ? deviceId : QEMU_SUBSYSTEM,
    interruptPin: 1,
  };
}
