/** QEMU's firmware configuration device (docs/specs/fw_cfg), in its form for memory-mapped buses. */
import type { RegisterMap } from "../bus/register-map.ts";

export const FW_CFG_REGS = {
  data: { at: 0x0, access: "ro", bytes: 8, widths: [1, 2, 4] },
  selector: { at: 0x8, access: "wo", widths: [2] },
  dmaHigh: { at: 0x10, access: "rw" },
  dmaLow: { at: 0x14, access: "rw" },
} as const satisfies RegisterMap;

/** Selector values of the entries that are no files. */
export const Key = {
  signature: 0x00,
  id: 0x01,
  uuid: 0x02,
  ramSize: 0x03,
  noGraphic: 0x04,
  cpuCount: 0x05,
  kernelSize: 0x08,
  initrdSize: 0x0b,
  bootDevice: 0x0c,
  bootMenu: 0x0e,
  maxCpus: 0x0f,
  kernelData: 0x11,
  initrdData: 0x12,
  commandLineSize: 0x14,
  commandLineData: 0x15,
  fileDirectory: 0x19,
  firstFile: 0x20,
} as const;

/** Bits of the selector that are not the entry's number: to write, and of the architecture. */
export const SELECTOR_FLAGS = 0xc000;

/** Entry `id`: the traditional interface and DMA are there. */
export const FEATURES = 0x3;

/** Bits of a DMA request's control word; bits 16 to 31 are a selector. */
export const DmaControl = { error: 1, read: 2, skip: 4, select: 8, write: 16 } as const;
export const DMA_REQUEST_BYTES = 16;

/** An item of the directory: size, selector, 2 reserved bytes, name. */
export const DIRECTORY_ITEM_BYTES = 64;
export const FILE_NAME_BYTES = 56;
