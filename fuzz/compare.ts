/** Compares what two engines left in RAM, word by word, and names what differs. */
import {
  CONTEXT_MIDDLE,
  CSRS_OUT,
  LOG_FIELDS,
  OLD_STATUS_AT,
  SAVE_AT,
  contextAt,
} from "./context.ts";
import type { Image } from "./image.ts";
import type { Program } from "./program.ts";
import {
  CODE_AT,
  DATA_AT,
  LOG_AT,
  LOG_ENTRY_BYTES,
  PAGE,
  RAM_BASE,
  REGION_BYTES,
  TABLES_AT,
  regionBase,
} from "./region.ts";

/** One word that differs. */
export interface Difference {
  readonly field: string;
  readonly ours: bigint;
  readonly theirs: bigint;
}

export interface Mismatch {
  readonly program: Program;
  readonly differences: readonly Difference[];
  /** Why there is nothing to compare: an engine did not end. */
  readonly reason?: string;
}

const CONTEXT_FIELDS = new Map<number, string>();
for (let n = 0; n < 32; n++) {
  CONTEXT_FIELDS.set(contextAt.xOut(n), `out.x${n}`).set(contextAt.fOut(n), `out.f${n}`);
}
for (const name of CSRS_OUT) CONTEXT_FIELDS.set(contextAt.csrOut(name), `out.${name}`);
CONTEXT_FIELDS.set(contextAt.fcsrOut, "out.fcsr").set(contextAt.statusOut, "out.mstatus");
CONTEXT_FIELDS.set(contextAt.word("logAt"), "out.logAt");

function contextField(at: number): string {
  const offset = at - CONTEXT_MIDDLE;
  // The harness's own words repeat what the log holds.
  if (offset >= SAVE_AT && offset <= OLD_STATUS_AT) return `harness+${offset - SAVE_AT}`;
  return CONTEXT_FIELDS.get(offset) ?? `context${offset}`;
}

/** What the word at offset `at` of a region is. */
export function fieldAt(at: number): string {
  if (at < PAGE) return contextField(at);
  if (at < CODE_AT) {
    const entry = Math.floor((at - LOG_AT) / LOG_ENTRY_BYTES);
    return `log[${entry}].${LOG_FIELDS[((at - LOG_AT) % LOG_ENTRY_BYTES) / 8]}`;
  }
  if (at < DATA_AT) return `code+0x${(at - CODE_AT).toString(16)}`;
  if (at < TABLES_AT) return `data+0x${(at - DATA_AT).toString(16)}`;
  return `tables+0x${(at - TABLES_AT).toString(16)}`;
}

/** Programs that ended differently, in slot order. */
export function compare(image: Image, ours: Uint8Array, theirs: Uint8Array): Mismatch[] {
  const mismatches: Mismatch[] = [];
  for (const program of image.programs) {
    const at = regionBase(program.slot) - RAM_BASE;
    const a = ours.subarray(at, at + REGION_BYTES);
    const b = theirs.subarray(at, at + REGION_BYTES);
    // Buffer's comparison is one native call; nearly every region stops here.
    if (Buffer.compare(a, b) === 0) continue;
    const differences = differencesOf(a, b);
    if (differences.length > 0) mismatches.push({ program, differences });
  }
  return mismatches;
}

export function differencesOf(a: Uint8Array, b: Uint8Array): Difference[] {
  const ours = new DataView(a.buffer, a.byteOffset, a.length);
  const theirs = new DataView(b.buffer, b.byteOffset, b.length);
  const found: Difference[] = [];
  for (let at = 0; at < a.length; at += 8) {
    const one = ours.getBigUint64(at, true);
    const other = theirs.getBigUint64(at, true);
    if (one === other) continue;
    found.push({ field: fieldAt(at), ours: one, theirs: other });
  }
  return found;
}
