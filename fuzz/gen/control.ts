/** Control flow: forward branches and jumps, counted loops, jumps to nowhere. */
import { newLabel } from "../code.ts";
import type { Label } from "../code.ts";
import type { Gen } from "./gen.ts";
import { arithmetic, near } from "./integer.ts";
import { access, wildAddress } from "./memory.ts";

/** Labels that wait for the place that many units ahead. */
export class Pending {
  #labels: { readonly label: Label; units: number }[] = [];

  add(label: Label, units: number): void {
    this.#labels.push({ label, units });
  }

  /** To be called between units: places the labels whose time has come, or all. */
  advance(gen: Gen, all = false): void {
    for (const one of this.#labels) {
      one.units--;
      if (all || one.units < 0) gen.code.place(one.label);
    }
    this.#labels = this.#labels.filter(({ label }) => label.at === undefined);
  }
}

const BRANCHES = ["beq", "bne", "blt", "bge", "bltu", "bgeu"];

export function branch(gen: Gen, pending: Pending): void {
  const label = newLabel();
  if (gen.random.chance(30)) {
    const name = gen.random.pick(["c.beqz", "c.bnez"]);
    gen.code.jump(name, { crs13: gen.random.pick(near(gen)) }, "cb", label);
    pending.add(label, gen.random.below(2));
    return;
  }
  const rs1 = gen.rs();
  const rs2 = gen.random.chance(20) ? rs1 : gen.rs();
  gen.code.jump(gen.random.pick(BRANCHES), { rs1, rs2 }, "b13", label);
  pending.add(label, gen.random.below(5));
}

export function jump(gen: Gen, pending: Pending): void {
  const label = newLabel();
  const register = gen.rd();
  switch (gen.random.below(4)) {
    case 0:
      gen.code.jump("c.j", {}, "cj", label);
      break;
    case 1:
      gen.code.jump("jal", { rd: gen.random.chance(30) ? 0 : gen.rd() }, "j21", label);
      break;
    case 2:
      gen.code.op("auipc", { rd: register });
      gen.code.jump("jalr", { rd: gen.rd(), rs1: register }, "i12", label, 4);
      break;
    default:
      gen.code.op("auipc", { rd: register });
      gen.code.jump("addi", { rd: register, rs1: register }, "i12", label, 4);
      gen.code.op(gen.random.pick(["c.jr", "c.jalr"]), { rd: register });
  }
  pending.add(label, gen.random.below(4));
}

/** A loop of 2 to 5 rounds over a few simple instructions. */
export function loop(gen: Gen): void {
  const counter = gen.rd();
  const at = gen.pool.indexOf(counter);
  const pool = gen.pool as number[];
  pool.splice(at, 1);
  gen.code.li(counter, BigInt(gen.random.between(2, 5)));
  const top = newLabel();
  gen.code.place(top);
  const count = gen.random.between(1, 5);
  for (let i = 0; i < count; i++) gen.random.pick([arithmetic, arithmetic, access])(gen);
  gen.code.op("addi", { rd: counter, rs1: counter, i12: -1 });
  gen.code.jump("bne", { rs1: counter, rs2: 0 }, "b13", top);
  pool.splice(at, 0, counter);
}

const RA = 1;

/** Jumps where nothing can be executed; the harness comes back by ra. */
export function wildJump(gen: Gen): void {
  if (!gen.pool.includes(RA)) return;
  const register = gen.rd();
  gen.code.li(register, wildAddress(gen) & ~1n);
  if (register === RA || gen.random.chance(50)) {
    gen.code.op("jalr", { rd: RA, rs1: register });
  } else {
    gen.code.op("c.jalr", { rd: register });
  }
}

/** Calls one of the landing pads, which return at once if they can be executed. */
export function callPad(gen: Gen): void {
  if (gen.pads.length === 0 || !gen.pool.includes(RA)) return;
  const register = gen.rd();
  gen.code.li(register, gen.random.pick(gen.pads));
  gen.code.op("jalr", { rd: RA, rs1: register });
}
