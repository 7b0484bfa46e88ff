/** A guest's disk under every contestant that opens files: virtio-blk on PCI over a raw file. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GuestSession } from "./guest-session.ts";
import { median } from "./statistics.ts";
import { table } from "./table.ts";

const MIB = 2 ** 20;
const DISK_BYTES = 256 * MIB;
/** Browsers open no files of the command line. */
const ENGINES: readonly string[] = ["qemu", "node"];

interface DiskTask {
  readonly name: string;
  readonly what: string;
  /** One line of the guest's shell. */
  readonly command: string;
  /** Bytes that it moves. */
  readonly bytes: number;
}

/** Sixteen programs, each on a part of the disk of its own. */
function sixteen(dd: string, count: number): string {
  const each = DISK_BYTES / 16 / 4096;
  return (
    `i=0; while [ $i -lt 16 ]; do ${dd} bs=4k count=${count} ` +
    `SEEK=$((i*${each})) 2> /dev/null & i=$((i+1)); done; wait`
  );
}

const READ = "dd if=/dev/vda of=/dev/null iflag=direct";
const WRITE = "dd if=/dev/zero of=/dev/vda oflag=direct conv=notrunc";

const TASKS: readonly DiskTask[] = [
  {
    name: "read, 1 MiB",
    what: "all of the disk from its start, by O_DIRECT, one request after the other",
    command: `${READ} bs=1M count=256 2> /dev/null`,
    bytes: DISK_BYTES,
  },
  {
    name: "write, 1 MiB",
    what: "likewise, flushed at the end",
    command: `${WRITE},fsync bs=1M count=256 2> /dev/null`,
    bytes: DISK_BYTES,
  },
  {
    name: "read, 4 KiB",
    what: "8,000 blocks from the disk's start",
    command: `${READ} bs=4k count=8000 2> /dev/null`,
    bytes: 8000 * 4096,
  },
  {
    name: "write, 4 KiB",
    what: "likewise",
    command: `${WRITE} bs=4k count=8000 2> /dev/null`,
    bytes: 8000 * 4096,
  },
  {
    name: "read, 16 × 4 KiB",
    what: "sixteen programs at once, each 1,000 blocks of its own sixteenth of the disk",
    command: sixteen(READ, 1000).replace("SEEK", "skip"),
    bytes: 16_000 * 4096,
  },
  {
    name: "write, 16 × 4 KiB",
    what: "likewise",
    command: sixteen(WRITE, 1000).replace("SEEK", "seek"),
    bytes: 16_000 * 4096,
  },
];

/** Medians of MiB a second by the clock, and the processor time of all threads for each MiB. */
export interface DiskScore {
  readonly rate: number;
  readonly cpuMs: number;
}

export type DiskScores = readonly {
  readonly task: DiskTask;
  readonly scores: ReadonlyMap<string, DiskScore>;
}[];

/**
 * Boots the default guest with a disk under each engine; they take turns.
 *
 * @throws Error when a guest does not boot or a task fails
 */
export async function benchDisk(
  engines: readonly string[],
  repeats: number,
  onRun: (line: string) => void,
): Promise<DiskScores> {
  const folder = mkdtempSync(join(tmpdir(), "tabvisor-disk-"));
  const sessions: GuestSession[] = [];
  try {
    for (const engine of engines.filter((name) => ENGINES.includes(name))) {
      sessions.push(await boot(engine, join(folder, `${engine}.img`)));
    }
    const results = [];
    for (const [i, task] of TASKS.entries()) {
      results.push({ task, scores: await measure(task, `task${i}`, { sessions, repeats, onRun }) });
    }
    return results;
  } finally {
    for (const session of sessions) session.stop();
    rmSync(folder, { recursive: true });
  }
}

async function boot(engine: string, path: string): Promise<GuestSession> {
  const fd = openSync(path, "w");
  ftruncateSync(fd, DISK_BYTES);
  closeSync(fd);
  const drive = `if=virtio,format=raw,cache=writeback,file=${path}`;
  const session = await GuestSession.boot(engine, { options: ["-drive", drive] });
  for (const [i, { command }] of TASKS.entries()) await session.type(`task${i}() { ${command}; }`);
  // Blocks that the host has: holes would be read without a look at the file.
  await session.type("dd if=/dev/urandom of=/dev/vda bs=1M count=256 2> /dev/null");
  return session;
}

async function measure(
  { name, bytes }: DiskTask,
  command: string,
  how: {
    readonly sessions: readonly GuestSession[];
    readonly repeats: number;
    readonly onRun: (line: string) => void;
  },
): Promise<ReadonlyMap<string, DiskScore>> {
  const runs = new Map(how.sessions.map(({ engine }) => [engine, [] as DiskScore[]]));
  for (let repeat = 0; repeat < how.repeats; repeat++) {
    const line: string[] = [];
    for (const session of how.sessions) {
      const { wallMs, threads } = await session.timed(command);
      const cpuMs = [...threads.values()].reduce((sum, ms) => sum + ms, 0) / (bytes / MIB);
      const score = { rate: bytes / MIB / (wallMs / 1000), cpuMs };
      runs.get(session.engine)?.push(score);
      line.push(`${session.engine} ${score.rate.toFixed(1)} MiB/s`);
    }
    how.onRun(`${name.padEnd(18)} ${line.join("  ")}`);
  }
  // The first time, code is new to the translators.
  const scoreOf = (scores: readonly DiskScore[]): DiskScore => ({
    rate: median(scores.slice(1).map(({ rate }) => rate)),
    cpuMs: median(scores.slice(1).map(({ cpuMs: ms }) => ms)),
  });
  return new Map([...runs].map(([engine, scores]) => [engine, scoreOf(scores)]));
}

/** What each row is. */
export function diskLegend(): string {
  return TASKS.map(({ name, what }) => `- _${name}_: ${what}`).join("\n");
}

export function diskTable(results: DiskScores): string {
  const rows = results.map(({ task, scores }) => {
    const [qemu, node] = [scores.get("qemu"), scores.get("node")];
    const ratio = qemu && node ? (node.rate / qemu.rate).toFixed(2) : "–";
    const cpu = qemu && node ? (node.cpuMs / qemu.cpuMs).toFixed(2) : "–";
    return [task.name, rateText(qemu), rateText(node), ratio, cpu];
  });
  return table(["disk", "qemu MiB/s", "node MiB/s", "rate to qemu", "CPU to qemu"], rows);
}

function rateText(score: DiskScore | undefined): string {
  return score ? score.rate.toFixed(1) : "–";
}
