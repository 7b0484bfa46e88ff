/** What every room of shared memory counts in, and the block that all threads of a machine look at. */
import { block } from "../block.ts";

export const PAGE_BYTES = 4096;
export const MAX_HARTS = 16;

/** `time` ticks in a second, as QEMU's virt announces in timebase-frequency. */
export const TIMEBASE_HZ = 10_000_000;

/** Where the core's read-only data may lie: passed to asc as --memoryBase. */
export const CORE_DATA_BASE = 0x1000;

export const CONTROL_BASE = 0x1_0000;
export const CONTROL = block("CONTROL", 0x1000, {
  /** LAYOUT_VERSION, written by whoever builds the memory; checked at every instantiation. */
  version: { type: "u32" },
  harts: { type: "u32" },
  /** Bytes of guest RAM at `DRAM_BASE`. */
  ramBytes: { type: "u64" },
  /** Offset of the frame table and of frame 0 in this memory. */
  frameTable: { type: "u32" },
  frames: { type: "u32" },
  /** Guest time minus host monotonic time, in ticks of `TIMEBASE_HZ` (i64). */
  timeOffset: { type: "u64" },
  /** Jumps to a place before it is translated; 0 leaves everything to the interpreter. */
  jitThreshold: { type: "u32" },
  /** Bounds of a hart's translations: modules, and bytes of Wasm. 0 is the core's own bound. */
  jitModules: { type: "u32" },
  jitBytes: { type: "u32" },
  /** `Aia`: which interrupt controllers the machine has. */
  aia: { type: "u32" },
  /** Offset of the store of shared translations, 0 where harts share none, and its ring's bytes. */
  store: { type: "u32" },
  storeBytes: { type: "u32" },
  /** Non-zero: `time` counts retired instructions of hart 0 instead of the clock (tests only). */
  deterministicTime: { type: "u32" },
  /** Bits of `Doorbell`: work for the machine worker, which waits here. */
  doorbell: { type: "u32", align: 64 },
  /** `RunState`, written by the machine worker; harts wait here while it is not `running`. */
  runState: { type: "u32", align: 64 },
  /** Spin lock of the irqchip and the UART: held for a register access only. */
  irqchipLock: { type: "u32", align: 64 },
  /** Lock of the store of shared translations: held while a module is copied. */
  storeLock: { type: "u32", align: 64 },
  /** Memory slots as in KVM: guest-physical ranges backed by consecutive frame-table entries. */
  slotCount: { type: "u32", align: 64 },
  slotBase: { type: "u64", count: 8 },
  slotPages: { type: "u32", count: 8 },
  slotFirstEntry: { type: "u32", count: 8 },
});

/** Values of CONTROL.aia, in QEMU's words for `-M virt,aia=`. */
export const Aia = {
  /** The PLIC. */
  none: 0,
  /** The APLIC in direct delivery mode; harts have no AIA registers. */
  aplic: 1,
  /** An IMSIC in every hart, and the APLIC in MSI delivery mode. */
  aplicImsic: 2,
} as const;

/** Values of CONTROL.runState. */
export const RunState = { stopped: 0, running: 1, paused: 2 } as const;

/** Bits of CONTROL.doorbell. */
export const Doorbell = {
  /** The console-out ring has bytes, or the console-in ring was drained. */
  uart: 1 << 0,
  /** A virtio device's bit in VIRTIO.notify is set. */
  virtio: 1 << 1,
  /** A hart's exit block asks for an answer (EXIT.state === request). */
  exit: 1 << 2,
  /** A hart changed HART.state (paused, waiting, stopped, crashed). */
  state: 1 << 3,
} as const;
