import type { RegisterMap } from "../../bus/register-map.ts";

/**
 * virtio-mmio registers, version 2 (virtio 1.3 §4.2.2). QueueNotify (0x50), InterruptStatus (0x60)
 * and InterruptACK (0x64) are missing: the core answers them without an exit.
 */
export const VIRTIO_MMIO_REGS = {
  MagicValue: { at: 0x000, access: "ro" },
  Version: { at: 0x004, access: "ro" },
  DeviceID: { at: 0x008, access: "ro" },
  VendorID: { at: 0x00c, access: "ro" },
  DeviceFeatures: { at: 0x010, access: "ro" },
  DeviceFeaturesSel: { at: 0x014, access: "wo" },
  DriverFeatures: { at: 0x020, access: "wo" },
  DriverFeaturesSel: { at: 0x024, access: "wo" },
  QueueSel: { at: 0x030, access: "wo" },
  QueueSizeMax: { at: 0x034, access: "ro" },
  QueueSize: { at: 0x038, access: "wo" },
  QueueReady: { at: 0x044, access: "rw" },
  Status: { at: 0x070, access: "rw" },
  QueueDescLow: { at: 0x080, access: "wo" },
  QueueDescHigh: { at: 0x084, access: "wo" },
  QueueDriverLow: { at: 0x090, access: "wo" },
  QueueDriverHigh: { at: 0x094, access: "wo" },
  QueueDeviceLow: { at: 0x0a0, access: "wo" },
  QueueDeviceHigh: { at: 0x0a4, access: "wo" },
  SHMSel: { at: 0x0ac, access: "wo" },
  SHMLenLow: { at: 0x0b0, access: "ro" },
  SHMLenHigh: { at: 0x0b4, access: "ro" },
  SHMBaseLow: { at: 0x0b8, access: "ro" },
  SHMBaseHigh: { at: 0x0bc, access: "ro" },
  QueueReset: { at: 0x0c0, access: "rw" },
  ConfigGeneration: { at: 0x0fc, access: "ro" },
  /** Device-specific configuration, at any natural width (§4.2.2.2). */
  Config: { at: 0x100, access: "rw", bytes: 0xf00, widths: [1, 2, 4] },
} as const satisfies RegisterMap;

/** "virt", little-endian. */
export const MAGIC = 0x7472_6976;
export const VERSION = 2;
/** "TABV", little-endian. */
export const VENDOR = 0x5642_4154;
/** Bits of InterruptStatus. */
export const Interrupt = { usedBuffer: 1, configChange: 2 } as const;
