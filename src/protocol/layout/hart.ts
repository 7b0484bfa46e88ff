/** A hart's registers, CSRs, exit block and counters, and the values of its words. */
import { block } from "../block.ts";

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
  /** HART.instret when the oldest queued region was queued, and arrivals at queued ones since. */
  jitSince: { type: "u64" },
  jitLost: { type: "u32" },
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
  /** Slots that were taken at least once, and of these: where the clock's hand is, the first free one plus 1. */
  decodeUsed: { type: "u32" },
  decodeHand: { type: "u32" },
  decodeFree: { type: "u32" },
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
