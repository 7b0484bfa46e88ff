/** AssemblyScript → Wasm with the flags that the core's design rests on. */
import { CORE_DATA_BASE, DYNAMIC_BASE } from "../src/protocol/layout.ts";

/** What is used of asc's programming interface. */
interface Compiler {
  main(
    argv: readonly string[],
    options: { stderr: MemoryStream; writeFile(name: string, contents: string | Uint8Array): void },
  ): Promise<{ readonly error: Error | null }>;
  createMemoryStream(): MemoryStream;
}

interface MemoryStream {
  toString(): string;
}

/** Not imported by name: asc's own types replace the global `console` by a smaller one. */
const COMPILER: string = "assemblyscript/asc";

const WASM_PAGE_BYTES = 0x1_0000;
/** 4 GiB, the most that 32-bit pointers reach. */
const MAX_WASM_PAGES = 0x1_0000;

const COMMON_FLAGS = [
  "--runtime=stub",
  "--importMemory",
  "--sharedMemory",
  `--initialMemory=${DYNAMIC_BASE / WASM_PAGE_BYTES}`,
  `--maximumMemory=${MAX_WASM_PAGES}`,
  // Data segments are written again by every instance: they lie where nothing else does.
  `--memoryBase=${CORE_DATA_BASE}`,
  "--enable=threads",
  "--enable=simd",
  "--enable=relaxed-simd",
  "--enable=bulk-memory",
  "--noAssert",
  "--exportTable",
] as const;

const OPTIMIZATION = {
  /** For development and unit tests: the whole core in a few seconds. */
  dev: ["-O1"],
  release: ["-O3"],
} as const;

/**
 * Compiles `entries` (paths from the repository's root); all their exports become the module's.
 *
 * @throws Error with asc's diagnostics when they do not compile
 */
export async function compileCore(
  entries: readonly string[],
  mode: keyof typeof OPTIMIZATION,
): Promise<Uint8Array<ArrayBuffer>> {
  const { default: asc } = (await import(COMPILER)) as { default: Compiler };
  const stderr = asc.createMemoryStream();
  let wasm: Uint8Array<ArrayBuffer> | undefined;
  const flags = [...COMMON_FLAGS, ...OPTIMIZATION[mode], "--outFile=core.wasm"];
  const { error } = await asc.main([...entries, ...flags], {
    stderr,
    writeFile(name, contents) {
      if (name === "core.wasm" && typeof contents !== "string") wasm = Uint8Array.from(contents);
    },
  });
  if (error) throw new Error(`asm does not compile: ${error.message}\n${stderr.toString()}`);
  if (wasm === undefined) throw new Error("asc wrote no module");
  return wasm;
}
