/** The type 0 configuration header as a table (PCI Local Bus 3.0 §6.1, PCI Express 6.0 §7.5.1). */

/** One field: its place, width in bytes, bits the guest may write and bits that a 1 clears. */
export interface ConfigField {
  readonly at: number;
  readonly bytes: 1 | 2 | 4;
  readonly writable?: number;
  readonly clearedByOne?: number;
}

/** Bits of the command register. */
export const Command = {
  ioSpace: 1 << 0,
  memorySpace: 1 << 1,
  busMaster: 1 << 2,
  serr: 1 << 8,
  interruptDisable: 1 << 10,
} as const;

/** Bits of the status register. */
export const StatusBit = { interrupt: 1 << 3, capabilities: 1 << 4 } as const;

const WRITABLE_COMMAND =
  Command.ioSpace |
  Command.memorySpace |
  Command.busMaster |
  Command.serr |
  Command.interruptDisable;

export const HEADER = {
  vendorId: { at: 0x00, bytes: 2 },
  deviceId: { at: 0x02, bytes: 2 },
  command: { at: 0x04, bytes: 2, writable: WRITABLE_COMMAND },
  status: { at: 0x06, bytes: 2, clearedByOne: 0xf900 },
  revisionId: { at: 0x08, bytes: 1 },
  progIf: { at: 0x09, bytes: 1 },
  /** Subclass in the low byte, base class in the high one. */
  classCode: { at: 0x0a, bytes: 2 },
  cacheLineSize: { at: 0x0c, bytes: 1, writable: 0xff },
  headerType: { at: 0x0e, bytes: 1 },
  subsystemVendorId: { at: 0x2c, bytes: 2 },
  subsystemId: { at: 0x2e, bytes: 2 },
  capabilities: { at: 0x34, bytes: 1 },
  interruptLine: { at: 0x3c, bytes: 1, writable: 0xff },
  interruptPin: { at: 0x3d, bytes: 1 },
} as const satisfies Readonly<Record<string, ConfigField>>;

/** Base address register `index`, 0 to 5. */
export function barAt(index: number): number {
  return 0x10 + 4 * index;
}

/** Bits of a base address register that say what it is (§6.2.5.1). */
export const BarBit = { io: 1, wide: 1 << 2, prefetchable: 1 << 3 } as const;
export const CapabilityId = { vendor: 0x09, msix: 0x11 } as const;
