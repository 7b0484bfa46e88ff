/** Shapes of code whose translation is kept as text, so that a change of what is emitted is seen. */
export interface Shape {
  readonly name: string;
  /** What a reader should look for. */
  readonly about: string;
  /** Runs for ever; the region at label `region` is the one that is printed. */
  readonly source: string;
}

/** Calls `region` for ever, from behind: calls ahead in the page are no reason to translate. */
function calledForEver(body: string, more = ""): string {
  return `j start
    region: ${body}
    ${more}
    start: la s1, data; li sp, 0x80010000
    1: addi s3, s3, 1; li a0, 3; jal ra, region; j 1b
    .align 3
    data: .zero 64`;
}

/** The same with floating point switched on. */
function computedForEver(body: string): string {
  return calledForEver(body).replace("start: ", "start: li t0, 0x6000; csrs mstatus, t0; ");
}

export const SHAPES: readonly Shape[] = [
  {
    name: "straight",
    about: "registers are loaded at entry and written back at the return, x0 is a constant",
    source: calledForEver(
      "add a0, a0, a1; slli a2, a0, 3; addiw a1, zero, -1; sub a0, a2, a1; ret",
    ),
  },
  {
    name: "load-store",
    about: "one TLB entry is compared; a miss goes to the core, a fault shares its way out",
    source: calledForEver("lw a0, 4(s1); sd a0, 8(s1); ret"),
  },
  {
    name: "tight-loop",
    about: "a site's entry of the TLB needs no index; the back edge polls",
    source: `la s1, data; li a1, 0; li a2, 8
      region: lbu a0, 0(s1); add a1, a1, a0; bne a1, a2, region
      li a1, 0; j region
      .align 3
      data: .dword 1`,
  },
  {
    name: "group",
    about:
      "one look at the TLB serves several accesses through a register, and those of the blocks behind",
    source: calledForEver(
      "addi sp, sp, -32; sd s0, 0(sp); sd s1, 8(sp); beqz a0, 1f; lw a1, 4(sp); 1: addi sp, sp, 32; ret",
    ),
  },
  {
    name: "words",
    about: "word instructions compute in i32 locals; what leaves is extended on its way",
    source: calledForEver(
      "slliw a1, a0, 7; srliw a2, a0, 25; or a1, a1, a2; sw a1, 0(sp); slli a0, a1, 32; srli a0, a0, 30; ret",
    ),
  },
  {
    name: "if-else",
    about: "both sides meet behind a block's end",
    source: calledForEver(
      "andi a0, s3, 1; beqz a0, 1f; addi a1, a1, 1; j 2f; 1: addi a1, a1, 2; 2: mv a0, a1; ret",
    ),
  },
  {
    name: "nested-loops",
    about: "a loop in a loop; both back edges poll",
    source: `la s1, data
      region: li a0, 8
      1: addi a1, a1, 3; addi a0, a0, -1; bnez a0, 1b
      addi a2, a2, 1
      j region
      data: .zero 8`,
  },
  {
    name: "call-in-page",
    about: "the entry word of the target is a table slot, or the core looks where to go",
    source: calledForEver(
      "mv t0, ra; addi a0, a0, 1; jal ra, callee; add a1, a1, a0; jr t0",
      "callee: addi a0, a0, 2; ret",
    ),
  },
  {
    name: "call-out-of-page",
    about: "the core finds the target through the fetch TLB",
    source: calledForEver(
      "mv t0, ra; jal ra, callee; add a1, a1, a0; jr t0",
      ".align 12; callee: addi a0, a0, 2; ret",
    ),
  },
  {
    name: "recursion",
    about: "a region that calls its own entry needs no table",
    source: calledForEver(
      `beqz a0, 2f; addi sp, sp, -16; sd ra, 0(sp); addi a0, a0, -1; jal ra, region
      ld ra, 0(sp); addi sp, sp, 16; 2: ret`,
    ),
  },
  {
    name: "return",
    about: "an indirect jump ends the region with its target as the result",
    source: calledForEver("jr ra"),
  },
  {
    name: "switch",
    about: "ways seen so far are jumped to by a table; any other leaves",
    source: calledForEver(
      `andi t0, s3, 1; la t1, ways; slli t0, t0, 3; add t1, t1, t0; jr t1
      ways: addi a1, a1, 1; j 2f; addi a1, a1, 2; j 2f; 2: ret`,
    ),
  },
  {
    name: "atomic",
    about: "an AMO is the core's: dirty registers are written back, the result is read again",
    source: calledForEver("addi a0, a0, 1; amoadd.d a1, a0, (s1); add a0, a0, a1; ret"),
  },
  {
    name: "csr",
    about: "a CSR access is the core's; instret is exact, and only its registers are written back",
    source: calledForEver("addi a0, a0, 1; addi a1, a1, 1; csrrs a1, mscratch, a0; ret"),
  },
  {
    name: "fence",
    about: "a fence is one atomic operation in place; nothing is written back for it",
    source: calledForEver("sd a0, 0(s1); fence rw, rw; ld a0, 8(s1); ret"),
  },
  {
    name: "interpreted",
    about: "the region ends before a fence of translations, with the stop bit",
    source: calledForEver("addi a0, a0, 1; sfence.vma; ret"),
  },
  {
    name: "float-sum",
    about: "finite sums stand where NX is set; else exact ones do, and the core makes the others",
    source: computedForEver("fadd.d fa0, fa0, fa1; ret"),
  },
  {
    name: "float-product",
    about: "products that may be tiny are looked at as well; a zero operand makes them exact",
    source: computedForEver("fmul.d fa0, fa0, fa1; ret"),
  },
  {
    name: "float-fused",
    about: "the engine's fused multiply-add in lane 0; exact where the product and its sum are",
    source: computedForEver("fmadd.d fa0, fa1, fa2, fa0; ret"),
  },
  {
    name: "float-single",
    about: "boxes are looked at where they are not known, here those of the first operands only",
    source: computedForEver("fmul.s fa0, fa1, fa2; fsub.s fa0, fa0, fa1; ret"),
  },
  {
    name: "float-compare",
    about: "operands in no order are the core's",
    source: computedForEver("flt.d a0, fa0, fa1; ret"),
  },
  {
    name: "float-flags",
    about: "flags are read and put back in place; what changes them is the core's",
    source: computedForEver("frflags a0; flt.d a1, fa0, fa1; fsflags a0; frrm a2; ret"),
  },
  {
    name: "float-convert",
    about: "converting an integral number, or a short integer, is exact whatever the mode",
    source: computedForEver("fcvt.w.d a0, fa0, rtz; fcvt.d.l fa1, a1; ret"),
  },
  {
    name: "float-loop",
    about: "where the entry block writes an f register, it is entered with the state dirty only",
    source: `li t0, 0x6000; csrs mstatus, t0; la s1, data
      region: fld fa1, 0(s1); fadd.d fa0, fa0, fa1; fsd fa0, 8(s1); j region
      .align 3
      data: .zero 64`,
  },
];
