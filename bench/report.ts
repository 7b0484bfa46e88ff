/** docs/performance.md, written from what was measured. */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { writeFileSync } from "node:fs";
import { qemuVersion } from "./contestants.ts";

const REPORT = "docs/performance.md";

/** Tables as Markdown; a part that was not run is empty and left out. */
export interface Measured {
  readonly kernels: string;
  readonly boot: string;
}

/** First line of a program's version, or that there is none. */
function versionOf(program: string): string {
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return stdout?.split("\n")[0]?.trim() || `no ${program}`;
}

function environment(): string {
  const [cpu] = cpus();
  return [
    `- processor: ${cpu?.model ?? "unknown"}, ${cpus().length} in use`,
    `- Node ${process.versions.node} (V8 ${process.versions.v8})`,
    `- ${versionOf(process.env["TABVISOR_CHROMIUM"] ?? "chromium")}`,
    `- ${qemuVersion() || "no QEMU"}`,
  ].join("\n");
}

const KERNELS = `## Kernels

Bare-metal M-mode programs (\`bench/kernels\`), the same binary for everybody, checksums compared.
Processor time of the whole process tree for one repetition, median, first repetition not counted;
MIPS are guest instructions by the guest's own counter per second of that time. \`interpreter\` is
Chromium with \`-accel interpreter\`: what code runs at before it is translated.`;

const BOOT = `## Boot

The \`shell\` guest (OpenSBI, Debian's stock kernel, busybox) from the start of the command to its
prompt, medians. \`fast\` and \`stock\` are the command lines of the guest's manifest.`;

/** Writes the report from the repository's root. */
export function writeReport({ kernels, boot }: Measured): void {
  const parts = ["# Performance", "`npm run bench -- --write` writes this page.", environment()];
  if (kernels !== "") parts.push(KERNELS, kernels);
  if (boot !== "") parts.push(BOOT, boot);
  writeFileSync(REPORT, `${parts.join("\n\n")}\n`);
  console.log(`wrote ${REPORT}`);
}
