/** Lays programs out in guest RAM, with the harness that runs them. */
import { assemble } from "../src/isa/assemble.ts";
import { CONTEXT_MIDDLE, CSRS_IN, PMP_IN, contextAt } from "./context.ts";
import type { Word } from "./context.ts";
import { openPmp } from "./gen/pmp.ts";
import { harnessSource, stubSource } from "./harness.ts";
import type { Target } from "./harness.ts";
import type { CodeWord, Program } from "./program.ts";
import { Random } from "./random.ts";
import {
  CODE_AT,
  CODE_BYTES,
  DATA_AT,
  DATA_BYTES,
  HARNESS_BASE,
  LOG_AT,
  LOG_ENTRIES,
  LOG_ENTRY_BYTES,
  RAM_BASE,
  REGION_BYTES,
  STUB_BASE,
  regionBase,
} from "./region.ts";

/** A stretch of RAM to be written before the start; `at` counts from the beginning of RAM. */
export interface Piece {
  readonly at: number;
  readonly bytes: Uint8Array;
}

export interface Image {
  readonly programs: readonly Program[];
  readonly pieces: readonly Piece[];
  /** Everything up to here belongs to the harness and the programs, and is compared. */
  readonly endAt: number;
}

const HARNESSES = new Map<string, Uint8Array>();

function harness(c: number, first: number, target: Target): Uint8Array {
  const csrs = CSRS_IN.filter(target.hasCsr).join();
  const key = `${c} ${first} ${csrs} ${target.breakpointValue}`;
  let bytes = HARNESSES.get(key);
  if (bytes === undefined) {
    bytes = assemble(harnessSource(c, first, target), { origin: BigInt(HARNESS_BASE) }).bytes;
    if (bytes.length > STUB_BASE - HARNESS_BASE) throw new RangeError("the harness is too long");
    HARNESSES.set(key, bytes);
  }
  return bytes;
}

let stub: Uint8Array | undefined;

/**
 * Builds the image of programs in different slots that share their harness register.
 *
 * @param target what both engines have
 */
export function buildImage(programs: readonly Program[], target: Target): Image {
  const first = programs[0];
  if (first === undefined) throw new RangeError("an image needs a program");
  stub ??= assemble(stubSource(), { origin: BigInt(STUB_BASE) }).bytes;
  const pieces: Piece[] = [
    { at: 0, bytes: harness(first.harnessRegister, middleOf(first), target) },
    { at: STUB_BASE - RAM_BASE, bytes: stub },
  ];
  let dirtyPmp = true;
  programs.forEach((program, i) => {
    const pmp = dirtyPmp || program.pmp !== undefined;
    dirtyPmp = program.pmp !== undefined;
    const bytes = regionOf(program, programs[i + 1], pmp);
    pieces.push({ at: regionBase(program.slot) - RAM_BASE, bytes });
  });
  const last = Math.max(...programs.map(({ slot }) => slot));
  return { programs, pieces, endAt: regionBase(last + 1) - RAM_BASE };
}

function middleOf(program: Program): number {
  return regionBase(program.slot) + CONTEXT_MIDDLE;
}

function regionOf(program: Program, next: Program | undefined, pmp: boolean): Uint8Array {
  const bytes = new Uint8Array(REGION_BYTES);
  const view = new DataView(bytes.buffer);
  writeContext(view, program, next, pmp);
  writeCode(view, program);
  writeData(view, program);
  for (const { at, value } of program.patches) view.setBigUint64(at, value, true);
  return bytes;
}

function writeContext(
  view: DataView,
  program: Program,
  next: Program | undefined,
  pmp: boolean,
): void {
  const set = (offset: number, value: bigint): void => {
    view.setBigUint64(CONTEXT_MIDDLE + offset, value, true);
  };
  program.x.forEach((value, n) => set(contextAt.x(n), value));
  program.f.forEach((value, n) => set(contextAt.f(n), value));
  for (const name of CSRS_IN) set(contextAt.csr(name), program.csrs[name] ?? 0n);
  const pmpState = program.pmp ?? openPmp();
  for (const name of PMP_IN) set(contextAt.pmp(name), pmpState[name] ?? 0n);
  for (const [name, value] of Object.entries(words(program, next, pmp))) {
    set(contextAt.word(name as Word), value);
  }
}

function words(program: Program, next: Program | undefined, pmp: boolean): Record<Word, bigint> {
  const base = regionBase(program.slot);
  const log = BigInt(base + LOG_AT);
  return {
    entry: program.codeAt + BigInt(program.entry),
    mstatus: program.mstatus,
    fcsr: BigInt(program.fcsr),
    codeAt: program.codeAt,
    codeBytes: BigInt(CODE_BYTES),
    codeFrame: BigInt(base + CODE_AT),
    endAt: BigInt(program.end),
    stub: program.stub,
    logAt: log,
    logEnd: log + BigInt(LOG_ENTRIES * LOG_ENTRY_BYTES),
    next: next === undefined ? 0n : BigInt(middleOf(next)),
    pmp: pmp ? 1n : 0n,
    scratch: 0n,
  };
}

function writeWord(view: DataView, at: number, { bits, bytes }: CodeWord): void {
  view.setUint16(at, bits & 0xffff, true);
  if (bytes === 4) view.setUint16(at + 2, bits >>> 16, true);
}

function writeCode(view: DataView, { pads, code, codeOffset }: Program): void {
  for (const { at, word } of pads) writeWord(view, CODE_AT + at, word);
  let at = CODE_AT + codeOffset;
  for (const word of code) {
    writeWord(view, at, word);
    at += word.bytes;
  }
  if (at > CODE_AT + CODE_BYTES) throw new RangeError("the code leaves its pages");
}

function writeData(view: DataView, { dataSeed }: Program): void {
  const random = new Random(dataSeed);
  for (let at = 0; at < DATA_BYTES; at += 8) {
    const value = random.chance(50) ? random.float() : random.integer();
    view.setBigUint64(DATA_AT + at, value, true);
  }
}
