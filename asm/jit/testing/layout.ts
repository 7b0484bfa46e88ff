/**
 * A generated program's place in RAM. Offsets from 0x8000_0000, in bytes:
 *
 *     0x00000  start-up and trap handler (M-mode)
 *     0x02000  trap handler (S-mode)
 *     0x03000  what the handlers save and count
 *     0x04000  twins: two pages of functions at the same offsets
 *     0x06000  generated code
 *     0x18000  stack; at its bottom what `longjmp` restores
 *     0x20000  data, 64 KiB
 *     0x30000  page tables (asm/jit/testing/page-tables.ts)
 *
 * Translated programs see all of it but start-up at 0x4000_0000, the code a second time 0x8_0000 above,
 * a window of data pages in any order with any permissions 0x10_0000 above, the UART and the first
 * virtio slot 0x18_0000 above, and the twins, to be exchanged, 0x1a_0000 above. Two pages each at the
 * bottom and at the top of the address space are data pages, too.
 */
export const RAM = 0x8000_0000;
export const RAM_BYTES = 64 << 20;
export const SUPERVISOR_AT = 0x2000;
export const SAVE_AT = 0x3000;
export const SUPERVISOR_SAVE_AT = 0x3400;
export const TWINS_AT = 0x4000;
export const CODE_AT = 0x6000;
export const STACK_AT = 0x1_8000;
export const STACK_TOP = 0x1_c000;
export const DATA_AT = 0x2_0000;
export const DATA_BYTES = 0x1_0000;
export const TABLES_AT = 0x3_0000;
export const TABLE_PAGES = 10;
export const IMAGE_BYTES = TABLES_AT + 0x1000 * TABLE_PAGES;
/** Data pointers start here in the data, so that any 12-bit offset stays inside. */
export const DATA_MIDDLE = 0x2000;
/** Pointers are kept below this distance from there. */
export const DATA_REACH_BITS = 15;

export const LINEAR_AT = 0x4000_0000;
export const CODE_ALIAS = 0x8_0000;
export const WINDOW_AT = 0x10_0000;
export const WINDOW_PAGES = 16;
/** This page of the window is the UART's. */
export const WINDOW_DEVICE = 11;
/** Pages of the window from here on are global: the same in both address spaces. */
export const WINDOW_GLOBAL = 12;
export const DEVICES_AT = 0x18_0000;
export const TWINS_SEEN_AT = 0x1a_0000;

export const Mode = { U: 0, S: 1, M: 3 } as const;
export type Mode = (typeof Mode)[keyof typeof Mode];

/** Value of a7 with which ECALL ends the program. */
export const END_CALL = 0x5afe;

/**
 * What M-mode does for programs, by values of a7: changes satp by t5 and fences; writes t5 to pmpaddr1,
 * t6 to pmpaddr0 and t4 to pmpcfg0; changes mstatus by t5; changes the table entry at physical t5 by
 * t6 and fences the page at t4, or everything.
 */
export const SERVICE = { satp: 0x5b00, pmp: 0x5b01, status: 0x5b02, entry: 0x5b03 } as const;
/** ECALL with this a7 adds one to a0, and little else: a system call that is hot. */
export const QUICK_CALL = 2;

/** Where a program in `mode` finds `at` of its image. */
export function seen(mode: Mode, at: number): number {
  return (mode === Mode.M ? RAM : LINEAR_AT) + at;
}

/** Instructions that a trap takes. */
export const TRAP_COST = 160;
