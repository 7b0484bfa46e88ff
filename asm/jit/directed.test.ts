/** Small programs, each for one thing that translated code once got wrong or easily might. */
import { beforeAll, describe, expect, it } from "vitest";
import { assemble } from "../../src/isa/assemble.ts";
import { built, compiledCore } from "./testing/core.ts";
import { RAM } from "./testing/layout.ts";
import { differences, Runner } from "./testing/runner.ts";

const POWER_OFF = "li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0); 1: j 1b";
/** On, and with NX set already, which is when arithmetic is done in place. */
const FLOATS_ON = "li t0, 0x6000; csrs mstatus, t0; csrwi fflags, 1";

let core: WebAssembly.Module;

function image(source: string): Uint8Array {
  const { bytes } = assemble(`${source}\n .align 3\n .zero 256`, { origin: BigInt(RAM) });
  return bytes;
}

/** Runs a program to its end at several thresholds; the interpreter's registers by name. */
function same(source: string): ReadonlyMap<string, string> {
  const bytes = image(`${source}\n${POWER_OFF}`);
  const expected = new Runner(core, { threshold: 0 }).run(bytes);
  expect(Runner.ended(expected)).toBe(true);
  for (const threshold of [1, 2, 8]) {
    for (const importTable of [false, true]) {
      const translated = new Runner(core, { threshold, importTable }).run(bytes);
      expect(differences(expected, translated)).toEqual([]);
    }
  }
  return expected.registers;
}

describe.skipIf(!built)("translated code", () => {
  beforeAll(() => {
    core = compiledCore();
  });

  it("leaves a loop with the registers that a call in it changed", () => {
    // t0 is set again before the call, so that nothing needs its value behind it. Whoever returns
    // there enters a region, whose loop begins behind the call.
    const bytes = image(`
      j outer
      .align 3
      callee: li t0, 9; ret
      outer: li t0, 5; li s0, 50
      head: li t0, 7
      jal ra, callee
      behind: addi s0, s0, -1
      bnez s0, head
      j outer
    `);
    const stops = new Runner(core, { threshold: 1 }).stops(bytes, () => 97);
    const head = stops.filter(({ when }) => when.endsWith("at 0x80000020"));
    expect(head.length).toBeGreaterThan(100);
    const seen = new Set(head.map(({ registers }) => registers.split(" ")[4]));
    expect([...seen].filter((t0) => t0 !== "5" && t0 !== "9")).toEqual([]);
  });

  it("computes by the state that a function left, in those that called it", () => {
    // Every 16th call takes the flags back, or rounds upwards; the sums of the caller, whose region is
    // under way then, show the mode, and s2 collects the flags as they are behind each.
    const registers = same(`
      ${FLOATS_ON}
      li s0, 200
      li t0, 0x3ff0000000000001; fmv.d.x fa1, t0
      li t0, 0x3ca0000000000000; fmv.d.x fa2, t0
      outer: jal ra, change
      fadd.d fa0, fa1, fa2
      fmv.x.d t0, fa0
      add s1, s1, t0
      frflags t0
      slli s2, s2, 1
      xor s2, s2, t0
      addi s0, s0, -1
      bnez s0, outer
      csrr s3, fcsr
      j 1f
      change: andi t1, s0, 15
      bnez t1, 2f
      andi t1, s0, 16
      beqz t1, 3f
      fsrmi 3
      ret
      3: fsrmi 0
      fsflagsi 0
      2: frflags t2
      fcvt.w.d t3, fa1
      fsflags t2
      ret
      1:
    `);
    expect(registers.get("x19")).toBe("0x61");
  });

  it("knows nothing behind a loop of a base that the loop moves, wherever its body stands", () => {
    // The body is found before the way out, so it comes last in reverse postorder.
    same(`
      li s0, 40; la s2, data; li s3, 0
      round: mv s1, s2; andi a2, s0, 1; li a3, 3
      lw a0, 0(s1); lw a1, 4(s1)
      bnez a2, head
      j join
      body: addi s1, s1, 8; addi a3, a3, -1
      head: bnez a3, body
      join: lw a4, 0(s1); lw a5, 4(s1)
      slli s3, s3, 1; add s3, s3, a4; xor s3, s3, a5; add s3, s3, a0; xor s3, s3, a1
      addi s0, s0, -1
      bnez s0, round
      j out
      .align 3
      data: .word 3, 5, 7, 11, 13, 17, 19, 23
      out:
    `);
  });

  it("bounds the engine's stack when calls never come back where they were made", () => {
    // Two coroutines: each one's call returns into the other. Ways that are never taken widen the frames.
    const wide = Array.from({ length: 24 }, (_, i) => {
      const [a, b] = [`x${8 + i}`, `x${8 + ((i * 7 + 3) % 24)}`];
      return `add ${a}, ${a}, ${b}; addw ${b}, ${b}, ${a}; fadd.d f${i}, f${i}, f${(i + 5) % 32}`;
    }).join("; ");
    same(`
      ${FLOATS_ON}
      la s1, second; li s0, 20000
      first: addi s0, s0, -1; bltz s0, heavy1
      jal swap
      j first
      second: bltz s0, heavy2
      jal swap
      j second
      swap: mv t1, s1; mv s1, ra; jr t1
      heavy1: ${wide}; j out
      heavy2: ${wide}; j out
      out:
    `);
  });

  it("takes a double for no boxed single in the way of a switch that is seen last", () => {
    const registers = same(`
      ${FLOATS_ON}
      li t0, 0x3ff0000040000000; fmv.d.x fa0, t0; fmv.d.x fa1, t0
      li s0, 200
      head: li t0, 3; remu t0, s0, t0; slli t0, t0, 3
      la t1, ways; add t1, t1, t0; jr t1
      ways: fadd.s fa2, fa0, fa1; j next
      addi a1, a1, 1; j next
      addi a0, a0, 1; j next
      next: addi s0, s0, -1; bnez s0, head
    `);
    expect(registers.get("f12")).toBe("0xffffffff7fc00000");
  });

  it("reports a fault in the middle of a loop with everything done before and nothing after", () => {
    const registers = same(`
      la t0, handler; csrw mtvec, t0
      li a0, 0; li a2, 0; la s1, data; li s2, 0x18000000; li s0, 40
      head: addi a0, a0, 1; sd a0, 0(s1); li t2, 20
      bne s0, t2, 1f; mv s1, s2
      1: ld a1, 0(s1); addi a2, a2, 1; addi s0, s0, -1; bnez s0, head
      j end
      .align 2
      handler: csrr a4, instret; mv s3, a0; mv s4, a2; csrr s5, mtval; la s1, data; mret
      data: .zero 16
      end:
    `);
    const [a0, a2] = [registers.get("x19"), registers.get("x20")];
    expect([a0, a2, registers.get("x21")]).toEqual(["0x15", "0x14", "0x18000000"]);
  });

  it("returns through more levels than regions nest", () => {
    const registers = same(`
      li sp, 0x80100000; li s0, 20
      again: li a0, 1000; jal ra, sum; addi s0, s0, -1; bnez s0, again
      j end
      sum: beqz a0, 1f; addi sp, sp, -16; sd ra, 0(sp); sd a0, 8(sp); addi a0, a0, -1
      jal ra, sum
      ld t0, 8(sp); add a0, a0, t0; ld ra, 0(sp); addi sp, sp, 16
      1: ret
      end:
    `);
    expect(registers.get("x10")).toBe("0x7a314");
  });

  it("sees code that a loop changes, from the fence on", () => {
    const registers = same(`
      li a0, 0; la s1, patched; lw s2, 0(s1); li s3, 0x100000; li s0, 60
      head: jal ra, callee; add s2, s2, s3; sw s2, 0(s1); fence.i; addi s0, s0, -1; bnez s0, head
      j end
      callee: patched: addi a0, a0, 1; ret
      end:
    `);
    expect(registers.get("x10")).toBe(`0x${((60 * 61) / 2).toString(16)}`);
  });

  it("skips an instruction behind a call when the callee says so", () => {
    const registers = same(`
      li a0, 0; li a1, 0; li s0, 300
      head: jal ra, callee; addi a0, a0, 1; addi a1, a1, 1; addi s0, s0, -1; bnez s0, head
      j end
      callee: andi t0, s0, 1; slli t0, t0, 2; add ra, ra, t0; ret
      end:
    `);
    expect([registers.get("x10"), registers.get("x11")]).toEqual(["0x96", "0x12c"]);
  });

  it("counts instructions to the last, device accesses in loops included", () => {
    const registers = same(`
      li s1, 0x10001000; li s0, 500
      head: lw a0, 0(s1); csrr a1, instret; sub a2, a1, a3; mv a3, a1; addi s0, s0, -1; bnez s0, head
    `);
    expect([registers.get("x10"), registers.get("x12")]).toEqual(["0x74726976", "0x6"]);
  });

  it("crosses into another frame behind a page whose translation a loop keeps", () => {
    // Sv39 through MPRV: two neighbours in virtual memory, apart and exchanged in physical memory.
    const registers = same(`
      li t0, -1; csrw pmpaddr0, t0; li t0, 0x1f; csrw pmpcfg0, t0
      li t0, 0x80200000
      li t1, 0x20080401; sd t1, 8(t0)
      li t2, 0x1000; add t0, t0, t2; li t1, 0x20080801; sd t1, 0(t0)
      add t0, t0, t2; li t1, 0x200410cf; sd t1, 0(t0); li t1, 0x200400cf; sd t1, 8(t0)
      li t0, 0x80104ff8; li t1, 0x1111111122222222; sd t1, 0(t0)
      li t0, 0x80105000; li t1, 0x7777777777777777; sd t1, 0(t0)
      li t0, 0x80100000; li t1, 0x3333333344444444; sd t1, 0(t0)
      li t0, 0x8000000000080200; csrw satp, t0; sfence.vma
      li t0, 0x1800; csrc mstatus, t0; li t0, 0x20800; csrs mstatus, t0
      li s1, 0x40000ff8; li s0, 100
      head: ld a0, 0(s1); ld a1, 4(s1); sd a0, 4(s1); ld a2, 4(s1); sd a1, 4(s1)
      addi s0, s0, -1; bnez s0, head
      li t0, 0x20000; csrc mstatus, t0
    `);
    expect(registers.get("x10")).toBe("0x1111111122222222");
    expect(registers.get("x11")).toBe("0x4444444411111111");
    expect(registers.get("x12")).toBe("0x1111111122222222");
  });

  it("forgets a page's old code although the page was queued twice for one module", () => {
    const wait = (n: number): string =>
      `li s1, 210000\n .align 12\n wait${n}: addi s1, s1, -1; bnez s1, wait${n}`;
    const call = (n: number): string =>
      `li s0, 40\n call${n}: jal ra, callee; addi s0, s0, -1; bnez s0, call${n}`;
    const change = "add s2, s2, s3; sw s2, 0(s4); fence.i";
    const bytes = image(`
      li a0, 0; la s4, callee; lw s2, 0(s4); li s3, 0x100000
      ${call(0)}; ${change}; ${call(1)}; ${wait(0)}
      ${change}; ${call(2)}; ${wait(1)}
      ${wait(2)}; ${call(3)}; ${wait(3)}; ${call(4)}; ${wait(4)}; ${call(5)}
      ${POWER_OFF}
      .align 12
      callee: addi a0, a0, 1; ret
    `);
    const expected = new Runner(core, { threshold: 0 }).run(bytes);
    expect(Runner.ended(expected)).toBe(true);
    // Regions wait to be a module together, and soon there are too many modules.
    expect(
      differences(expected, new Runner(core, { threshold: 9, modules: 4 }).run(bytes)),
    ).toEqual([]);
  });

  it("faults on a group of accesses at the bottom and the top of the address space, where nothing is", () => {
    const registers = same(`
      la t0, handler; csrw mtvec, t0
      li a0, 0; li a1, 0; li a2, 0; li s0, 40; li s2, 1
      head: and s1, s0, s2; neg s1, s1; slli s1, s1, 3
      ld a3, 0(s1); ld a4, 8(s1); sd a3, 0(s1); sd a4, 8(s1); lw a5, 4(s1)
      addi s0, s0, -1; bnez s0, head
      j end
      .align 2
      handler: addi a0, a0, 1; csrr t1, mtval; add a1, a1, t1; csrr t1, mepc; addi t1, t1, 4
      csrw mepc, t1; mret
      end:
    `);
    expect(registers.get("x10")).toBe("0xc8");
  });
});
