/** Which extensions the installed QEMU has: it names the first property that it does not know. */
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CSRS } from "../../src/isa/csr.ts";
import { EXTENSIONS } from "../../src/isa/table.ts";
import type { Target } from "../harness.ts";
import { launch } from "./qemu-engine.ts";

/** Properties of `-cpu rv64` by the extension that they switch on; the base needs none. */
const OPTIONAL: readonly string[] = [
  "zicond",
  "zfa",
  "zfhmin",
  "zacas",
  "zawrs",
  "zba",
  "zbb",
  "zbc",
  "zbs",
  "b",
  "zicbom",
  "zicboz",
  "zicbop",
  "sstc",
  "svinval",
  "svnapot",
  "svpbmt",
  "svadu",
  "svade",
];

/** Extensions that would make encodings legal which are illegal here. */
const UNWANTED: readonly string[] = [
  "v",
  "h",
  "zihintntl",
  "zihintpause",
  "zcb",
  "zcmop",
  "zimop",
  "zabha",
  "zbkb",
  "smepmp",
  "sscofpmf",
  "smcntrpmf",
  "smrnmi",
  "smcdeleg",
  "smcsrind",
  "sscsrind",
  "smctr",
  "ssctr",
  "zvfh",
  "zfh",
  "ssdbltrp",
  "smdbltrp",
  "zicfiss",
  "zicfilp",
];

const PROBE_TIMEOUT_MS = 10_000;

/** What an engine can be asked to do. */
export interface Features extends Target {
  /** For `-cpu`. */
  readonly cpu: string;
  /** Instruction-table extensions and privileged ones. */
  readonly has: (extension: string) => boolean;
}

/**
 * Finds out what the QEMU at `path` supports.
 *
 * @throws Error when it does not run at all
 */
export async function probeFeatures(path: string): Promise<Features> {
  const version = await majorVersion(path);
  let on = [...OPTIONAL];
  let off = [...UNWANTED];
  for (;;) {
    const cpu = cpuText(on, off);
    const unknown = await refusedProperty(path, cpu);
    if (unknown === undefined) return featuresOf(cpu, new Set(on), version);
    const rest = (list: readonly string[]): string[] => list.filter((name) => name !== unknown);
    if (on.length + off.length === rest(on).length + rest(off).length) {
      throw new Error(`${path} refuses the CPU property ${unknown}`);
    }
    on = rest(on);
    off = rest(off);
  }
}

async function majorVersion(path: string): Promise<number> {
  const { stdout } = await launch(path, ["--version"], PROBE_TIMEOUT_MS);
  const major = /version (\d+)/.exec(stdout)?.[1];
  if (major === undefined) throw new Error(`${path} does not tell its version`);
  return Number(major);
}

function cpuText(on: readonly string[], off: readonly string[]): string {
  return ["rv64", ...on.map((name) => `${name}=on`), ...off.map((name) => `${name}=off`)].join();
}

async function refusedProperty(path: string, cpu: string): Promise<string | undefined> {
  // A machine that is built and not started. QEMU renames a new file over the tree's: never a device.
  const tree = join(tmpdir(), `tabvisor-probe-${process.pid}.dtb`);
  const machine = ["-M", `virt,dumpdtb=${tree}`, "-m", "64M", "-bios", "none"];
  const quiet = ["-nodefaults", "-display", "none"];
  const { code, stderr } = await launch(
    path,
    [...machine, "-cpu", cpu, ...quiet],
    PROBE_TIMEOUT_MS,
  );
  rmSync(tree, { force: true });
  if (code === 0) return undefined;
  const name = /[Pp]roperty '[^']*?\.?(\w+)' not found/.exec(stderr)?.[1];
  if (name === undefined) throw new Error(`${path} does not run: ${stderr.trim()}`);
  return name;
}

/** Extensions that every QEMU for the `virt` machine has. */
const ALWAYS = [
  "i",
  "zihintntl",
  "m",
  "a",
  "f",
  "d",
  "zca",
  "zcd",
  "zicsr",
  "zifencei",
  "machine",
  "s",
];

/** The first that this fuzzer was tried with in all its parts. */
const EXACT_VERSION = 10;
/** Before this one, xtval of a breakpoint is 0, which is allowed too. */
const BREAKPOINT_VALUE_VERSION = 8;

function featuresOf(cpu: string, on: ReadonlySet<string>, version: number): Features {
  const exact = version >= EXACT_VERSION;
  // Older ones report no instruction in xtval for Svinval's.
  const known = new Set([...on, ...ALWAYS, ...(exact ? ["exact"] : [])]);
  if (!exact) known.delete("svinval");
  const has = (extension: string): boolean => extension.split(" ").every((name) => known.has(name));
  const byName = new Map(CSRS.map(({ name, ext }) => [name, ext]));
  const hasCsr = (name: string): boolean => name !== "stimecmp" || has(byName.get(name) ?? "i");
  return { cpu, has, hasCsr, breakpointValue: version >= BREAKPOINT_VALUE_VERSION };
}

/** Everything that the instruction table has, for generating without QEMU. */
export const ALL_FEATURES: Features = {
  cpu: "",
  has: () => EXTENSIONS.length > 0,
  hasCsr: () => true,
  breakpointValue: true,
};
