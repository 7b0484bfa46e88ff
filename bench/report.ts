/** docs/performance.md, written from what was measured. */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { readFileSync, writeFileSync } from "node:fs";
import { qemuVersion } from "./contestants.ts";

const REPORT = "docs/performance.md";

/** Tables as Markdown; a part that was not run is empty, and the page keeps what it had. */
export interface Measured {
  readonly kernels: string;
  readonly boot: string;
  readonly guest: string;
  readonly smp: string;
  readonly jitter: string;
  readonly verbs: string;
  readonly disk: string;
  readonly fio: string;
  readonly aia: string;
  readonly steady: string;
  readonly idle: string;
  readonly frames: string;
  readonly time: string;
  readonly memory: string;
  readonly page: string;
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
prompt, in the page from the click on Run; medians. Wall time is worth little on a shared machine.
\`fast\` and \`stock\` are the command lines of the guest's manifest.`;

const GUEST = `## A Debian guest's own programs

BusyBox and the kernel of the \`shell\` guest, all files in memory. Processor time of the hart's thread
(QEMU's: the one that translates and runs), and of all threads, compilers' included; the first time
by itself, then the median of the others; guests take turns.`;

const SMP = `## Two vCPUs against one

What two vCPUs do in the time in which one does one piece of work: the kernels, each vCPU on data of its own
but with common code, and programs of a guest with two vCPUs, run once and then twice at once, each on
a vCPU of its own. Milliseconds of one vCPU alone; work of two to one by the clock, and by the
processor time of all threads, which other programs of the host disturb less; processor time for the
same work to QEMU's (MTTCG), both with two vCPUs.`;

const JITTER = `## Timer interrupts

How late the timer's interrupt is, in microseconds of guest time, while code of a kind runs hot: median /
90th / 99th percentile / maximum (\`bench/jitter\`). Contestants run
under real-time scheduling where the system allows that (its throttle shows as maxima of 50 ms), so that
other programs are not measured; \`idle\` waits in WFI, so it has the host's wake-up in it.`;

const STEADY = `## Minutes of new code

Guests that keep bringing new code: whether speed and memory stay where they are. Units a second of
processor time, all threads, and resident memory of the process that holds the machine (in a browser
the page's): medians over the first and the last fifth of the run.`;

const AIA = `## Interrupt controllers

The \`shell\` guest with the PLIC and SBI's inter-processor interrupts (\`aia=none\`), and with the APLIC and
IMSICs (\`aia=aplic-imsic\`): loads in which vCPUs interrupt each other, and the boot. Milliseconds by the
clock and of processor time of all threads, medians, both machines taking turns; ratios below 1 are in
the IMSICs' favour.`;

const VERBS = `## Pause, resume, reset, force off

Milliseconds from the call to its end, median / 99th percentile / maximum: in the middle of a boot, while
much is translated and compiled, and with more harts spinning than there are processors; by a clock of
the page. A reset takes effect when the guest stands; then images are read again, and it starts.`;

const DISK = `## Disk

virtio-blk on PCI over a raw file of 256 MiB in the host's page cache (\`cache=writeback\`), the default
guest's \`dd\` with O_DIRECT, so that each request is the guest's own: MiB a second by the clock, medians
without the first run, guests take turns; and the processor time of all threads for the same work to
QEMU's. Beside other programs the clock says less than the processor time.`;

const FIO = `## fio

fio in the \`debian-full\` guest: 4 KiB requests with \`direct=1\` and libaio, one and 32 at a time, on disks
of 256 MiB that the host has written space for, virtio-blk on PCI; under QEMU with \`cache=writeback\` and
\`aio=threads\`. MiB a second by the clock of the guest, medians; guests take turns. Beside other programs
only the ratios mean something.`;

const IDLE = `## Idle machines

Machines of 256 MiB at their prompt, all threads of the process or browser, in percent of one processor;
and how often a vCPU goes to sleep in WFI, which is how often something woke it.`;

const FRAMES = `## The page while machines are busy

Frames of the page (requestAnimationFrame) in Chromium; milliseconds between two: median / 95th
percentile / 99th / maximum. Busy machines run an endless loop of their shell; the console of one is shown.`;

const TIME = `## Time

A guest that computes, with a timer interrupt each millisecond, beside as many spinning harts as there
are processors. How far \`time\` moved against the RTC that the host's monotonic clock did not move against
UTC; how far the RTC was off the host's UTC (the quickest console line's way is in it); how many timer
interrupts were missing in the end. Looks that the host interrupted do not count. docs/time.md says what is promised.`;

const MEMORY = `## Memory

Resident memory of the process or page; RAM that the guest touched; and what there is beside that, above
an empty page, for each machine. Below, one machine that is started and forced off again and again.`;

const PAGE = `## The page

\`npm run bench -- page\`: Chromium opens the page from the built files on this computer, in a fresh profile
(cold) and for the third time (warm); medians. Interactive is when the first machine's link in the manager
can be clicked; blocked is what tasks took beyond 50 ms each; the layout shift is the worst visit's sum.
Frames of the manager are counted while machines of the shell guest run an endless loop, and in turn those
of an empty tab: what that cannot reach beside them, nothing can. Bars:
interactive in less than 1 s (warm), less than 0.02 of shift, 300 KiB at first, 60 frames a second.`;

/** A part of the page: as measured now, or as the page has it, or nothing. */
function part(old: string, introduction: string, table: string): string[] {
  if (table !== "") return [`${introduction}\n\n${table}`];
  const [title = ""] = introduction.split("\n");
  const section = old.split(/^(?=## )/m).find((text) => text.startsWith(`${title}\n`));
  return section === undefined ? [] : [section.trimEnd()];
}

function readReport(): string {
  try {
    return readFileSync(REPORT, "utf8");
  } catch {
    return "";
  }
}

/** Writes the report from the repository's root. */
export function writeReport(measured: Measured): void {
  const old = readReport();
  const parts = [
    "# Performance",
    "`npm run bench -- --write` writes this page, each part when it is measured.",
    environment(),
    ...part(old, KERNELS, measured.kernels),
    ...part(old, BOOT, measured.boot),
    ...part(old, GUEST, measured.guest),
    ...part(old, SMP, measured.smp),
    ...part(old, JITTER, measured.jitter),
    ...part(old, VERBS, measured.verbs),
    ...part(old, DISK, measured.disk),
    ...part(old, FIO, measured.fio),
    ...part(old, AIA, measured.aia),
    ...part(old, STEADY, measured.steady),
    ...part(old, IDLE, measured.idle),
    ...part(old, FRAMES, measured.frames),
    ...part(old, TIME, measured.time),
    ...part(old, MEMORY, measured.memory),
    ...part(old, PAGE, measured.page),
  ];
  writeFileSync(REPORT, `${parts.join("\n\n")}\n`);
  console.log(`wrote ${REPORT}`);
}
