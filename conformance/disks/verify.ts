/** Random writes at depth 32 with discards, verified by fio in the guest and by the real qemu-img outside. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GuestSession } from "../../bench/guest-session.ts";
import { readGuest } from "../../guests/index.ts";
import { demand } from "./disk-guest.ts";
import type { DiskCheck } from "./main.ts";

const GUEST = "debian-full";
const DISK_MIB = 64;
/** Of each disk, so that clusters stay that are written in part. */
const WRITTEN_MIB = 24;
/** fio, on a computer that does other things too. */
const LIMIT_MS = 600_000;
const CHROMIUM = "/usr/bin/chromium";

type Bus = "virtio" | "scsi";

interface Disk {
  readonly format: string;
  readonly bus: Bus;
  /** What is discarded reads as zeroes. */
  readonly zeroes: boolean;
}

const disk = (format: string, bus: Bus = "virtio"): Disk => ({
  format,
  bus,
  zeroes: format === "qcow2",
});
/** The formats that are made to be written to, on both buses. */
const MAIN: readonly Disk[] = [
  disk("raw"),
  disk("qcow2"),
  disk("raw", "scsi"),
  disk("qcow2", "scsi"),
];
const OTHERS = ["qed", "vdi", "vmdk", "vhdx", "vpc"].map((format) => disk(format));

const FIO = [
  'fio --name=verify --filename="$1" --rw=randtrimwrite --bs=4k --iodepth=32 --ioengine=libaio',
  `--direct=1 --size=${WRITTEN_MIB}M --verify=crc32c --verify_fatal=1`,
  "--output-format=terse --terse-version=3",
].join(" ");
/** Some of what was written is given back: `zero` says whether it is gone. */
const DISCARD =
  'blkdiscard -o 8M -l 4M "$1"; cmp -s -n 4194304 -i 8388608:0 "$1" /dev/zero && echo zero';

function command(file: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: "utf8" });
  if (error) throw error;
  demand(status === 0, `${file} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

/** Boots to a shell in the place of systemd, which would need a minute. */
async function boot(engine: string, drives: readonly string[]): Promise<GuestSession> {
  const guest = readGuest(GUEST);
  const image = guest?.manifest.files["disk"];
  const line = guest?.manifest.boot["fast"];
  if (guest === null || image === undefined || line === undefined) throw new Error("not built");
  const own = `if=virtio,format=qcow2,snapshot=on,file=${join(guest.directory, image.path)}`;
  const options = ["-drive", own, ...drives, "-append", `${line.append} init=/bin/bash`];
  const session = await GuestSession.boot(engine, { guest: GUEST, options });
  await session.type("stty -echo; for m in virtio_blk virtio_scsi sd_mod; do modprobe $m; done");
  await session.type(`verify() { ${FIO}; }; discard() { ${DISCARD}; }; udevadm settle`);
  return session;
}

function drivesOf(disks: readonly Disk[], folder: string): string[] {
  const drives = disks.flatMap((each, index) => {
    const file = pathOf(folder, each);
    command("qemu-img", "create", "-q", "-f", each.format, file, `${DISK_MIB}M`);
    const drive = `id=d${index},format=${each.format},discard=unmap,file=${file}`;
    if (each.bus === "virtio") return ["-drive", `if=virtio,${drive}`];
    return ["-drive", `if=none,${drive}`, "-device", `scsi-hd,drive=d${index},lun=${index}`];
  });
  return ["-device", "virtio-scsi-pci", ...drives];
}

const pathOf = (folder: string, { format, bus }: Disk): string => join(folder, `${bus}.${format}`);

/** As the guest finds them: its own disk is the first one on virtio, SCSI disks are named in any order. */
function namesOf(disks: readonly Disk[]): readonly string[] {
  let virtio = 0;
  return disks.map(({ bus }, index) => {
    if (bus === "virtio") return `/dev/vd${String.fromCharCode(0x62 + virtio++)}`;
    return `/dev/$(basename /sys/bus/scsi/devices/*:${index}/block/*)`;
  });
}

/** @returns the sums of the disks as the guest reads them */
async function verify(session: GuestSession, disks: readonly Disk[]): Promise<readonly string[]> {
  const sums: string[] = [];
  for (const [index, name] of namesOf(disks).entries()) {
    const said = await session.ask(`verify ${name}; echo end-$?`, LIMIT_MS);
    demand(/^end-0\r?$/m.test(said) && /^3;fio-[^;]*;verify;0;0;/m.test(said), said);
    const gone = await session.ask(`discard ${name}`, LIMIT_MS);
    demand(
      disks[index]?.zeroes !== true || /^zero/m.test(gone),
      `${name} after a discard: ${gone}`,
    );
    const sum = await session.ask(
      `echo 3 >/proc/sys/vm/drop_caches; sync; sha256sum ${name}`,
      LIMIT_MS,
    );
    sums.push(/^[0-9a-f]{64}/m.exec(sum)?.[0] ?? sum);
  }
  return sums;
}

async function inNode(folder: string, disks: readonly Disk[]): Promise<string> {
  if (readGuest(GUEST) === null) return `left out, the guest ${GUEST} is not built`;
  const session = await boot("node", drivesOf(disks, folder));
  let sums: readonly string[];
  try {
    sums = await verify(session, disks);
  } finally {
    await session.end();
  }
  for (const [index, each] of disks.entries()) {
    const path = pathOf(folder, each);
    if (["qcow2", "qed", "vdi", "vmdk"].includes(each.format))
      command("qemu-img", "check", "-f", each.format, path);
    const raw = join(folder, "out.raw");
    command("qemu-img", "convert", "-f", each.format, "-O", "raw", path, raw);
    const sum = createHash("sha256").update(readFileSync(raw)).digest("hex");
    demand(sum === sums[index], `${path}: the guest read ${sums[index]}, qemu-img ${sum}`);
  }
  return `${disks.map(({ format, bus }) => `${format} on ${bus}`).join(", ")}; qemu-img reads the same`;
}

/** Over images of this computer, whose overlays are qcow2 in the browser's origin private file system. */
async function inChromium(folder: string): Promise<string> {
  if (readGuest(GUEST) === null) return `left out, the guest ${GUEST} is not built`;
  if (!existsSync(CHROMIUM)) return "left out, Chromium is not installed";
  const disks = [disk("qcow2"), disk("qcow2", "scsi")];
  const session = await boot("chromium", drivesOf(disks, folder));
  try {
    await verify(session, disks);
  } finally {
    await session.end();
  }
  return "qcow2 on OPFS, virtio-blk and virtio-scsi";
}

export const VERIFY: readonly DiskCheck[] = [
  { name: "fio verifies raw and qcow2", run: (folder) => inNode(folder, MAIN) },
  { name: "fio verifies other formats", run: (folder) => inNode(folder, OTHERS) },
  { name: "fio verifies in Chromium", run: inChromium },
];
