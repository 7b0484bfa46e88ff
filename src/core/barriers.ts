/** Memory barriers of the host. */

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** A memory of one page, shared. */
const SHARED_MEMORY = [5, 4, 1, 3, 1, 1];
/** Exports function 0 as `f`. */
const EXPORT = [7, 5, 1, 1, 0x66, 0, 0];

function compile(...sections: readonly (readonly number[])[]): () => number {
  const bytes = Uint8Array.from([...HEADER, ...sections.flat()]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  return exports["f"] as unknown as () => number;
}

let barrier: (() => number) | undefined;

/** atomic.fence as a Wasm function: engines emit the processor's full barrier for it. */
export function atomicFence(): () => unknown {
  const type = [1, 4, 1, 0x60, 0, 0];
  const code = [10, 7, 1, 5, 0, 0xfe, 0x03, 0x00, 0x0b];
  return (barrier ??= compile(type, [3, 2, 1, 0], SHARED_MEMORY, EXPORT, code));
}

/** The sign bit of the NaN that 0/0 is. */
function signOfNan(): number {
  // i32.reinterpret_f32(local 0 / local 0) >> 31, of a local that is zero.
  const type = [1, 5, 1, 0x60, 0, 1, 0x7f];
  const body = [1, 1, 0x7d, 0x20, 0, 0x20, 0, 0x95, 0xbc, 0x41, 31, 0x76, 0x0b];
  const code = [10, body.length + 2, 1, body.length, ...body];
  return compile(type, [3, 2, 1, 0], EXPORT, code)();
}

let strong: boolean | undefined;

/**
 * Whether an atomic read-modify-write orders the plain accesses around it, as x86's do: nothing else
 * tells a processor from another here, but x86's NaNs are negative. Where an engine knows better than to
 * divide, this says no, and fences cost more than they must.
 */
export function hasStrongAtomics(): boolean {
  return (strong ??= signOfNan() === 1);
}
