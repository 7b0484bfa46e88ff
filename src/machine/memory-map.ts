/** Guest-physical addresses and interrupt numbers of the board: those of QEMU's `virt`. */

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
export const CLINT = { base: 0x200_0000, sizeBytes: 0x1_0000 } as const satisfies Range;
export const PLIC_RANGE = { base: 0xc00_0000, sizeBytes: 0x60_0000 } as const satisfies Range;
/** Interrupt domains of the APLIC, in place of the PLIC. */
export const APLIC_M = { base: 0xc00_0000, sizeBytes: 0x8000 } as const satisfies Range;
export const APLIC_S = { base: 0xd00_0000, sizeBytes: 0x8000 } as const satisfies Range;
/** Interrupt files: one page for each hart. */
export const IMSIC_M = 0x2400_0000;
export const IMSIC_S = 0x2800_0000;
export const IMSIC_PAGE_BYTES = 0x1000;
export const UART0 = { base: 0x1000_0000, sizeBytes: 0x100, irq: 10 } as const;
/** Slot n is at `base + n * sizeBytes` and raises interrupt source `irq + n`. */
export const VIRTIO_MMIO = { base: 0x1000_1000, sizeBytes: 0x1000, irq: 1 } as const;
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
  { base: 0x4000_0000, sizeBytes: GIB, space: "memory", busAddress: 0x4000_0000 },
  {
    base: 0x4_0000_0000,
    sizeBytes: 16 * GIB,
    space: "memory",
    busAddress: 0x4_0000_0000,
    wide: true,
  },
] as const;
export const DRAM_BASE = 0x8000_0000;

export const MIN_RAM_BYTES = 64 * MIB;
export const MAX_RAM_BYTES = 3 * GIB;
export const RAM_GRANULE_BYTES = 2 * MIB;
