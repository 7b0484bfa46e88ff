import {
  Aia,
  CONTROL,
  CONTROL_BASE,
  DECODE_PAGE_BYTES,
  DECODE_PAGES_AT,
  DYNAMIC_BASE,
  Frame,
  HART,
  HART_BASE,
  HART_STRIDE,
  LAYOUT_VERSION,
  LEAST_DECODE_PAGES,
  MAX_HARTS,
  MOST_DECODE_PAGES,
  PAGE_BYTES,
  RING,
  STORE_RING_BYTES,
  STORE_TABLES_BYTES,
  UART_RX_CAPACITY,
  UART_RX_RING,
  UART_TX_CAPACITY,
  UART_TX_RING,
} from "../protocol/layout.ts";
import { AIA_KINDS, type AiaKind } from "../protocol/machine-service.ts";
import { vmError } from "../protocol/vm-error.ts";
import { alignUp, sizeText } from "../util/bytes.ts";
import {
  DRAM_BASE,
  FLASH,
  FLASH_BANK_BYTES,
  MAX_RAM_BYTES,
  MIN_RAM_BYTES,
  MROM,
  RAM_GRANULE_BYTES,
} from "./memory-map.ts";

export const WASM_PAGE_BYTES = 0x1_0000;
/** What 32-bit memories hold. */
const WASM_LIMIT_BYTES = 2 ** 32;

const AIA_WORD: Readonly<Record<AiaKind, number>> = {
  none: Aia.none,
  aplic: Aia.aplic,
  "aplic-imsic": Aia.aplicImsic,
};

/** What decides the shared memory's layout and contents. */
export interface MachineShape {
  /** A multiple of 2 MiB from 64 MiB to 3 GiB. */
  readonly ramBytes: number;
  /** 1 to MAX_HARTS. */
  readonly harts: number;
  /** The interrupt controllers; `none`, which is the PLIC, when absent. */
  readonly aia?: AiaKind;
  /** Banks of flash, 0 and 1, whose contents harts read as memory; none when absent. */
  readonly flash?: readonly number[];
}

/** A guest-physical range backed by consecutive frame-table entries, as CONTROL holds it. */
export interface MemorySlot {
  readonly base: number;
  readonly pages: number;
  readonly firstEntry: number;
  readonly writable: boolean;
  /** A device answers what memory does not. */
  readonly device?: boolean;
}

/** The dynamic part of shared memory; offsets and sizes in bytes. */
export interface MemoryPlan extends MachineShape {
  readonly aia: AiaKind;
  /** Decode cache of hart i at `decode + i * decodeBytes`, with `decodePages` decode pages. */
  readonly decode: number;
  readonly decodeBytes: number;
  readonly decodePages: number;
  /** The store of translations that harts share; 0 when there is one hart only. */
  readonly store: number;
  readonly frameTable: number;
  /** First frame; a multiple of 64 KiB. */
  readonly frames: number;
  readonly slots: readonly MemorySlot[];
  /** For `new WebAssembly.Memory({ initial, maximum, shared: true })`, both the same. */
  readonly wasmPages: number;
}

/**
 * Lays out the memory of a machine.
 *
 * @throws VmError configUnsupported when the shape is out of range
 */
export function planMemory(shape: MachineShape): MemoryPlan {
  checkShape(shape);
  const slots = slotsOf(shape);
  const entries = slots.reduce((sum, slot) => sum + slot.pages, 0);
  const decode = DYNAMIC_BASE;
  const decodePages = decodePagesOf(shape.harts, entries);
  const decodeBytes = DECODE_PAGES_AT + decodePages * DECODE_PAGE_BYTES;
  const decodeEnd = decode + shape.harts * decodeBytes;
  const store = shape.harts > 1 ? decodeEnd : 0;
  const frameTable = decodeEnd + (store ? STORE_TABLES_BYTES + STORE_RING_BYTES : 0);
  const frames = alignUp(frameTable + 4 * entries, WASM_PAGE_BYTES);
  const end = frames + entries * PAGE_BYTES;
  const wasmPages = Math.ceil(end / WASM_PAGE_BYTES);
  const { ramBytes, harts, aia = "none", flash = [] } = shape;
  return {
    ...{ ramBytes, harts, aia, flash, slots, wasmPages },
    ...{ decode, decodeBytes, decodePages, store, frameTable, frames },
  };
}

/**
 * Decode pages for each of `harts` beside `frames` frames: as many as fit, up to those that are worth
 * having. The host gives memory only for those that code is executed from.
 */
function decodePagesOf(harts: number, frames: number): number {
  const store = STORE_TABLES_BYTES + STORE_RING_BYTES + WASM_PAGE_BYTES;
  const room = WASM_LIMIT_BYTES - DYNAMIC_BASE - store - frames * (PAGE_BYTES + 4);
  const pages = Math.floor((room / harts - DECODE_PAGES_AT) / DECODE_PAGE_BYTES);
  return Math.min(Math.max(pages, LEAST_DECODE_PAGES), MOST_DECODE_PAGES);
}

/** @throws VmError configUnsupported naming the value that is out of range */
export function checkShape({ ramBytes, harts, aia = "none", flash = [] }: MachineShape): void {
  if (!Number.isInteger(harts) || harts < 1 || harts > MAX_HARTS) {
    throw vmError("configUnsupported", `the board takes 1 to ${MAX_HARTS} vCPUs, not ${harts}`);
  }
  if (!Number.isInteger(ramBytes) || ramBytes < MIN_RAM_BYTES || ramBytes > MAX_RAM_BYTES) {
    const range = `${sizeText(MIN_RAM_BYTES)} to ${sizeText(MAX_RAM_BYTES)}`;
    throw vmError("configUnsupported", `the board takes ${range} of RAM, not ${ramText(ramBytes)}`);
  }
  if (!AIA_KINDS.includes(aia)) {
    const known = AIA_KINDS.join(", ");
    throw vmError("configUnsupported", `aia is one of ${known}, not ${aia}`);
  }
  const isBank = (unit: number, i: number): boolean =>
    (unit === 0 || unit === 1) && flash.indexOf(unit) === i;
  if (!flash.every(isBank)) {
    const given = flash.join(", ");
    throw vmError("configUnsupported", `the banks of flash are 0 and 1, once each, not ${given}`);
  }
  if (ramBytes % RAM_GRANULE_BYTES !== 0) {
    const granule = sizeText(RAM_GRANULE_BYTES);
    throw vmError(
      "configUnsupported",
      `RAM must be a multiple of ${granule}, which ${ramText(ramBytes)} is not`,
    );
  }
}

function ramText(bytes: number): string {
  return Number.isInteger(bytes) && bytes >= 0 ? sizeText(bytes) : String(bytes);
}

/** RAM first, so that its entry 0 is frame 0 and offsets in RAM need no look-up of the slot. */
function slotsOf({ ramBytes, flash = [] }: MachineShape): MemorySlot[] {
  const banks = flash.map((bank) => ({
    base: FLASH.base + bank * FLASH_BANK_BYTES,
    sizeBytes: FLASH_BANK_BYTES,
    writable: false,
    device: true,
  }));
  const ranges = [
    { base: DRAM_BASE, sizeBytes: ramBytes, writable: true },
    { ...MROM, writable: false },
    ...banks,
  ];
  let firstEntry = 0;
  return ranges.map(({ sizeBytes, ...range }) => {
    const slot = { ...range, pages: sizeBytes / PAGE_BYTES, firstEntry };
    firstEntry += slot.pages;
    return slot;
  });
}

/**
 * Writes the plan into a zeroed memory: CONTROL, each hart's decode cache, the rings' capacities,
 * the frame table as the identity. To be done once, before any core attaches.
 */
export function initMemory(buffer: ArrayBufferLike, plan: MemoryPlan): void {
  initControl(new DataView(buffer, CONTROL_BASE, CONTROL.sizeBytes), plan);
  for (let i = 0; i < plan.harts; i++) {
    const hart = new DataView(buffer, HART_BASE + i * HART_STRIDE, HART.sizeBytes);
    hart.setUint32(HART.at.hartid, i, true);
    hart.setUint32(HART.at.decodeBase, plan.decode + i * plan.decodeBytes, true);
    hart.setUint32(HART.at.decodePages, plan.decodePages, true);
  }
  const rings = new DataView(buffer);
  rings.setUint32(UART_TX_RING + RING.at.capacity, UART_TX_CAPACITY, true);
  rings.setUint32(UART_RX_RING + RING.at.capacity, UART_RX_CAPACITY, true);
  initFrameTable(buffer, plan);
}

function initControl(control: DataView, plan: MemoryPlan): void {
  control.setUint32(CONTROL.at.version, LAYOUT_VERSION, true);
  control.setUint32(CONTROL.at.harts, plan.harts, true);
  control.setUint32(CONTROL.at.aia, AIA_WORD[plan.aia], true);
  control.setBigUint64(CONTROL.at.ramBytes, BigInt(plan.ramBytes), true);
  control.setUint32(CONTROL.at.store, plan.store, true);
  control.setUint32(CONTROL.at.storeBytes, STORE_RING_BYTES, true);
  control.setUint32(CONTROL.at.frameTable, plan.frameTable, true);
  control.setUint32(CONTROL.at.frames, plan.frames, true);
  control.setUint32(CONTROL.at.slotCount, plan.slots.length, true);
  plan.slots.forEach((slot, i) => {
    control.setBigUint64(CONTROL.at.slotBase + 8 * i, BigInt(slot.base), true);
    control.setUint32(CONTROL.at.slotPages + 4 * i, slot.pages, true);
    control.setUint32(CONTROL.at.slotFirstEntry + 4 * i, slot.firstEntry, true);
  });
}

function initFrameTable(buffer: ArrayBufferLike, plan: MemoryPlan): void {
  for (const slot of plan.slots) {
    const table = new Uint32Array(buffer, plan.frameTable + 4 * slot.firstEntry, slot.pages);
    // From the first on, writes are noted: what was written is what the host had to give.
    const ram = Frame.writable | Frame.logDirty;
    const flags = Frame.present | (slot.writable ? ram : 0) | (slot.device ? Frame.device : 0);
    const first = plan.frames + slot.firstEntry * PAGE_BYTES;
    for (let page = 0; page < slot.pages; page++) table[page] = (first + page * PAGE_BYTES) | flags;
  }
}
