/**
 * The one table of shared memory. `scripts/gen-layout.ts` writes the AssemblyScript constants
 * (`asm/generated/layout.ts`) from it, so that both sides agree by construction.
 *
 *     0x0000_0000  guard page: no valid pointer is small
 *     0x0000_1000  read-only data of the core (asc --memoryBase)
 *     0x0001_0000  CONTROL   run state, doorbell, memory slots
 *     0x0001_1000  UART      the 16550's registers
 *     0x0001_2000  ACLINT    msip, mtimecmp
 *     0x0001_3000  VIRTIO    interrupt status and posted doorbells of virtio devices
 *     0x0001_4000  PLIC      priorities, pending, enables, claims
 *     0x0001_8000  APLIC     the two interrupt domains
 *     0x0001_9000  IMSIC     interrupt files, IMSIC_FILES for each hart
 *     0x0002_0000  HART × 16 registers, CSRs, exit block; then this hart's TLBs
 *     0x0060_0000  rings     console out, console in
 *     0x0070_0000  (first page after the fixed part; the rest depends on RAM size and hart count)
 *                  decode caches, one per hart
 *                  store of shared translations, where there are several harts
 *                  frame table: one u32 per guest page
 *                  frames: guest RAM, ROM, flash
 */
import { block, layoutDigest } from "./block.ts";

export const PAGE_BYTES = 4096;
export const MAX_HARTS = 16;

/** Where the core's read-only data may lie: passed to asc as --memoryBase. */
export const CORE_DATA_BASE = 0x1000;

export const CONTROL_BASE = 0x1_0000;
export const CONTROL = block("CONTROL", 0x1000, {
  /** LAYOUT_VERSION, written by whoever builds the memory; checked at every instantiation. */
  version: { type: "u32" },
  harts: { type: "u32" },
  /** Bytes of guest RAM at `RAM_BASE`. */
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

/** 16550 registers and its line state; the core answers every access (asm/irqchip/uart.ts). */
export const UART_BASE = 0x1_1000;
export const UART = block("UART", 0x1000, {
  ier: { type: "u8" },
  fcr: { type: "u8" },
  lcr: { type: "u8" },
  mcr: { type: "u8" },
  scr: { type: "u8" },
  dll: { type: "u8" },
  dlm: { type: "u8" },
  /** 1: the transmitter-empty interrupt is pending (cleared by reading IIR or writing THR). */
  threPending: { type: "u8" },
  /** Sticky overrun bit of LSR, cleared by reading LSR. */
  lsrErrors: { type: "u8" },
  /** 1: the break at the top of the receiver FIFO was reported by a read of LSR. */
  breakSeen: { type: "u8" },
  /** 1: LSR.THRE is clear until the console-out ring has room again. */
  txFull: { type: "u8" },
  /** MSR bits 0–3 (changes), cleared by reading MSR. */
  msrDelta: { type: "u8" },
  /** Characters received in loopback mode, oldest first; `loopHead` is the first one's index. */
  loopHead: { type: "u8" },
  loopCount: { type: "u8" },
  loop: { type: "u8", count: 16 },
});

/** Guest-physical windows and interrupt sources of what the core answers itself, as on QEMU's virt. */
export const Irqchip = {
  aclintBase: 0x0200_0000,
  aclintBytes: 0x1_0000,
  plicBase: 0x0c00_0000,
  plicBytes: 0x60_0000,
  /** Interrupt domains of the APLIC, in place of the PLIC. */
  aplicM: 0x0c00_0000,
  aplicS: 0x0d00_0000,
  aplicBytes: 0x8000,
  /** Interrupt files: the pages of hart n begin n × imsicStride behind. */
  imsicM: 0x2400_0000,
  imsicS: 0x2800_0000,
  imsicStride: 0x1000,
  uartBase: 0x1000_0000,
  uartBytes: 0x100,
  uartIrq: 10,
  virtioBase: 0x1000_1000,
  /** Distance of one virtio-mmio slot from the next. */
  virtioStride: 0x1000,
  /** Interrupt source of slot 0; slot n is at virtioIrq + n. */
  virtioIrq: 1,
  /** Windows in which the guest places PCI devices' memory, as on QEMU's virt. */
  pciMmioBase: 0x4000_0000,
  pciMmioBytes: 0x4000_0000,
  pciHighBase: 0x4_0000_0000,
  pciHighBytes: 0x4_0000_0000,
} as const;

export const ACLINT_BASE = 0x1_2000;
export const ACLINT = block("ACLINT", 0x1000, {
  msip: { type: "u32", count: MAX_HARTS },
  mtimecmp: { type: "u64", count: MAX_HARTS },
});

/** virtio-mmio slots; places 0 to VIRTIO_SLOTS-1 of the VIRTIO block. */
export const VIRTIO_SLOTS = 8;
/** Devices on the PCI bus; device n is place VIRTIO_SLOTS + n. */
export const PCI_SLOTS = 32;
export const VIRTIO_PLACES = VIRTIO_SLOTS + PCI_SLOTS;
/** A virtio device's memory on PCI: ISR status, and a word for each queue's notifications. */
export const VirtioBar = { bytes: 0x4000, isr: 0x1000, notify: 0x3000 } as const;
export const VIRTIO_BASE = 0x1_3000;
export const VIRTIO = block("VIRTIO", 0x1000, {
  /** InterruptStatus of each place (ISR status on PCI): bit 0 used buffer, bit 1 configuration. */
  interruptStatus: { type: "u32", count: VIRTIO_PLACES },
  /** Posted notifications: bit n set means queue n of the place was notified. */
  notify: { type: "u32", count: VIRTIO_PLACES, align: 64 },
  /** Where the guest put a PCI device's memory; 0 while it is not decoded. */
  pciBase: { type: "u64", count: PCI_SLOTS, align: 64 },
  /** The wire that a PCI device's interrupt status drives; 0 while it must not drive one. */
  pciWire: { type: "u32", count: PCI_SLOTS },
});

/** Interrupt sources 1..PLIC_SOURCES-1, as on QEMU's virt (96 with source 0 unused). */
export const PLIC_SOURCES = 96;
export const PLIC_WORDS = PLIC_SOURCES / 32;
/** Two contexts a hart: 2n is M-mode of hart n, 2n+1 is S-mode. */
export const PLIC_CONTEXTS = 2 * MAX_HARTS;
export const PLIC_BASE = 0x1_4000;
export const PLIC = block("PLIC", 0x4000, {
  priority: { type: "u32", count: PLIC_SOURCES },
  /** Level of each input line; a claimed source becomes pending again while its line is high. */
  level: { type: "u32", count: PLIC_WORDS },
  pending: { type: "u32", count: PLIC_WORDS },
  claimed: { type: "u32", count: PLIC_WORDS },
  enable: { type: "u32", count: PLIC_CONTEXTS * PLIC_WORDS },
  threshold: { type: "u32", count: PLIC_CONTEXTS },
});

/** Interrupt sources 1..APLIC_SOURCES-1: QEMU's 96. */
export const APLIC_SOURCES = 97;
export const APLIC_WORDS = 4;
export const APLIC_BASE = 0x1_8000;
/** The wires' levels, which both domains share; the domains follow. */
export const APLIC_LEVEL = 0;
export const APLIC_DOMAINS = 0x40;
/** One interrupt domain, by the names of the specification: [0] at machine, [1] at supervisor level. */
export const APLIC_DOMAIN = block("APLIC_DOMAIN", 0x600, {
  /** IE only: the other fields are constants. */
  domaincfg: { type: "u32" },
  genmsi: { type: "u32" },
  msiaddrcfg: { type: "u32" },
  msiaddrcfgh: { type: "u32" },
  pending: { type: "u32", count: APLIC_WORDS },
  enabled: { type: "u32", count: APLIC_WORDS },
  sourcecfg: { type: "u32", count: APLIC_SOURCES },
  target: { type: "u32", count: APLIC_SOURCES },
  idelivery: { type: "u32", count: MAX_HARTS },
  iforce: { type: "u32", count: MAX_HARTS },
  ithreshold: { type: "u32", count: MAX_HARTS },
});
export const APLIC_DOMAIN_BYTES = APLIC_DOMAIN.sizeBytes;

/** Interrupt identities 1..IMSIC_IDENTITIES-1 of an interrupt file: QEMU's 255. */
export const IMSIC_IDENTITIES = 256;
export const IMSIC_WORDS = IMSIC_IDENTITIES / 32;
/** Interrupt files of a hart: [0] M, [1] S, and room for those of guests. */
export const IMSIC_FILES = 9;
export const IMSIC_BASE = 0x1_9000;
export const IMSIC_FILE = block("IMSIC_FILE", 0x80, {
  /** Pending bits: set by anyone at any time, hence atomic operations only. */
  eip: { type: "u32", count: IMSIC_WORDS },
  eie: { type: "u32", count: IMSIC_WORDS },
  eidelivery: { type: "u32" },
  eithreshold: { type: "u32" },
});
export const IMSIC_FILE_BYTES = IMSIC_FILE.sizeBytes;
export const IMSIC_HART_BYTES = IMSIC_FILES * IMSIC_FILE_BYTES;

/** See HART.fetchList. */
export const FETCH_LIST = 48;

export const HART_BASE = 0x2_0000;
/** Room for registers at the start of a hart's block; its TLBs follow. */
export const HART_REGS_BYTES = 0x2000;
export const HART = block("HART", HART_REGS_BYTES, {
  x: { type: "u64", count: 32 },
  f: { type: "u64", count: 32 },
  pc: { type: "u64" },
  /** Retired instructions since reset: minstret without its guest-written offset. */
  instret: { type: "u64" },
  /** `Privilege`: 0 U, 1 S, 3 M; bit 2 is kept for V (virtualization) of the H extension. */
  priv: { type: "u32" },
  hartid: { type: "u32" },
  /** Sticky exception flags and rounding mode, apart so that FP code touches one byte. */
  fflags: { type: "u8" },
  frm: { type: "u8" },
  /** `Pending`: why a slow path stopped the instruction; the trap or exit fields hold the rest. */
  trapPending: { type: "u32" },
  trapCause: { type: "u64" },
  trapValue: { type: "u64" },
  /** Machine and supervisor CSRs by their names in the privileged manual. */
  mstatus: { type: "u64" },
  mtvec: { type: "u64" },
  medeleg: { type: "u64" },
  mideleg: { type: "u64" },
  mie: { type: "u64" },
  /** Software-written bits of mip (SSIP, STIP without Sstc, SEIP). */
  mip: { type: "u64" },
  mscratch: { type: "u64" },
  mepc: { type: "u64" },
  mcause: { type: "u64" },
  mtval: { type: "u64" },
  mcounteren: { type: "u64" },
  mcountinhibit: { type: "u64" },
  menvcfg: { type: "u64" },
  /** mcycle and minstret: guest-visible value minus `instret`, or the value while inhibited. */
  mcycleBase: { type: "u64" },
  minstretBase: { type: "u64" },
  stvec: { type: "u64" },
  sscratch: { type: "u64" },
  sepc: { type: "u64" },
  scause: { type: "u64" },
  stval: { type: "u64" },
  scounteren: { type: "u64" },
  senvcfg: { type: "u64" },
  satp: { type: "u64" },
  stimecmp: { type: "u64" },
  /** AIA's: the indirect windows' selections, virtual interrupts, and major interrupts' priorities. */
  miselect: { type: "u32" },
  siselect: { type: "u32" },
  mvien: { type: "u64" },
  /** Bits of mvip and sie that are no aliases of bits of mip and mie. */
  mvip: { type: "u64" },
  sieVirtual: { type: "u64" },
  /** The iprio arrays of both levels: interrupts 0–15. */
  miprio: { type: "u8", count: 16 },
  siprio: { type: "u8", count: 16 },
  pmpcfg: { type: "u8", count: 16 },
  pmpaddr: { type: "u64", count: 16 },
  /** Entries of pmpcfg up to the last one in use. */
  pmpTop: { type: "u32" },
  /** The stretch around the last checked address in which PMP answers alike: [0] S/U, [1] M. */
  pmpLow: { type: "u64", count: 2 },
  pmpLast: { type: "u64", count: 2 },
  pmpGrant: { type: "u32", count: 2 },
  /** MTIP and STIP as of the last look at the clock, in mip's bit positions. */
  timerLines: { type: "u32" },
  /**
   * While translated code runs: instructions until the next look at the clock (i32), the value of
   * HART.instret then, and the read and the fetch TLB array of the current modes.
   */
  jitLeft: { type: "u32" },
  tlbData: { type: "u32" },
  tlbFetch: { type: "u32" },
  jitLimit: { type: "u64" },
  /**
   * For translated floating point (asm/jit/float-state.ts), as of entering translated code: state
   * bits, and the bound of results that raise nothing new, or 0.
   */
  jitFloat: { type: "u32" },
  jitFloatBound: { type: "u32" },
  /** HART.instret at which `run`'s budget ends. */
  runEnd: { type: "u64" },
  /** 0 until the code cache is set up after a reset. */
  jitOpen: { type: "u32" },
  /** Regions waiting to be translated, modules and functions kept, bytes of Wasm kept. */
  jitQueued: { type: "u32" },
  jitModules: { type: "u32" },
  jitFunctions: { type: "u32" },
  jitThreshold: { type: "u32" },
  /**
   * Arrivals are counted by sampling: jumps until the next one that is counted, for how many it
   * counts, and the generator of random distances.
   */
  jitSample: { type: "u32" },
  jitWeight: { type: "u32" },
  jitRandom: { type: "u32" },
  /** HART.instret in units of an era when translated code was last left for the engine's sake. */
  jitEra: { type: "u32" },
  /** HART.instret when the oldest queued region was queued. */
  jitSince: { type: "u64" },
  jitBytes: { type: "u64" },
  /** 1 + `RegionStop` of a stop that is on its way out of nested regions; 0 when nobody said. */
  jitStop: { type: "u32" },
  /** HART.instret at which `run` looks at the clock and HART.events next. */
  nextPoll: { type: "u64" },
  /** Bounds of superpage translations in the TLBs, low and high half of the address space. */
  superLow: { type: "u64", count: 2 },
  superHigh: { type: "u64", count: 2 },
  /** LR/SC: host offset of the reserved word (0: none), its width, and the value loaded. */
  reservation: { type: "u32" },
  reservationBytes: { type: "u32" },
  reservationValue: { type: "u64" },
  /** An MMIO access being answered: `Pending`, the record, how to extend a load, its address. */
  mmioPending: { type: "u32" },
  mmioRecord: { type: "u32" },
  mmioKind: { type: "u32" },
  mmioVaddr: { type: "u64" },
  /** This hart's decode cache in the dynamic part. */
  decodeBase: { type: "u32" },
  decodePages: { type: "u32" },
  decodeUsed: { type: "u32" },
  decodeEpoch: { type: "u32" },
  /** Entries of the fetch TLB that FENCE.I looks at; more than FETCH_LIST: it looks at none. */
  fetchListed: { type: "u32" },
  fetchList: { type: "u32", count: FETCH_LIST },
  /** Never read: a fence is an atomic operation on it (asm/insn/rv_system.ts). */
  fenceWord: { type: "u32", align: 64 },
  /** Bits of `Event`, set by anyone, cleared by the hart: it leaves guest code and looks. */
  events: { type: "u32", align: 64 },
  /** External interrupt lines in mip's bit positions, written by ACLINT, PLIC, APLIC and IMSIC. */
  lines: { type: "u32" },
  /** `HartState`, written by the hart's worker. */
  state: { type: "u32", align: 64 },
  /** The exit block, KVM's kvm_run: `ExitReason`, then the access. */
  exitState: { type: "u32", align: 64 },
  exitReason: { type: "u32" },
  exitAddress: { type: "u64" },
  /** Access width in bytes: 1, 2, 4 or 8. */
  exitSize: { type: "u32" },
  /** Set to 1 by the answer when nothing is at exitAddress: the hart takes an access fault. */
  exitFault: { type: "u32" },
  /** 1: an exit for a fatal error; its `Fatal` code. */
  fatal: { type: "u32" },
  exitValue: { type: "u64" },
  /** Deadline of WFI in ticks of guest time; all ones when no timer is armed. */
  wfiDeadline: { type: "u64" },
  /**
   * Counters (src/protocol/stats.ts says what each one counts). A reset keeps them: HART.instret of
   * the lives before is in `statRetired`. Written by the hart only; others read them at any time.
   */
  statRetired: { type: "u64", align: 64 },
  statTranslated: { type: "u64" },
  statEntries: { type: "u64" },
  /** By `RegionStop`. */
  statStops: { type: "u64", count: 8 },
  statTranslations: { type: "u64" },
  statTranslateNs: { type: "u64" },
  statCompileNs: { type: "u64" },
  statSlowAccesses: { type: "u64" },
  statTlbMisses: { type: "u64" },
  statFetchMisses: { type: "u64" },
  statDecodes: { type: "u64" },
  statTraps: { type: "u64" },
  statInterrupts: { type: "u64" },
  /** By `ExitReason`. */
  statExits: { type: "u64", count: 16 },
  statTlbFlushes: { type: "u64" },
  statTlbPageFlushes: { type: "u64" },
  statFetchFences: { type: "u64" },
  statPagesChanged: { type: "u64" },
  statPagesEvicted: { type: "u64" },
  statModulesDropped: { type: "u64" },
  statAdoptions: { type: "u64" },
  /** Host time in `run` so far, and when the current `run` began (0: outside), in microseconds. */
  statRunUs: { type: "u64" },
  statRunSinceUs: { type: "u64" },
});

/**
 * Values of HART.trapPending and HART.mmioPending. `reenter`: the instruction is complete and
 * HART.pc is the next one, but what the run loop keeps in locals may be stale.
 */
export const Pending = { none: 0, trap: 1, mmioRead: 2, mmioWrite: 3, wfi: 4, reenter: 5 } as const;

/** Bits of HART.events. */
export const Event = {
  /** HART.lines changed: look for an interrupt. */
  irq: 1 << 0,
  /** Leave `run` with ExitReason.request: the run state changed. */
  request: 1 << 1,
  /** Forget decoded instructions (remote fence.i; loaded memory from outside). */
  fenceI: 1 << 2,
  /** Forget translations (the frame table changed). */
  flushTlb: 1 << 3,
} as const;

/** Values of HART.exitState; the hart's worker waits here for `answered`. */
export const ExitState = { idle: 0, request: 1, answered: 2 } as const;

/** What `run` returns and HART.exitReason holds. */
export const ExitReason = {
  /** The instruction budget is used up (tests, deterministic time). */
  budget: 0,
  /** A load outside memory slots and in-core devices: answer HART.exitValue, then run again. */
  mmioRead: 1,
  mmioWrite: 2,
  /** WFI with nothing pending: wait on HART.events until HART.wfiDeadline. */
  wfi: 3,
  /** Event.request was set. */
  request: 4,
  /** The hart cannot go on; HART.fatal says why. */
  fatal: 5,
} as const;

/** Indices of HART.statStops: why translated code gave up to the interpreter. */
export const RegionStop = {
  /** An instruction that regions leave to it, or calls nested too deep. */
  interpreter: 0,
  /** An exception. */
  trap: 1,
  /** An access to a device outside the core. */
  device: 2,
  /** Time to look at the clock and at requests, or an interrupt. */
  poll: 3,
  /** The code ahead has no translation, or no entry in the fetch TLB. */
  cold: 4,
} as const;

/** Values of HART.fatal. */
export const Fatal = {
  none: 0,
  /** The M-mode trap handler cannot be fetched: every further trap would fault the same way. */
  tripleFault: 1,
  /** The core broke one of its own invariants. */
  internal: 2,
} as const;

/** Values of HART.state. */
export const HartState = { stopped: 0, running: 1, paused: 2, wfi: 3, crashed: 4 } as const;

/** `time` ticks in a second, as QEMU's virt announces in timebase-frequency. */
export const TIMEBASE_HZ = 10_000_000;

/**
 * TLBs of one hart, behind its registers: for each translation mode a read, a write and a fetch
 * array of TLB_ENTRIES entries of 16 bytes `{ u64 tag; u32 addend; u32 kind }`, found by virtual
 * address; then TLB_SITE_KINDS arrays of TLB_SITES such entries, found by the place in translated code
 * that they serve (asm/mmu/tlb.ts).
 * Modes: U, S, S with SUM, M (bare); room is left for VU and VS.
 */
export const TLB_ENTRIES = 1024;
export const TLB_MODES = 6;
export const TLB_ENTRY_BYTES = 16;
export const TLB_KINDS = 3;
export const TLB_SITES = 64;
export const TLB_SITE_KINDS = 4;
export const TLB_BASE = HART_REGS_BYTES;
export const TLB_ARRAY_BYTES = TLB_ENTRIES * TLB_ENTRY_BYTES;
/** Of a mode's arrays: where those by site start. */
export const TLB_SITES_AT = TLB_KINDS * TLB_ARRAY_BYTES;
export const TLB_SITE_BYTES = TLB_SITES * TLB_ENTRY_BYTES;
export const TLB_MODE_BYTES = TLB_SITES_AT + TLB_SITE_KINDS * TLB_SITE_BYTES;

/**
 * Which entries are in use, so that forgetting a few does not cost as much as all of them: for each
 * class of entries a list `{ u32 count; u32 entries[TLB_LOG_ENTRIES] }`.
 */
export const TLB_LOG = TLB_BASE + TLB_MODES * TLB_MODE_BYTES;
export const TLB_LOG_BYTES = 0x1000;
export const TLB_LOG_ENTRIES = TLB_LOG_BYTES / 4 - 1;
export const TLB_LOGS = 3;

/** An instruction that crosses a page is decoded here: its record, then a page-end record. */
export const CROSS_RECORD = TLB_LOG + TLB_LOGS * TLB_LOG_BYTES;
const CROSS_RECORD_BYTES = 32;

/** From one hart's block to the next one's. */
export const HART_STRIDE = wholePages(CROSS_RECORD + CROSS_RECORD_BYTES);

function wholePages(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
}

/**
 * Single-producer single-consumer ring header; data follows at RING_DATA. `head` counts entries
 * produced and `tail` entries consumed, both modulo 2^32; a ring holds a power of two of them.
 */
export const RING = block("RING", 256, {
  capacity: { type: "u32" },
  head: { type: "u32", align: 64 },
  tail: { type: "u32", align: 64 },
});
export const RING_DATA = 256;

/** Console out: one byte an entry, core → machine worker. */
export const UART_TX_RING = 0x60_0000;
export const UART_TX_CAPACITY = 0x1_0000;
/** Console in: one u16 an entry (bits 0–7 the byte, bit 8 break), machine worker → core. */
export const UART_RX_RING = 0x62_0000;
export const UART_RX_CAPACITY = 0x4000;
export const UART_RX_BREAK = 1 << 8;

/** First byte whose place depends on the configuration. */
export const DYNAMIC_BASE = 0x70_0000;

/**
 * Frame table entry: bits 31–12 the frame's page number in this memory (offset >> 12), bits 11–0
 * flags.
 */
export const Frame = {
  present: 1 << 0,
  writable: 1 << 1,
  /** The page was written since dirty logging cleared this flag (migration, snapshots). */
  dirty: 1 << 2,
  /** Writes must set `dirty`: the page stays out of the write TLB until then. */
  logDirty: 1 << 3,
  /** Contents are not here yet: an access exits (start before RAM is loaded). */
  lazy: 1 << 4,
  /** A device answers what the other flags forbid (flash: writes, and reads unless `present`). */
  device: 1 << 5,
} as const;

/**
 * Decode cache of one hart at HART.decodeBase: a map of DECODE_MAP_ENTRIES u64, DECODE_PAGES decode
 * pages (asm/interp/decode-cache.ts), and the room in which the JIT builds modules.
 */
export const DECODE_MAP_ENTRIES = 8192;
export const DECODE_MAP_BYTES = DECODE_MAP_ENTRIES * 8;
export const DECODE_PAGE_BYTES = 0x8000;
/** Within a decode page: u32 for each parcel, see asm/jit/entries.ts. */
export const DECODE_ENTRIES = 0x6000;
export const DECODE_PAGES = 1536;
export const JIT_ARENA_AT = DECODE_MAP_BYTES + DECODE_PAGES * DECODE_PAGE_BYTES;
export const JIT_ARENA_BYTES = 0x24_2000;
export const DECODE_CACHE_BYTES = JIT_ARENA_AT + JIT_ARENA_BYTES;

/** Tables of the store of shared translations, and its ring of modules (asm/jit/store.ts). */
export const STORE_TABLES_BYTES = 0x5_0000;
export const STORE_RING_BYTES = 0x100_0000;

/**
 * Names this layout: a core that was built for another one must not run on a memory of this one.
 * Derived from the blocks' offsets and the sizes that the core knows.
 */
export const LAYOUT_VERSION = layoutDigest([
  [CONTROL, UART, ACLINT, VIRTIO, PLIC, APLIC_DOMAIN, IMSIC_FILE, HART, RING].map(
    ({ at, sizeBytes }) => [at, sizeBytes],
  ),
  [HART_STRIDE, TLB_ENTRIES, TLB_MODES, TLB_ENTRY_BYTES, TLB_KINDS, TLB_LOG, CROSS_RECORD],
  [DYNAMIC_BASE, APLIC_BASE, IMSIC_BASE, IMSIC_HART_BYTES],
  [TLB_SITES, TLB_SITE_KINDS],
  [UART_TX_RING, UART_TX_CAPACITY, UART_RX_RING, UART_RX_CAPACITY, VIRTIO_SLOTS, Frame],
  [VIRTIO_PLACES, VirtioBar],
  [DECODE_MAP_ENTRIES, DECODE_PAGE_BYTES, DECODE_PAGES, DECODE_CACHE_BYTES],
  [STORE_TABLES_BYTES, JIT_ARENA_BYTES],
]);
