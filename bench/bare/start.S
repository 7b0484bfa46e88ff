/* Entry in M-mode at 0x80000000: floating point on, a stack, zeroed bss, then main. */
    .section .text.start, "ax"
    .globl _start
_start:
    csrr    t0, mhartid
    bnez    t0, park
    li      t0, 0x2000          /* mstatus.FS = initial */
    csrs    mstatus, t0
    la      t0, trap
    csrw    mtvec, t0
    la      sp, stack_top
    la      t0, bss_start
    la      t1, bss_end
clear:
    sd      zero, 0(t0)
    addi    t0, t0, 8
    bltu    t0, t1, clear
    call    main
    li      t0, 0x5555          /* sifive_test: pass */
    j       finish

    .balign 4
trap:                           /* no kernel traps: fail with mcause as the code */
    csrr    t0, mcause
    slli    t0, t0, 16
    li      t1, 0x3333
    or      t0, t0, t1
finish:
    li      t1, 0x100000
    sw      t0, 0(t1)
park:
    wfi
    j       park

    .section .bss
    .balign 16
    .space  0x10000
stack_top:
