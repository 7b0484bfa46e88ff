/** A generated program, and the image of memory that it starts from. */
import { assemble } from "../../../src/isa/assemble.ts";
import { Xorshift } from "../../../src/util/xorshift.ts";
import { render } from "./chunk.ts";
import type { Chunk } from "./chunk.ts";
import { DATA_AT, DATA_BYTES, IMAGE_BYTES, RAM, STACK_AT } from "./layout.ts";
import type { Mode } from "./layout.ts";
import { writeTables } from "./page-tables.ts";

export interface Program {
  readonly seed: number;
  readonly mode: Mode;
  /** Seed of data and page tables. */
  readonly dataSeed: number;
  /** It waits for an interrupt. */
  readonly timer: boolean;
  readonly source: Chunk;
}

function writeData(view: DataView, random: Xorshift): void {
  for (let at = DATA_AT; at < DATA_AT + DATA_BYTES; at += 4) {
    const kind = random.below(8);
    // Half of the doubles are of ordinary size, so that arithmetic on them does something.
    const value = kind < 4 && at & 4 ? 0x3ff0_0000 + (random.u32() & 0x8030_ffff) : random.u32();
    view.setUint32(at, kind === 7 ? random.below(16) : value, true);
  }
}

/**
 * The program's image, IMAGE_BYTES long, to be loaded at RAM.
 *
 * @param removed chunks to leave out
 * @throws AssembleError, RangeError when the code is too long
 */
export function imageOf(program: Program, removed?: ReadonlySet<number>): Uint8Array {
  const { bytes, symbols } = assemble(render(program.source, removed), { origin: BigInt(RAM) });
  const end = Number(symbols.get("codeEnd") ?? 0n) - RAM;
  if (end > STACK_AT) throw new RangeError("the code reaches the stack");
  const image = new Uint8Array(IMAGE_BYTES);
  image.set(bytes);
  const view = new DataView(image.buffer);
  const random = new Xorshift(program.dataSeed);
  writeTables(view, program.mode, random);
  writeData(view, random);
  return image;
}
