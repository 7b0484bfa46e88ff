/**
 * Guest-physical addresses and interrupt numbers of the board: those of QEMU's `virt`. What the core
 * answers itself is at the places that it knows.
 */
import { Irqchip } from "../protocol/layout.ts";

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;

export interface Range {
  readonly base: number;
  readonly sizeBytes: number;
}

export const MROM = { base: 0x1000, sizeBytes: 0xf000 } as const satisfies Range;
export const TEST = { base: 0x10_0000, sizeBytes: 0x1000 } as const satisfies Range;
export const RTC = { base: 0x10_1000, sizeBytes: 0x1000, irq: 11 } as const;
export const CLINT = {
  base: Irqchip.aclintBase,
  sizeBytes: Irqchip.aclintBytes,
} as const satisfies Range;
export const PLIC_RANGE = {
  base: Irqchip.plicBase,
  sizeBytes: Irqchip.plicBytes,
} as const satisfies Range;
/** Interrupt domains of the APLIC, in place of the PLIC. */
export const APLIC_M = {
  base: Irqchip.aplicM,
  sizeBytes: Irqchip.aplicBytes,
} as const satisfies Range;
export const APLIC_S = {
  base: Irqchip.aplicS,
  sizeBytes: Irqchip.aplicBytes,
} as const satisfies Range;
/** Interrupt files: one page for each hart. */
export const IMSIC_M = Irqchip.imsicM;
export const IMSIC_S = Irqchip.imsicS;
export const IMSIC_PAGE_BYTES = Irqchip.imsicStride;
export const UART0 = {
  base: Irqchip.uartBase,
  sizeBytes: Irqchip.uartBytes,
  irq: Irqchip.uartIrq,
} as const;
/** Slot n is at `base + n * sizeBytes` and raises interrupt source `irq + n`. */
export const VIRTIO_MMIO = {
  base: Irqchip.virtioBase,
  sizeBytes: Irqchip.virtioStride,
  irq: Irqchip.virtioIrq,
} as const;
export const FW_CFG = { base: 0x1010_0000, sizeBytes: 0x18 } as const satisfies Range;
/** Two banks, one behind the other. */
export const FLASH = { base: 0x2000_0000, sizeBytes: 0x400_0000 } as const satisfies Range;
export const FLASH_BANK_BYTES = 0x200_0000;
export const FLASH_BANKS = 2;
export const PCIE_ECAM = { base: 0x3000_0000, sizeBytes: 0x1000_0000 } as const satisfies Range;
/** First of the four wires that PCI devices share. */
export const PCIE_IRQ = 32;
/** I/O space, 32-bit memory and 64-bit memory of the PCI bus. */
export const PCIE_WINDOWS = [
  { base: 0x300_0000, sizeBytes: 0x1_0000, space: "io", busAddress: 0 },
  {
    base: Irqchip.pciMmioBase,
    sizeBytes: Irqchip.pciMmioBytes,
    space: "memory",
    busAddress: Irqchip.pciMmioBase,
  },
  {
    base: Irqchip.pciHighBase,
    sizeBytes: Irqchip.pciHighBytes,
    space: "memory",
    busAddress: Irqchip.pciHighBase,
    wide: true,
  },
] as const;
export const DRAM_BASE = 0x8000_0000;

export const MIN_RAM_BYTES = 64 * MIB;
export const MAX_RAM_BYTES = 3 * GIB;
export const RAM_GRANULE_BYTES = 2 * MIB;
