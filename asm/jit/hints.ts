/**
 * Branch hints (the custom section metadata.code.branch_hint): which way an `if` nearly always goes.
 * Engines move the other way out of line; without them the code runs the same, slower.
 */
import { IF } from "../wasm/opcodes";
import { byte, sinkEnd, uleb } from "../wasm/sink";
import { arena, ARENA_BODIES, ARENA_HINTS } from "./arena";

const MAX_HINTS: u32 = <u32>((ARENA_BODIES - ARENA_HINTS) >> 2);

let hints: u32 = 0;
let body: usize = 0;

/** Starts the batch. */
export function resetHints(): void {
  hints = 0;
}

/** Hints noted so far in the batch. */
export function hintCount(): u32 {
  return hints;
}

/** Offsets count from here: the body's code, its declarations not yet in front. */
export function hintsFrom(code: usize): void {
  body = code;
}

function hintAt(index: u32): usize {
  return arena + ARENA_HINTS + ((<usize>index) << 2);
}

function opensIf(type: u32, likely: u32): void {
  if (hints < MAX_HINTS) {
    store<u32>(hintAt(hints), ((<u32>(sinkEnd() - body)) << 1) | likely);
    hints++;
  }
  byte(IF);
  byte(type);
}

/** An `if` whose condition nearly always holds. */
export function likelyIf(type: u32): void {
  opensIf(type, 1);
}

/** An `if` whose condition hardly ever holds. */
export function unlikelyIf(type: u32): void {
  opensIf(type, 0);
}

/** One function's entry of the section: hints `first` to `end`, of a body with `declared` bytes in front. */
export function writeHints(fn: u32, first: u32, end: u32, declared: u32): void {
  uleb(fn);
  uleb(end - first);
  for (let i = first; i < end; i++) {
    const hint = load<u32>(hintAt(i));
    uleb(declared + (hint >> 1));
    byte(1);
    byte(hint & 1);
  }
}
