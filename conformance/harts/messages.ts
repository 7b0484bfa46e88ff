/** Messages from hart to hart through the IMSICs: none is lost, none comes twice. */
import { note, SHARED } from "./hart-program.ts";
import type { HartProgram, Scenario } from "./hart-program.ts";

const MACHINE = "virt,aia=aplic-imsic";
/** A file of each level: its page of hart 0, and the hart's registers. */
const FILES = {
  machine: { at: 0x2400_0000, select: "miselect", window: "mireg", top: "mtopei", bit: 11 },
  supervisor: { at: 0x2800_0000, select: "siselect", window: "sireg", top: "stopei", bit: 9 },
} as const;
type File = (typeof FILES)[keyof typeof FILES];
const PAGE = 0x1000;
/** eidelivery, eithreshold, and the even registers of eie (AIA 1.0 §3.8). */
const DELIVERY = 0x70;
const THRESHOLD = 0x72;
const ENABLE = [0xc0, 0xc2, 0xc4, 0xc6];

function write(file: File, register: number, value: number): string {
  return `li t0, ${register}; csrw ${file.select}, t0; li t0, ${value}; csrw ${file.window}, t0`;
}

/** All identities of the hart's file interrupt. */
function open(file: File): string {
  const all = ENABLE.map((register) => write(file, register, -1));
  return [write(file, DELIVERY, 1), write(file, THRESHOLD, 0), ...all].join("\n");
}

/** a2 = this round's identity, 1 to 128. */
const IDENTITY = "andi a2, s1, 127; addi a2, a2, 1";

/** Hart 0 sends first; each waits for the one before and sends to the next, another identity each round. */
function ring(p: HartProgram, hart: number, file: File, rounds: number): string[] {
  const loop = p.label();
  const next = file.at + PAGE * ((hart + 1) % p.harts);
  const send = `${IDENTITY}; sw a2, 0(s3)`;
  const wait = `
    ${p.random("a1", 7)}; csrr a3, time; add a3, a3, a1; csrw stimecmp, a3
    1: csrrw a0, ${file.top}, zero; bnez a0, 2f
    csrr a3, time; csrr a1, stimecmp; bltu a3, a1, 3f; li a1, -1; csrw stimecmp, a1; addi s5, s5, 1
    3: wfi; j 1b
    2: srli a0, a0, 16; ${IDENTITY}
    ${p.check("the message is the one that was sent", "beq a0, a2")}
    csrrw a0, ${file.top}, zero
    ${p.check("it came once", "beqz a0")}
  `;
  return [
    `li s1, ${rounds}; li s3, ${next}; li s5, 0`,
    `${loop}:`,
    ...(hart === 0 ? [send, wait] : [wait, send]),
    `addi s1, s1, -1; beqz s1, 1f; j ${loop}`,
    "1:",
  ];
}

function writeMachineRing(p: HartProgram, rounds: number): void {
  const file = FILES.machine;
  p.onAll((hart) => [
    open(file),
    p.barrier(),
    `li t0, ${(1 << file.bit) | 0x20}; csrw mie, t0`,
    ...ring(p, hart, file, rounds),
    note(0, "s5"),
  ]);
}

/** As Linux does it: in S-mode, with no help of M-mode's. */
function writeSupervisorRing(p: HartProgram, rounds: number): void {
  const file = FILES.supervisor;
  p.onAll((hart) => {
    const on = p.label();
    return [
      open(file),
      `li t0, ${(1 << file.bit) | 0x20}; csrw mideleg, t0; la t0, handler; csrw mtvec, t0`,
      p.barrier(),
      `li t0, ${(1 << file.bit) | 0x20}; csrw mie, t0`,
      `li t0, 0x1800; csrc mstatus, t0; li t0, 0x800; csrs mstatus, t0; la t0, ${on}; csrw mepc, t0`,
      "mret",
      `${on}:`,
      ...ring(p, hart, file, rounds),
      "ecall",
      note(0, "s5"),
    ];
  });
  p.on(0, "j done", ".align 2", "handler: csrr t5, mcause; addi t5, t5, -9; bnez t5, unexpected");
  p.on(0, "csrr t5, mepc; addi t5, t5, 4; csrw mepc, t5; li t5, 0x1800; csrs mstatus, t5");
  p.on(0, "mret", "done:");
}

/** A word for each pair: set by the sender, cleared by the receiver's handler. */
const FLAGS = SHARED + 0x8000;

/** Every hart sends to random others, who take it by interrupt, and waits until it was noticed. */
function writeStorm(p: HartProgram, rounds: number): void {
  const file = FILES.machine;
  p.onAll((hart) => [
    open(file),
    `li s1, ${rounds}; li s4, 1; li s5, 0; li s6, ${hart + 1}`,
    p.barrier(),
    `la t0, handler_${hart}; csrw mtvec, t0; li t0, ${(1 << file.bit) | 0x20}; csrw mie, t0`,
    "csrsi mstatus, 8",
    `loop_${hart}: ${p.random("a0", 2)}; li a1, ${hart}; beq a0, a1, loop_${hart}`,
    `slli a1, a0, 10; li a2, ${FLAGS + 64 * hart}; add a1, a1, a2; slli a2, a0, 12; li a3, ${file.at}`,
    "add a2, a2, a3; sw s4, 0(a1); fence w, o; sw s6, 0(a2)",
    p.until("lw a3, 0(a1)", "beqz a3"),
    `addi s1, s1, -1; beqz s1, 1f; j loop_${hart}`,
    "1:",
    p.barrier(),
    "csrci mstatus, 8",
    note(0, "s5"),
    p.barrier(),
    `j end_${hart}`,
    ".align 2",
    `handler_${hart}: csrrw t6, ${file.top}, zero; beqz t6, 1f; srli t6, t6, 16; addi t6, t6, -1`,
    `slli t6, t6, 6; li t5, ${FLAGS + 1024 * hart}; add t5, t5, t6; fence o, rw`,
    `amoswap.w t6, zero, (t5); add s5, s5, t6; j handler_${hart}`,
    "1: mret",
    `end_${hart}:`,
  ]);
  p.on(0, `li a0, ${SHARED + 0xf_0000}; ld a1, 0(a0); li a2, ${rounds * p.harts}`);
  p.on(0, p.check("every message was received once", "beq a1, a2"));
}

function rings(name: string, write_: Scenario["write"]): Scenario[] {
  const common = { rounds: 2000, notes: ["timers that expired"], write: write_, machine: MACHINE };
  return [2, 4].map((harts) => ({ name: `${name}.${harts}`, harts, ...common }));
}

export const MESSAGES: readonly Scenario[] = [
  ...rings("messages.machine", writeMachineRing),
  ...rings("messages.supervisor", writeSupervisorRing),
  {
    name: "messages.storm",
    harts: 4,
    rounds: 1000,
    notes: ["messages"],
    write: writeStorm,
    machine: MACHINE,
  },
];
