/**
 * Runs one test program on an inline machine. It knows no host: the Node engine and the page's
 * worker both use it.
 *
 * A program ends by writing to the symbol `tohost`, which is watched in memory: 1 for success,
 * 2n+1 when its test case n failed. When a reference signature is there, the memory from
 * `begin_signature` to `end_signature` must equal it as well.
 */
import type { FrameMemory } from "../src/machine/guest-memory.ts";
import { InlineMachine } from "../src/machine/inline-machine.ts";
import type { InlineConfig, RunResult } from "../src/machine/inline-machine.ts";
import { elfSymbols } from "../src/machine/loaders/elf.ts";
import type { Outcome, TestProgram } from "./outcome.ts";
import { orGiveUp } from "./patience.ts";
import { compareSignatures, parseSignature } from "./signature.ts";

const RAM_BYTES = 64 * 1024 * 1024;
const SYMBOLS = ["tohost", "begin_signature", "end_signature"];
/** More than any known test needs by two orders of magnitude. */
const MAX_INSTRUCTIONS = 50_000_000;
const ROUNDS = 2000;
const TIMEOUT: Outcome = {
  kind: "timeout",
  detail: `no end after ${MAX_INSTRUCTIONS} instructions`,
};

/** Runs `program` on a machine of its own with one hart and 64 MiB. */
export function runProgram(
  program: TestProgram,
  instantiate: InlineConfig["instantiate"],
): Outcome {
  try {
    return attempt(program, instantiate);
  } catch (error) {
    return { kind: "error", detail: error instanceof Error ? error.message : String(error) };
  }
}

function attempt(program: TestProgram, instantiate: InlineConfig["instantiate"]): Outcome {
  const symbols = elfSymbols(program.elf, SYMBOLS);
  const tohost = symbols.get("tohost");
  if (tohost === undefined) return { kind: "error", detail: "the program has no symbol tohost" };
  const machine = new InlineMachine({
    ramBytes: RAM_BYTES,
    harts: 1,
    deterministic: true,
    instantiate,
  });
  machine.boot({ kernel: { name: program.name, bytes: program.elf } });
  const { memory } = machine.board;
  const ended = (): boolean => memory.readU32(tohost) !== 0;
  const until = orGiveUp(ended, ROUNDS);
  const result = machine.run({ maxInstructions: MAX_INSTRUCTIONS, until });
  if (result.kind === "until" && !ended()) return TIMEOUT;
  return judge(program, symbols, memory, result);
}

function judge(
  program: TestProgram,
  symbols: ReadonlyMap<string, number>,
  memory: FrameMemory,
  result: RunResult,
): Outcome {
  if (result.kind === "limit") return TIMEOUT;
  if (result.kind !== "until")
    return { kind: "fail", detail: `the machine stopped: ${result.kind}` };
  const code = memory.readU32(symbols.get("tohost") ?? 0) ?? 0;
  if (code !== 1) return { kind: "fail", detail: `test case ${code >>> 1} failed` };
  if (program.reference === undefined) return { kind: "pass" };
  return judgeSignature(program.reference, symbols, memory);
}

function judgeSignature(
  reference: string,
  symbols: ReadonlyMap<string, number>,
  memory: FrameMemory,
): Outcome {
  const begin = symbols.get("begin_signature");
  const end = symbols.get("end_signature");
  const actual = begin === undefined || end === undefined ? null : memory.copy(begin, end - begin);
  if (actual === null) return { kind: "error", detail: "the program has no signature" };
  const difference = compareSignatures(actual, parseSignature(reference));
  return difference === undefined ? { kind: "pass" } : { kind: "fail", detail: difference };
}
