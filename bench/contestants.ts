/** Who runs a bare-metal program, and with which command. All print its console to stdout. */
import { spawnSync } from "node:child_process";

export interface Contestant {
  readonly name: string;
  /** Runs a bare-metal program. */
  readonly bare: readonly string[];
  /** Boots a guest; options as QEMU's follow. Empty when it cannot. */
  readonly boot: readonly string[];
}

const BARE = ["-M", "virt", "-m", "128M", "-bios", "none"];
const OURS = [process.execPath, "bin/tabvisor.mjs", "system"];
const INLINE = [process.execPath, "dist/bench/inline.js"];

const CONTESTANTS: readonly Contestant[] = [
  {
    name: "qemu",
    bare: [
      "qemu-system-riscv64",
      ...BARE,
      "-display",
      "none",
      "-serial",
      "stdio",
      "-monitor",
      "none",
    ],
    boot: ["qemu-system-riscv64"],
  },
  { name: "inline", bare: INLINE, boot: [] },
  { name: "node", bare: [...OURS, ...BARE, "-nographic"], boot: OURS },
  {
    name: "chromium",
    bare: [...OURS, ...BARE, "-nographic", "--engine", "chromium"],
    boot: [...OURS, "--engine", "chromium"],
  },
  {
    name: "firefox",
    bare: [...OURS, ...BARE, "-nographic", "--engine", "firefox"],
    boot: [...OURS, "--engine", "firefox"],
  },
  // The tier below, in Chromium too.
  {
    name: "interpreter",
    bare: [...OURS, ...BARE, "-nographic", "--engine", "chromium", "-accel", "interpreter"],
    boot: [],
  },
];

/** @throws Error naming the known ones when there is no contestant of that name */
export function contestant(name: string): Contestant {
  const found = CONTESTANTS.find((each) => each.name === name);
  if (found === undefined) {
    const known = CONTESTANTS.map((each) => each.name).join(", ");
    throw new Error(`no contestant "${name}": there are ${known}`);
  }
  return found;
}

/** The command line that runs the bare-metal `program`. */
export function commandFor({ name, bare }: Contestant, program: string): readonly string[] {
  return name === "inline" ? [...bare, program] : [...bare, "-kernel", program];
}

/** First line of QEMU's version, empty when it is not installed. */
export function qemuVersion(): string {
  const { stdout } = spawnSync("qemu-system-riscv64", ["--version"], { encoding: "utf8" });
  return stdout?.split("\n")[0] ?? "";
}
