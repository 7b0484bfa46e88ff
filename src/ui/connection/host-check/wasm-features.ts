/** Which of WebAssembly's features an engine has: it validates a module that uses one, or not. */

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** One type: no parameters, no results. */
const TYPE = [0x01, 0x04, 0x01, 0x60, 0x00, 0x00];
const FUNCTION = [0x03, 0x02, 0x01, 0x00];
/** `(import "e" "m" (memory 1 1 shared))` */
const SHARED = [0x02, 0x09, 0x01, 0x01, 0x65, 0x01, 0x6d, 0x02, 0x03, 0x01, 0x01];
/** `(memory 1)` */
const MEMORY = [0x05, 0x03, 0x01, 0x00, 0x01];

const DROP = 0x1a;
const V128_ZERO = [0xfd, 0x0c, ...Array<number>(16).fill(0)];
const I32_ZERO = [0x41, 0x00];

/** `i32.atomic.load` */
const THREADS = [...I32_ZERO, 0xfe, 0x10, 0x02, 0x00, DROP];
/** `v128.const` */
const SIMD = [...V128_ZERO, DROP];
/** `memory.fill` */
const BULK_MEMORY = [...I32_ZERO, ...I32_ZERO, ...I32_ZERO, 0xfc, 0x0b, 0x00];
/** `f64x2.relaxed_madd` */
const RELAXED_SIMD = [...V128_ZERO, ...V128_ZERO, ...V128_ZERO, 0xfd, 0x87, 0x02, DROP];

export const WASM_PROBES = {
  threads: moduleOf(THREADS, SHARED),
  simd: moduleOf(SIMD),
  bulkMemory: moduleOf(BULK_MEMORY, [], MEMORY),
  relaxedSimd: moduleOf(RELAXED_SIMD),
} as const;

/** A module with one function. Its sections are shorter than 128 bytes. */
function moduleOf(
  code: readonly number[],
  imports: readonly number[] = [],
  memory: readonly number[] = [],
): Uint8Array<ArrayBuffer> {
  const body = [0x00, ...code, 0x0b];
  const section = [0x0a, body.length + 2, 0x01, body.length, ...body];
  return Uint8Array.from([...HEADER, ...TYPE, ...imports, ...FUNCTION, ...memory, ...section]);
}
