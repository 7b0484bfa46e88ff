/**
 * Seeds: programs that once told something, with the final state that is right, so that they can
 * be replayed where QEMU is not installed. One JSON file each, with a listing for people.
 */
import { differencesOf } from "./compare.ts";
import type { Difference } from "./compare.ts";
import type { Engine } from "./engine/engine.ts";
import { ALL_FEATURES } from "./engine/features.ts";
import type { Target } from "./harness.ts";
import { buildImage } from "./image.ts";
import type { Program } from "./program.ts";
import { RAM_BASE, REGION_BYTES, regionBase } from "./region.ts";

export interface Seed {
  /** Why it is here, in a sentence. */
  readonly reason: string;
  readonly listing: readonly string[];
  readonly program: Program;
  /** Words of the region that the run changes, by offset. */
  readonly after: ReadonlyMap<number, bigint>;
}

/** The words of `program`'s region that differ between the image and `ram` afterwards. */
export function changedWords(program: Program, ram: Uint8Array): Map<number, bigint> {
  const before = viewOf(imageRam(program));
  const at = regionBase(program.slot) - RAM_BASE;
  const region = ram.subarray(at, at + REGION_BYTES);
  const after = new DataView(region.buffer, region.byteOffset, region.length);
  const changed = new Map<number, bigint>();
  for (let offset = 0; offset < REGION_BYTES; offset += 8) {
    const value = after.getBigUint64(offset, true);
    if (value !== before.getBigUint64(offset, true)) changed.set(offset, value);
  }
  return changed;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The program's region before the run. */
function imageRam(program: Program): Uint8Array {
  const { pieces } = buildImage([program], ALL_FEATURES);
  const at = regionBase(program.slot) - RAM_BASE;
  const piece = pieces.find((one) => one.at === at);
  if (piece === undefined) throw new RangeError("the image does not hold the program");
  return piece.bytes;
}

/** Runs a seed in `engine`. @returns what differs from the recorded state */
export async function replay(
  { program, after }: Seed,
  engine: Engine,
  target: Target,
): Promise<readonly Difference[]> {
  const expected = imageRam(program).slice();
  const view = viewOf(expected);
  for (const [offset, value] of after) view.setBigUint64(offset, value, true);
  const ram = await engine.run(buildImage([program], target));
  const at = regionBase(program.slot) - RAM_BASE;
  return differencesOf(ram.subarray(at, at + REGION_BYTES), expected);
}
