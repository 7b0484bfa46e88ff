/**
 * Performance events, read while the machine runs: plain loads of words that only the hart itself
 * writes, so looking costs the guest nothing. Each figure is exact, but they are not all of one
 * instant. All count from the machine's start on and only grow, through resets too, except where a
 * comment says `now`.
 */

/** Ways out of guest code to the hart's worker. */
export interface ExitStats {
  /** Loads from devices outside the core: each waits for the machine worker. */
  readonly mmioRead: number;
  /** Stores to devices outside the core, likewise. */
  readonly mmioWrite: number;
  /** WFI with nothing pending: the vCPU slept. */
  readonly wfi: number;
  /** The machine worker asked for it: pause, reset, power off. */
  readonly request: number;
}

/** Why translated code gave up to the interpreter. */
export interface StopStats {
  /** An instruction that is never translated (CSRs, ECALL, FENCE.I …), or calls 200 levels deep. */
  readonly interpreter: number;
  /** An exception. */
  readonly trap: number;
  /** An access to a device outside the core. */
  readonly device: number;
  /** Time to look at timers, interrupts and requests. */
  readonly poll: number;
  /** The code ahead is not translated, or its page is not in the fetch TLB. */
  readonly cold: number;
}

/** The translator of guest code to Wasm. All zero with the interpreter alone. */
export interface TranslatorStats {
  /** Guest instructions that translated code executed. */
  readonly instructions: number;
  /** Stays in translated code: each begins in the interpreter and follows any number of regions. */
  readonly entries: number;
  /** Stays that ended in the middle of what they did, by cause. */
  readonly stops: StopStats;
  /** Wasm modules that are kept now. */
  readonly modules: number;
  /** Regions (functions of those modules) that are kept now. */
  readonly regions: number;
  /** Bytes of those modules now. */
  readonly bytes: number;
  /** Regions translated so far, those dropped since included. */
  readonly translations: number;
  /**
   * Regions taken over instead of being translated: from another vCPU, or from before their page made
   * room or was patched and is what it was again.
   */
  readonly adoptions: number;
  /**
   * Milliseconds in which the vCPU translated instead of executing, the engine's part included. The
   * engine's own threads, which improve the code afterwards, are not in it.
   */
  readonly translateMs: number;
  /** The engine's part of `translateMs`: compiling and linking modules. */
  readonly compileMs: number;
}

/** What had to be forgotten, or looked at again. */
export interface InvalidationStats {
  /** Code pages that had changed when a fetch came to them after FENCE.I: decoded anew. */
  readonly changedPages: number;
  /** Code pages that made room for others. */
  readonly evictedPages: number;
  /** Translated modules that were dropped to make room for others. */
  readonly droppedModules: number;
  /** FENCE.I, of this vCPU and for it. */
  readonly fetchFences: number;
  /** TLB flushes of all addresses (SFENCE.VMA, SATP, PMP). */
  readonly tlbFlushes: number;
  /** TLB flushes of one page (SFENCE.VMA with an address). */
  readonly tlbPageFlushes: number;
}

/** Counters of one vCPU. */
export interface VcpuStats {
  /** Guest instructions retired, interpreted and translated. */
  readonly instructions: number;
  /** Host milliseconds in guest code, as a clock shows them: 1,000 a second when fully busy. */
  readonly hartMs: number;
  /** Parcels decoded by the interpreter. */
  readonly decodes: number;
  /** Loads and stores of pages that the TLB did not know. */
  readonly tlbMisses: number;
  /** Accesses that the inline TLB check did not serve: misses, misaligned, atomic, devices. */
  readonly slowAccesses: number;
  /** Jumps to pages that the fetch TLB did not know. */
  readonly fetchMisses: number;
  /** 1 while the vCPU sleeps in WFI, now; of a machine: how many do. */
  readonly asleep: number;
  /** Exceptions taken. */
  readonly traps: number;
  /** Interrupts taken. */
  readonly interrupts: number;
  readonly exits: ExitStats;
  readonly translator: TranslatorStats;
  readonly invalidations: InvalidationStats;
}

/** Counters of a machine: the sums over its vCPUs, and each of them. */
export interface MachineStats extends VcpuStats {
  /** In the order of hart numbers. */
  readonly vcpus: readonly VcpuStats[];
  /** Bytes of the pages of guest RAM that were written so far: what the host had to give for it. */
  readonly residentBytes: number;
}

/** A vCPU that has done nothing yet. */
export const NO_VCPU_STATS: VcpuStats = {
  instructions: 0,
  hartMs: 0,
  decodes: 0,
  tlbMisses: 0,
  slowAccesses: 0,
  fetchMisses: 0,
  asleep: 0,
  traps: 0,
  interrupts: 0,
  exits: { mmioRead: 0, mmioWrite: 0, wfi: 0, request: 0 },
  translator: {
    instructions: 0,
    entries: 0,
    stops: { interpreter: 0, trap: 0, device: 0, poll: 0, cold: 0 },
    modules: 0,
    regions: 0,
    bytes: 0,
    translations: 0,
    adoptions: 0,
    translateMs: 0,
    compileMs: 0,
  },
  invalidations: {
    changedPages: 0,
    evictedPages: 0,
    droppedModules: 0,
    fetchFences: 0,
    tlbFlushes: 0,
    tlbPageFlushes: 0,
  },
};

interface Tree {
  readonly [name: string]: number | Tree;
}

function plus(a: Tree, b: Tree): Tree {
  return Object.fromEntries(
    Object.entries(a).map(([name, value]) => {
      const other = b[name];
      if (typeof value === "number") return [name, value + Number(other)];
      return [name, plus(value, other as Tree)];
    }),
  );
}

/** The machine's counters from those of its vCPUs. */
export function machineStats(vcpus: readonly VcpuStats[], residentBytes = 0): MachineStats {
  const trees = vcpus as unknown as readonly Tree[];
  const sum = trees.reduce(plus, NO_VCPU_STATS as unknown as Tree) as unknown as VcpuStats;
  return { ...sum, vcpus, residentBytes };
}
