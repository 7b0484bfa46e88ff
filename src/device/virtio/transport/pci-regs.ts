import type { RegisterMap } from "../../bus/register-map.ts";

/** The common configuration structure (virtio 1.3 §4.1.4.3). */
export const VIRTIO_PCI_COMMON = {
  device_feature_select: { at: 0x00, access: "rw" },
  device_feature: { at: 0x04, access: "ro" },
  driver_feature_select: { at: 0x08, access: "rw" },
  driver_feature: { at: 0x0c, access: "rw" },
  config_msix_vector: { at: 0x10, access: "rw", widths: [2] },
  num_queues: { at: 0x12, access: "ro", widths: [2] },
  device_status: { at: 0x14, access: "rw", widths: [1] },
  config_generation: { at: 0x15, access: "ro", widths: [1] },
  queue_select: { at: 0x16, access: "rw", widths: [2] },
  queue_size: { at: 0x18, access: "rw", widths: [2] },
  queue_msix_vector: { at: 0x1a, access: "rw", widths: [2] },
  queue_enable: { at: 0x1c, access: "rw", widths: [2] },
  queue_notify_off: { at: 0x1e, access: "ro", widths: [2] },
  queue_desc_low: { at: 0x20, access: "rw" },
  queue_desc_high: { at: 0x24, access: "rw" },
  queue_driver_low: { at: 0x28, access: "rw" },
  queue_driver_high: { at: 0x2c, access: "rw" },
  queue_device_low: { at: 0x30, access: "rw" },
  queue_device_high: { at: 0x34, access: "rw" },
  queue_notify_data: { at: 0x38, access: "ro", widths: [2] },
  queue_reset: { at: 0x3a, access: "rw", widths: [2] },
} as const satisfies RegisterMap;

/** BAR 4 and its structures, as QEMU lays them out. */
export const ModernBar = {
  index: 4,
  bytes: 0x4000,
  common: 0x0000,
  isr: 0x1000,
  device: 0x2000,
  notify: 0x3000,
  pageBytes: 0x1000,
  /** Bytes from one queue's notification address to the next. */
  notifyMultiplier: 4,
} as const;

/** cfg_type of the vendor capabilities (§4.1.4), with their places in configuration space. */
export const Capability = {
  common: { type: 1, at: 0x40 },
  isr: { type: 3, at: 0x50 },
  device: { type: 4, at: 0x60 },
  notify: { type: 2, at: 0x70 },
  pci: { type: 5, at: 0x84 },
} as const;

/** Where QEMU puts the MSI-X capability, behind the vendor's. */
export const MSIX_AT = 0x98;
export const MSIX_BAR = 1;

/** The legacy interface in I/O space (§4.1.4.8); what is device specific follows. */
export const VIRTIO_PCI_LEGACY = {
  device_features: { at: 0x00, access: "ro" },
  driver_features: { at: 0x04, access: "rw" },
  queue_address: { at: 0x08, access: "rw" },
  queue_size: { at: 0x0c, access: "ro", widths: [2] },
  queue_select: { at: 0x0e, access: "rw", widths: [2] },
  queue_notify: { at: 0x10, access: "rw", widths: [2] },
  device_status: { at: 0x12, access: "rw", widths: [1] },
  isr_status: { at: 0x13, access: "ro", widths: [1] },
} as const satisfies RegisterMap;

export const LegacyBar = {
  index: 0,
  /** Behind the registers: two vectors while MSI-X is enabled, then the device's configuration. */
  end: 0x14,
  configVector: 0x14,
  queueVector: 0x16,
  endWithMsix: 0x18,
  queuePageBytes: 4096,
} as const;

/** No vector: the driver's choice, and the answer to a vector that there is none of (§4.1.5.1.2). */
export const NO_VECTOR = 0xffff;
