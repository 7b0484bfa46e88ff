/*
 * Entry of every hart in M-mode at 0x80000000: makes its own copy of the data, its page tables, and goes
 * on in S-mode behind them, with floating point on and a stack of its own.
 */
#include "layout.h"

    .section .text.start, "ax"
    .globl _start
_start:
    csrr    s0, mhartid
    la      t0, trap
    csrw    mtvec, t0
    li      t0, -1              /* PMP: one region over everything */
    csrw    pmpaddr0, t0
    li      t0, 0x1f
    csrw    pmpcfg0, t0
    li      t0, -1
    csrw    mcounteren, t0
    csrw    scounteren, t0

    li      t0, DATA_BYTES      /* s1: the distance of this hart's data from hart 0's */
    mul     s1, s0, t0
    la      t1, data_start
    la      t2, data_end
    add     t3, t1, s1
    beqz    s1, copied
copy:
    bgeu    t1, t2, copied
    ld      t0, 0(t1)
    sd      t0, 0(t3)
    addi    t1, t1, 8
    addi    t3, t3, 8
    j       copy

copied:
    li      s2, DATA_AT + DATA_BYTES - TABLE_BYTES
    add     a0, s2, s1
    mv      sp, a0
    mv      a1, s0
    call    page_tables

    la      t0, ready           /* nobody changes data before all have copied it */
    li      t1, 1
    amoadd.w.aqrl zero, t1, (t0)
    li      t1, HARTS
wait:
    lw      t2, 0(t0)
    bltu    t2, t1, wait
    fence

    add     t0, s2, s1
    srli    t0, t0, 12
    li      t1, 8 << 60         /* satp: Sv39 */
    or      t0, t0, t1
    csrw    satp, t0
    sfence.vma
    li      t0, 3 << 11         /* mstatus: MPP = S, FS = initial */
    csrc    mstatus, t0
    li      t0, (1 << 11) | (1 << 13)
    csrs    mstatus, t0
    la      t0, supervisor
    csrw    mepc, t0
    mret

supervisor:
    li      sp, DATA_AT + DATA_BYTES - TABLE_BYTES
    la      t0, bss_start
    la      t1, bss_end
clear:
    bgeu    t0, t1, cleared
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       clear
cleared:
    mv      a0, s0
    call    main
    li      t0, 0x5555          /* sifive_test: pass */
    j       finish

    .balign 4
trap:                           /* nothing traps: fail with mcause as the code */
    csrr    t0, mcause
    slli    t0, t0, 16
    li      t1, 0x3333
    or      t0, t0, t1
finish:
    li      t1, 0x100000
    sw      t0, 0(t1)
park:
    j       park

    .section .shared, "aw"
    .balign 64
ready:
    .word   0
