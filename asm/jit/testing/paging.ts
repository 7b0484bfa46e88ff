/** Page tables, address spaces and PMP entries that change under running code. */
import type { Statement } from "./compute.ts";
import {
  DATA_AT,
  LINEAR_AT,
  Mode,
  RAM,
  SERVICE,
  STACK_AT,
  TRAP_COST,
  TWINS_AT,
  TWINS_SEEN_AT,
  CODE_ALIAS,
  CODE_AT,
  WINDOW_AT,
  WINDOW_DEVICE,
  WINDOW_GLOBAL,
  WINDOW_PAGES,
} from "./layout.ts";
import { aliasEntry, PTE, satpOf, twinEntry, windowEntry } from "./page-tables.ts";
import type { Writer } from "./writer.ts";

/** Physical page numbers start at this bit of an entry. */
const PPN_SHIFT = 10;

/** Which translations a fence after a change names. */
interface Fenced {
  readonly vaddr: number;
  /** Number of the address space; none when the page is global. */
  readonly asid?: number;
}

/** One of the fences that forget a page's translation. Clobbers t5 and t6. */
function fenceFor(w: Writer, { vaddr, asid }: Fenced): string {
  const page = `li t5, ${vaddr}`;
  const kinds = ["sfence.vma", `${page}; sfence.vma t5, zero`];
  kinds.push(`${page}; sfence.w.inval; sinval.vma t5, zero; sfence.inval.ir`);
  if (asid !== undefined) {
    const space = `li t6, ${asid}`;
    kinds.push(`${space}; sfence.vma zero, t6`, `${page}; ${space}; sfence.vma t5, t6`);
  }
  return w.pick(kinds);
}

/** Changes bits of entries, then fences: in U-mode through M-mode. */
function change(w: Writer, entries: readonly number[], bits: number, fenced: Fenced): number {
  if (w.mode === Mode.U) {
    for (const at of entries) {
      w.line(`li t5, ${RAM + at}; li t6, ${bits}; li t4, ${w.pick([0, fenced.vaddr])}`);
      w.line(`li a7, ${SERVICE.entry}; ecall`);
    }
    return TRAP_COST * entries.length;
  }
  const base = w.mode === Mode.M ? RAM : LINEAR_AT;
  for (const at of entries) {
    w.line(`li t5, ${base + at}; ld t6, 0(t5); li t4, ${bits}; xor t6, t6, t4; sd t6, 0(t5)`);
  }
  w.line(fenceFor(w, fenced));
  return 10 * entries.length;
}

/** A page of the window that is not the device's. */
function windowPage(w: Writer): number {
  const page = w.below(WINDOW_PAGES);
  return page === WINDOW_DEVICE ? 0 : page;
}

/** The entries of a window page that must change together, and the fence that this needs. */
function place(w: Writer, page: number): { entries: number[]; fenced: Fenced } {
  const vaddr = LINEAR_AT + WINDOW_AT + 0x1000 * page;
  if (page >= WINDOW_GLOBAL) {
    return { entries: [windowEntry(0, page), windowEntry(1, page)], fenced: { vaddr } };
  }
  const space = w.below(2);
  return { entries: [windowEntry(space, page)], fenced: { vaddr, asid: space + 1 } };
}

/** Puts another data page behind a page of the window. */
export const remap: Statement = (w) => {
  const { entries, fenced } = place(w, windowPage(w));
  return change(w, entries, (1 + w.below(15)) << PPN_SHIFT, fenced);
};

/** Takes a permission from a page of the window, or gives it. */
export const permit: Statement = (w) => {
  const page = w.chance(15) ? WINDOW_DEVICE : windowPage(w);
  const bits = w.pick([PTE.V, PTE.R, PTE.W, PTE.R | PTE.W, PTE.U, PTE.A, PTE.D, PTE.A | PTE.D]);
  const { entries, fenced } = place(w, page);
  return change(w, entries, bits, fenced);
};

/** More rights than before need no fence: an entry that forbids is never kept. */
export const grant: Statement = (w) => {
  if (w.mode === Mode.U) return 0;
  const page = windowPage(w);
  const base = w.mode === Mode.M ? RAM : LINEAR_AT;
  for (const at of place(w, page).entries) {
    w.line(`li t5, ${base + at}; ld t6, 0(t5); ori t6, t6, ${0xcf}; sd t6, 0(t5)`);
  }
  return 8;
};

/** The other address space, where the window is another; its tables differ from what is cached. */
export const switchSpace: Statement = (w) => {
  const bits = satpOf(0) ^ satpOf(1);
  if (w.mode === Mode.U) {
    w.line(`li t5, ${bits}; li a7, ${SERVICE.satp}; ecall`);
    return TRAP_COST;
  }
  w.line(`csrr t5, satp; li t6, ${bits}; xor t5, t5, t6; csrw satp, t5`);
  return 8;
};

/** The other table under the same ASID, which takes fences, and back. */
export const borrowTable: Statement = (w) => {
  if (w.mode === Mode.U) return 0;
  const bits = (satpOf(0) ^ satpOf(1)) & 0xfffn;
  const flip = `csrr t5, satp; li t6, ${bits}; xor t5, t5, t6; csrw satp, t5; sfence.vma`;
  w.line(flip, `lw ${w.work()}, 0(s9)`, `sw ${w.work()}, 4(s8)`, flip);
  return 14 + TRAP_COST / 4;
};

/** Exchanges what the twins' pages are, or what they may. */
export const exchangeTwins: Statement = (w) => {
  const space = w.below(2);
  const bits = w.pick([1 << PPN_SHIFT, 1 << PPN_SHIFT, 1 << PPN_SHIFT, PTE.X, PTE.V]);
  const page = w.below(2);
  const vaddr = LINEAR_AT + TWINS_SEEN_AT + 0x1000 * page;
  return change(w, [twinEntry(space) + 8 * page], bits, { vaddr, asid: space + 1 });
};

/** Lets code be executed at its second address no longer, or again. */
export const permitAlias: Statement = (w) => {
  const at = CODE_AT + 0x1000 * w.below((STACK_AT - CODE_AT) >> 12);
  const space = w.below(2);
  const vaddr = LINEAR_AT + CODE_ALIAS + at;
  return change(w, [aliasEntry(space, at)], PTE.X, { vaddr, asid: space + 1 });
};

/** Physical memory protection of some of the data; M-mode obeys locked entries only. */
export const protect: Statement = (w) => {
  const from = RAM + DATA_AT + 8 * w.below(0x2000);
  const bytes = 8 << w.below(13);
  const base = from - (from % bytes);
  const locked = w.mode === Mode.M && w.chance(10) ? 0x80 : 0;
  const rights = w.pick([0, 1, 3, 5, 7]);
  const napot = (base >>> 2) | ((bytes >> 3) - 1);
  const range = w.chance(60);
  // Entry 0 alone, or entry 1 from where entry 0 ends, which is off.
  const data = range ? 0x18 | rights | locked : (0x08 | rights | locked) << 8;
  // Entry 2 grants everything, and divides a page.
  const cfg = w.chance(30) ? data | 0x1f_0000 : data;
  const [low, high] = range ? [napot, 0] : [base >>> 2, (base + bytes) >>> 2];
  if (w.mode === Mode.M) {
    w.line(`li t5, ${low}; csrw pmpaddr0, t5; li t5, ${high}; csrw pmpaddr1, t5`);
    w.line(`li t5, ${cfg}; csrw pmpcfg0, t5`);
    return 10;
  }
  w.line(`li t6, ${low}; li t5, ${high}; li t4, ${cfg}; li a7, ${SERVICE.pmp}; ecall`);
  return TRAP_COST;
};

/** U-mode asks for other access rights of S-mode, which it does not have; S-mode has MPRV's. */
export const statusService: Statement = (w) => {
  if (w.mode === Mode.M) return 0;
  w.line(`li t5, ${w.pick([1 << 18, 1 << 19, 0x6000, 0x2000])}`);
  w.line(`li a7, ${SERVICE.status}; ecall`);
  return TRAP_COST;
};

/** Where the twins are called. */
export function twinsSeenAt(w: Writer): number {
  return w.mode === Mode.M || w.chance(20)
    ? (w.mode === Mode.M ? RAM : LINEAR_AT) + TWINS_AT
    : LINEAR_AT + TWINS_SEEN_AT;
}
