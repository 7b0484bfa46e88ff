/**
 * fio in the debian-full guest, on disks of their own: sequential and random 4 KiB requests, one and 32
 * at a time, raw and qcow2, under every contestant that is given drives.
 */
import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readGuest } from "../guests/index.ts";
import { GuestSession } from "./guest-session.ts";
import { geometricMean, median } from "./statistics.ts";
import { table } from "./table.ts";

const GUEST = "debian-full";
const MIB = 2 ** 20;
const DISK_BYTES = 256 * MIB;
const FORMATS = ["raw", "qcow2"] as const;
/** As the guest finds them: its own disk comes first. */
const DEVICES = { raw: "/dev/vdb", qcow2: "/dev/vdc" } as const;
const PATTERNS = ["read", "write", "randread", "randwrite"] as const;
const DEPTHS = [1, 32] as const;
/** A run's seconds, and those before it that do not count. */
const SECONDS = 4;
const RAMP_SECONDS = 1;
const RUN = [
  'fio --name=bench --rw="$1" --iodepth="$2" --filename="$3" --bs=4k --direct=1 --ioengine=libaio',
  `--size=${DISK_BYTES} --time_based --runtime=${SECONDS} --ramp_time=${RAMP_SECONDS}`,
  "--randrepeat=0 --norandommap --output-format=terse --terse-version=3",
].join(" ");

type Format = (typeof FORMATS)[number];
type Pattern = (typeof PATTERNS)[number];

interface FioTask {
  readonly pattern: Pattern;
  readonly depth: number;
  readonly format: Format;
}

/** Of one task: MiB a second by engine, medians. */
export interface FioResult {
  readonly task: FioTask;
  readonly rates: ReadonlyMap<string, number>;
}

const TASKS: readonly FioTask[] = PATTERNS.flatMap((pattern) =>
  DEPTHS.flatMap((depth) => FORMATS.map((format) => ({ pattern, depth, format }))),
);

/**
 * Boots the guest under each engine; they take turns.
 *
 * @param repeats of each task; medians are taken
 * @throws Error when the guest is not built or does not boot, or fio fails
 */
export async function benchFio(
  engines: readonly string[],
  repeats: number,
  onRun: (line: string) => void,
): Promise<readonly FioResult[]> {
  const folder = mkdtempSync(join(tmpdir(), "tabvisor-fio-"));
  const sessions: GuestSession[] = [];
  try {
    for (const engine of engines) sessions.push(await boot(engine, folder));
    const results: FioResult[] = [];
    for (const task of TASKS) {
      results.push({ task, rates: await measure(task, sessions, repeats) });
      onRun(resultLine(results.at(-1) as FioResult));
    }
    return results;
  } finally {
    for (const session of sessions) session.stop();
    rmSync(folder, { recursive: true });
  }
}

async function boot(engine: string, folder: string): Promise<GuestSession> {
  const guest = readGuest(GUEST);
  const image = guest?.manifest.files["disk"];
  if (guest === null || image === undefined) {
    throw new Error(`the guest ${GUEST} is not built: run tabvisor guest build ${GUEST}`);
  }
  const own = `if=virtio,format=qcow2,snapshot=on,file=${join(guest.directory, image.path)}`;
  const drives = FORMATS.map((format) => {
    const path = join(folder, `${engine}.${format}`);
    makeDisk(path, format);
    return `if=virtio,format=${format},cache=writeback,aio=threads,file=${path}`;
  });
  const options = [own, ...drives].flatMap((drive) => ["-drive", drive]);
  const session = await GuestSession.boot(engine, { guest: GUEST, login: "root", options });
  await session.type(`run() { ${RUN}; }`);
  // Space that the host has: holes would be read without a look at the file.
  for (const device of Object.values(DEVICES)) {
    await session.type(`dd if=/dev/zero of=${device} bs=1M oflag=direct 2> /dev/null`);
  }
  return session;
}

function makeDisk(path: string, format: Format): void {
  if (format === "raw") {
    const fd = openSync(path, "w");
    ftruncateSync(fd, DISK_BYTES);
    closeSync(fd);
    return;
  }
  const args = ["bin/tabvisor.mjs", "qemu-img", "create", "-q", "-f", format, path];
  const { status } = spawnSync(process.execPath, [...args, String(DISK_BYTES)]);
  if (status !== 0) throw new Error(`no disk of format ${format} could be made`);
}

async function measure(
  { pattern, depth, format }: FioTask,
  sessions: readonly GuestSession[],
  repeats: number,
): Promise<ReadonlyMap<string, number>> {
  const runs = new Map(sessions.map(({ engine }) => [engine, [] as number[]]));
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const session of sessions) {
      const output = await session.ask(`run ${pattern} ${depth} ${DEVICES[format]}`);
      runs.get(session.engine)?.push(rateOf(output));
    }
  }
  return new Map([...runs].map(([engine, rates]) => [engine, median(rates)]));
}

/**
 * Fields of fio's terse output, version 3 (fio's manual, "Terse output"): the error, then 41 of reads
 * and as many of writes, of which the second is the bandwidth in KiB a second.
 */
const TERSE = { error: 4, readRate: 6, writeRate: 47 } as const;

/** MiB a second of a run of fio, reads and writes together. @throws Error when fio failed */
export function rateOf(output: string): number {
  const fields = /^3;fio-.*$/m.exec(output)?.[0].split(";") ?? [];
  const rate = (Number(fields[TERSE.readRate]) + Number(fields[TERSE.writeRate])) / 1024;
  if (fields[TERSE.error] === "0" && rate > 0) return rate;
  throw new Error(`fio failed; the guest printed:\n${output}`);
}

function resultLine({ task, rates }: FioResult): string {
  const texts = [...rates].map(([engine, rate]) => `${engine} ${rate.toFixed(1)} MiB/s`);
  return `${nameOf(task).padEnd(24)} ${texts.join("  ")}`;
}

function nameOf({ pattern, depth, format }: FioTask): string {
  return `${pattern}, ${depth} at a time, ${format}`;
}

/** Every task with its ratios to QEMU's rate, and what qcow2 keeps of raw's. */
export function fioTable(results: readonly FioResult[]): string {
  const engines = [...(results[0]?.rates.keys() ?? [])];
  const ours = engines.filter((engine) => engine !== "qemu");
  const rows = results.map(({ task, rates }) => {
    const qemu = rates.get("qemu") ?? NaN;
    const rate = (engine: string): number => rates.get(engine) ?? NaN;
    const own = ours.flatMap((engine) => [
      rate(engine).toFixed(1),
      (rate(engine) / qemu).toFixed(2),
    ]);
    return [nameOf(task), qemu.toFixed(1), ...own];
  });
  const header = ["fio, 4 KiB", "QEMU MiB/s", ...ours.flatMap((name) => [name, "× QEMU"])];
  return [table(header, rows), "", ...engines.map((name) => formatLine(results, name))].join("\n");
}

function formatLine(results: readonly FioResult[], engine: string): string {
  const of = (format: Format): readonly number[] =>
    results
      .filter(({ task }) => task.format === format)
      .map(({ rates }) => rates.get(engine) ?? NaN);
  const raw = of("raw");
  const ratio = geometricMean(of("qcow2").map((rate, i) => rate / (raw[i] ?? NaN)));
  return `- qcow2 has ${ratio.toFixed(2)} × the rate of raw under ${engine} (geometric mean).`;
}
