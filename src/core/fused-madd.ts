/** Whether the engine's relaxed multiply-add rounds once: only then can it stand for fmadd. */

/** A vector operation behind its prefix (relaxed SIMD proposal, "Binary format"). */
const SIMD = 0xfd;
const SPLAT_F64 = [SIMD, 0x14];
const SPLAT_F32 = [SIMD, 0x13];
const LANE_0_F64 = [SIMD, 0x21, 0];
const LANE_0_F32 = [SIMD, 0x1f, 0];
const MADD_F64 = [SIMD, 0x87, 0x02];
const MADD_F32 = [SIMD, 0x85, 0x02];

const F64 = 0x7c;
const F32 = 0x7d;

function section(id: number, content: readonly number[]): number[] {
  return [id, content.length, ...content];
}

/** Body of a function of three parameters: each splatted, madd, lane 0. */
function body(splat: readonly number[], madd: readonly number[], lane: readonly number[]) {
  const operands = [0, 1, 2].flatMap((local) => [0x20, local, ...splat]);
  const code = [0, ...operands, ...madd, ...lane, 0x0b];
  return [code.length, ...code];
}

/** A module that exports `d(f64, f64, f64)` and `s(f32, f32, f32)`. */
function probeModule(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [2, 0x60, 3, F64, F64, F64, 1, F64, 0x60, 3, F32, F32, F32, 1, F32]),
    ...section(3, [2, 0, 1]),
    ...section(7, [2, 1, 0x64, 0, 0, 1, 0x73, 0, 1]),
    ...section(10, [
      2,
      ...body(SPLAT_F64, MADD_F64, LANE_0_F64),
      ...body(SPLAT_F32, MADD_F32, LANE_0_F32),
    ]),
  ]);
}

type Madd = (a: number, b: number, c: number) => number;

function probe(): boolean {
  const bytes = probeModule();
  if (!WebAssembly.validate(bytes)) return false;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const { d, s } = exports as unknown as { readonly d: Madd; readonly s: Madd };
  // (1 + e)(1 − e) − 1 is −e², which rounding the product first would lose.
  const fusedD = d(1 + 2 ** -30, 1 - 2 ** -30, -1) === -(2 ** -60);
  return fusedD && s(1 + 2 ** -13, 1 - 2 ** -13, -1) === -(2 ** -26);
}

let answer: boolean | undefined;

/** Asks the engine once. It must have relaxed SIMD, and the processor a fused multiply-add. */
export function hasFusedMadd(): boolean {
  return (answer ??= probe());
}
