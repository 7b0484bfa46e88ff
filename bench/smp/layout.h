/*
 * Where a program of bench/smp is, for its start code, its link script and its tables:
 *
 *     0x80000000  code, constants, what harts share; the same for all harts
 *     0x80200000  data, bss, stack of hart 0, its page tables at the end; then of hart 1 and so on
 *
 * Each hart runs in S-mode and sees its own data at 0x80200000.
 */
#define CODE_AT 0x80000000
#define DATA_AT 0x80200000
#define DATA_BYTES 0x2000000
#define SUPERPAGE 0x200000
#define TABLE_BYTES 0x2000
