/** Control flow of generated programs: whatever a compiler might emit, and some that none would. */
import { calmStatement } from "./compute.ts";
import type { Statement } from "./compute.ts";
import { CODE_ALIAS, Mode } from "./layout.ts";
import { MEMORY_LOOPS } from "./memory-loops.ts";
import { memoryStatement } from "./memory.ts";
import { anyStatement, borrowMode } from "./statements.ts";
import { COUNTERS } from "./writer.ts";
import type { Writer } from "./writer.ts";

const CONDITIONS = ["beq", "bne", "blt", "bge", "bltu", "bgeu"] as const;

/** Where a body stands: nesting decides on counters, and where `break` goes. */
export interface Place {
  readonly depth: number;
  /** Instructions that the body may take. */
  readonly budget: number;
  readonly breakTo?: string;
  readonly continueTo?: string;
  /** Only this kind of statement, and no calls. */
  readonly leaf?: Statement;
}

function branch(w: Writer, to: string): void {
  w.line(`${w.pick(CONDITIONS)} ${w.work()}, ${w.pick([w.work(), "zero"])}, ${to}`);
}

/** Statements until the budget or `count` is used up. */
export function body(w: Writer, place: Place, count: number): number {
  let cost = 0;
  for (let i = 0; i < count && cost < place.budget; i++) {
    const rest = { ...place, budget: place.budget - cost };
    w.chunk(() => {
      cost += statement(w, rest);
    });
  }
  return cost;
}

function statement(w: Writer, place: Place): number {
  if (w.chance(62) || place.budget < 40) return (place.leaf ?? anyStatement)(w);
  const nests = place.depth < 4;
  switch (w.below(place.leaf ? 6 : 17)) {
    case 0:
      return nests ? ifElse(w, place) : skip(w);
    case 1:
      return nests ? loop(w, place) : skip(w);
    case 2:
      return skip(w);
    case 3:
      return leaveLoop(w, place);
    case 4:
      return nests ? enteredInTheMiddle(w, place) : skip(w);
    case 5:
      return w.pick(MEMORY_LOOPS)(w, COUNTERS[place.depth] ?? "s7", place.budget);
    case 6:
    case 7:
      return nests ? switchTable(w, place) : 0;
    case 8:
      return nests ? loop(w, place) : call(w, place);
    case 9:
      return w.mode === Mode.M && nests ? borrowed(w, place) : call(w, place);
    case 10:
      return waitForTimer(w, place);
    case 11:
      return jumpBack(w);
    case 12:
      return callRemembered(w, place);
    case 13:
      return w.pick(MEMORY_LOOPS)(w, COUNTERS[place.depth] ?? "s7", place.budget);
    default:
      return call(w, place);
  }
}

function inner(place: Place, budget: number): Place {
  return { ...place, depth: place.depth + 1, budget };
}

function ifElse(w: Writer, place: Place): number {
  const [other, end] = [w.label(), w.label()];
  branch(w, other);
  const then = body(w, inner(place, place.budget - 4), 1 + w.below(4));
  w.line(`j ${end}`, `${other}:`);
  const otherwise = body(w, inner(place, place.budget - 4), w.below(4));
  w.line(`${end}:`);
  return Math.max(then, otherwise) + 3;
}

/** A compressed branch over one instruction. */
function skip(w: Writer): number {
  const end = w.label();
  w.line(`${w.pick(["c.beqz", "c.bnez"])} ${w.short()}, ${end}`);
  const cost = calmStatement(w);
  w.line(`${end}:`);
  return cost + 1;
}

function leaveLoop(w: Writer, { breakTo, continueTo }: Place): number {
  const to = w.chance(50) ? breakTo : continueTo;
  if (to === undefined) return calmStatement(w);
  branch(w, to);
  return 1;
}

function roundsFor(w: Writer, budget: number): number {
  const most = Math.max(1, Math.floor(budget / 12));
  return Math.min(most, w.pick([1, 2, 3, 5, 9, 30, 100, 400]));
}

function loop(w: Writer, place: Place): number {
  const rounds = roundsFor(w, place.budget);
  const counter = COUNTERS[place.depth] ?? "s7";
  const [head, again, end] = [w.label(), w.label(), w.label()];
  w.line(`li ${counter}, ${rounds}`, `${head}:`);
  const within = inner(place, Math.floor(place.budget / rounds));
  const cost = body(w, { ...within, breakTo: end, continueTo: again }, 1 + w.below(9));
  w.line(`${again}: addi ${counter}, ${counter}, -1`, `bnez ${counter}, ${head}`, `${end}:`);
  return (cost + 2) * rounds + 1;
}

/** Not reducible: the loop has two entries. */
function enteredInTheMiddle(w: Writer, place: Place): number {
  const rounds = roundsFor(w, place.budget);
  const counter = COUNTERS[place.depth] ?? "s7";
  const [head, middle] = [w.label(), w.label()];
  const half = inner(place, Math.floor(place.budget / rounds / 2));
  w.line(`li ${counter}, ${rounds}`);
  branch(w, middle);
  w.line(`${head}:`);
  const first = body(w, half, 1 + w.below(3));
  w.line(`${middle}:`);
  const second = body(w, half, 1 + w.below(3));
  w.line(`addi ${counter}, ${counter}, -1`, `bnez ${counter}, ${head}`);
  return (first + second + 2) * rounds + 2;
}

function switchTable(w: Writer, place: Place): number {
  const ways = w.pick([2, 4, 8]);
  const labels = Array.from({ length: ways }, () => w.label());
  const [table, end] = [w.label(), w.label()];
  const counter = COUNTERS[place.depth - 1];
  if (counter !== undefined && w.chance(50)) {
    // Ways that nobody took before come up late: the loop counts down.
    w.line(`srli t5, ${counter}, ${w.below(5)}; andi t5, t5, ${ways - 1}`, `la t6, ${table}`);
  } else {
    w.line(`andi t5, ${w.work()}, ${ways - 1}`, `la t6, ${table}`);
  }
  w.line("slli t5, t5, 2; add t5, t5, t6; lw t5, 0(t5); add t6, t6, t5; jr t6", ".align 2");
  w.line(`${table}:`, ...labels.map((label) => `.word ${label} - ${table}`));
  let most = 0;
  for (const label of labels) {
    w.line(`${label}:`);
    most = Math.max(most, body(w, inner(place, place.budget - 12), 1 + w.below(2)));
    if (w.chance(85)) w.line(`j ${end}`);
    else most += 20;
  }
  w.line(`${end}:`);
  return most + 12;
}

/** Some callees return behind the instruction that follows. */
function call(w: Writer, place: Place): number {
  const affordable = w.callees.filter(({ cost }) => cost < place.budget);
  if (affordable.length === 0 || place.leaf) return calmStatement(w);
  const { label, cost } = w.pick(affordable);
  switch (w.below(5)) {
    case 0:
      w.line(`la t6, ${label}; jalr ra, 0(t6)`);
      break;
    case 1:
      // The same code under its second address, where it has one.
      w.line(`la t6, ${label}`);
      if (w.mode !== Mode.M) w.line(`li t5, ${CODE_ALIAS}; xor t6, t6, t5`);
      w.line("jalr ra, 0(t6)");
      break;
    case 2: {
      const other = w.pick(affordable);
      w.line(`la t6, ${label}; la t5, ${other.label}`);
      w.line(`bnez ${w.work()}, 1f; mv t6, t5; 1: jalr ra, 0(t6)`);
      w.line(`addi ${w.work()}, ${w.work()}, 1`);
      return Math.max(cost, other.cost) + 8;
    }
    default:
      w.line(`jal ra, ${label}`);
  }
  w.line(`addi ${w.work()}, ${w.work()}, 1`);
  return cost + 6;
}

function borrowed(w: Writer, place: Place): number {
  const leaf = { ...inner(place, Math.min(place.budget, 2000)), leaf: memoryStatement };
  const { breakTo: _b, continueTo: _c, ...closed } = leaf;
  return borrowMode(w, () => body(w, closed, 2 + w.below(5)));
}

/** Registers that `jumpBack` restores, and where at s1 they are kept: first whether there are any. */
const REMEMBERED = ["ra", "sp", "s2", "s3", "s4", "s5", "s6", "s7"] as const;

/** As setjmp: a call whose callee, or what that calls, may come back here all at once. */
function callRemembered(w: Writer, place: Place): number {
  const [back, over] = [w.label(), w.label()];
  w.line(`la t5, ${back}; sd t5, 0(s1)`);
  w.line(...REMEMBERED.map((register, i) => `sd ${register}, ${8 * (i + 1)}(s1)`));
  const cost = call(w, place);
  w.line("sd zero, 0(s1)", `j ${over}`);
  w.line(`${back}: addi ${w.work()}, ${w.work()}, 3`, `${over}:`);
  return cost + 14;
}

/** As longjmp, where there is somewhere to go. */
function jumpBack(w: Writer): number {
  const none = w.label();
  w.line("ld t5, 0(s1)", `beqz t5, ${none}`, "sd zero, 0(s1)");
  w.line(...REMEMBERED.map((register, i) => `ld ${register}, ${8 * (i + 1)}(s1)`));
  w.line("jr t5", `${none}:`);
  return 3;
}

/** Rounds of a loop that is surely still running when the timer's interrupt comes. */
const WAIT_ROUNDS = 12_000;

/** A timer interrupt somewhere in a loop, which goes on as if nothing had happened. */
function waitForTimer(w: Writer, place: Place): number {
  if (w.waited || place.depth > 0 || w.mode === Mode.U || w.chance(70)) return 0;
  w.waited = true;
  const head = w.label();
  w.line(`csrr t5, time; addi t5, t5, ${100 + w.below(500)}; csrw stimecmp, t5`);
  if (w.mode === Mode.M) w.line("csrsi mstatus, 8");
  w.line(`li s7, ${WAIT_ROUNDS}`, `${head}:`);
  for (let i = 0; i < 6; i++) calmStatement(w);
  w.line("addi s7, s7, -1", `bnez s7, ${head}`);
  return 8;
}
