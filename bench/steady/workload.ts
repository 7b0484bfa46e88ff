/** What runs for minutes on end, and how it is started. Each prints a line for each unit of its work. */
import { bootArguments, PROMPT } from "../boot.ts";
import { buildBare } from "../toolchain.ts";

export interface Workload {
  readonly name: string;
  readonly what: string;
  /** Options of `tabvisor system`. */
  arguments(): readonly string[];
  /** What is typed at `prompt`, where there is one. */
  readonly prompt?: RegExp;
  readonly input?: string;
  /** A line of the console that says that another unit is done. */
  readonly unit: RegExp;
  /** A line that says that something went wrong. */
  readonly wrong?: RegExp;
}

const SOURCES = ["bench/bare/main.c", "bench/steady/rewrite.c"];
/** Lines enough for days. */
const REPEATS = 1_000_000_000;

export const WORKLOADS: readonly Workload[] = [
  {
    name: "rewrite",
    what: "1,024 new functions written, run until hot, and checked",
    arguments() {
      const program = buildBare("rewrite", SOURCES, { REPEATS });
      return ["-M", "virt", "-m", "128M", "-bios", "none", "-nographic", "-kernel", program];
    },
    unit: /^[0-9a-f]{16} [0-9a-f]{16}\s*$/,
    // The checksum of no wrong function at all.
    wrong: /^(?!0{16})[0-9a-f]{16} [0-9a-f]{16}\s*$/,
  },
  {
    name: "processes",
    what: "20 processes started and ended, one after another",
    arguments: () => bootArguments("fast"),
    prompt: PROMPT,
    input:
      "while :; do i=0; while [ $i -lt 20 ]; do i=$((i+1)); /bin/busybox true || echo wron''g; done; echo uni''t; done\n",
    unit: /^unit\s*$/,
    wrong: /^wrong\s*$/,
  },
];
