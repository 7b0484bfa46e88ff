/** Builds the kernels as bare-metal M-mode programs with whichever RISC-V gcc is installed. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";

const COMPILERS = ["riscv64-unknown-elf-gcc", "riscv64-linux-gnu-gcc"];
const KERNELS = "bench/kernels";
const BARE = "bench/bare";
/** Programs that run on several harts at once. */
export const SMP = "bench/smp";
const OUTPUT = "dist/bench/programs";

const FLAGS = [
  "-march=rv64gc",
  "-mabi=lp64d",
  "-mcmodel=medany",
  "-O2",
  "-ffreestanding",
  // The checksum must not depend on which products the compiler fuses.
  "-ffp-contract=off",
  "-fno-math-errno",
  "-fno-pic",
  "-fno-stack-protector",
  "-nostdlib",
  "-static",
  "-Wall",
  "-Wl,--build-id=none,--no-warn-rwx-segments",
];

/** @throws Error when there is no RISC-V compiler */
function findCompiler(): string {
  const found = COMPILERS.find((name) => spawnSync(name, ["--version"]).status === 0);
  if (found === undefined) {
    throw new Error(`no RISC-V compiler: install one of ${COMPILERS.join(", ")}`);
  }
  return found;
}

/** Names of all kernels, sorted. */
export function kernelNames(): string[] {
  return readdirSync(KERNELS)
    .filter((name) => name.endsWith(".c"))
    .map((name) => basename(name, ".c"))
    .toSorted();
}

/** Where a kernel's source is. */
export function kernelSource(name: string): string {
  return join(KERNELS, `${name}.c`);
}

/** Start code and link script of bare-metal programs: those of bench/bare, or a directory's own. */
type StartCode = typeof BARE | typeof SMP;

/**
 * Compiles kernels.
 *
 * @param repeats how often each program runs its kernel
 * @returns path of each program
 * @throws Error with the compiler's messages
 */
export function buildKernels(names: readonly string[], repeats: number): Map<string, string> {
  const sourcesOf = (name: string) => [
    ...[join(BARE, "main.c"), join(BARE, "memory.c")],
    kernelSource(name),
  ];
  return new Map(
    names.map((name) => [name, buildBare(name, sourcesOf(name), { REPEATS: repeats })]),
  );
}

/**
 * Compiles a bare-metal program: `sources` behind the start code, whose `main` they have.
 *
 * @param start directory of start code and link script
 * @returns its path
 * @throws Error with the compiler's messages
 */
export function buildBare(
  name: string,
  sources: readonly string[],
  macros: Readonly<Record<string, number>>,
  start: StartCode = BARE,
): string {
  mkdirSync(OUTPUT, { recursive: true });
  const program = join(OUTPUT, `${name}.elf`);
  const defines = Object.entries(macros).map(([macro, value]) => `-D${macro}=${value}`);
  const script = ["-T", join(start, "link.ld"), "-I", BARE, "-I", start, ...defines];
  const { status, stderr } = spawnSync(
    findCompiler(),
    [...FLAGS, ...script, join(start, "start.S"), ...sources, "-lgcc", "-o", program],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`${name} does not compile:\n${stderr}`);
  return program;
}
