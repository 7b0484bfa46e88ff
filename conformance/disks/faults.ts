/** Hosts that fail: without room, with I/O errors. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demand, DiskGuest } from "./disk-guest.ts";
import type { DiskCheck } from "./main.ts";

const MIB = 2 ** 20;
/** What the guest writes and reads again: 6 MiB that are no zeroes. */
const PATTERN = "yes 0123456789abcde | head -c 6291456";

function command(file: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: "utf8" });
  if (error) throw error;
  return status === 0 ? stdout : `failed: ${stderr}`;
}

type Bus = "virtio" | "scsi";

function diskArgs(bus: Bus, drive: string): readonly string[] {
  if (bus === "virtio") return ["-drive", `if=virtio,id=d,${drive}`];
  const device = ["-device", "virtio-scsi-pci", "-device", "scsi-hd,drive=d"];
  return ["-drive", `if=none,id=d,${drive}`, ...device];
}

const nodeOf = (bus: Bus): string => (bus === "virtio" ? "/dev/vda" : "/dev/sda");

/** A file system that is too small, and is made larger while the guest stands. */
async function full(folder: string, bus: Bus, format: string): Promise<string> {
  const mount = join(folder, `full-${bus}-${format}`);
  mkdirSync(mount);
  const mounted = command("mount", "-t", "tmpfs", "-o", "size=3m", "none", mount);
  if (mounted !== "") return `left out, nothing can be mounted here: ${mounted.trim()}`;
  try {
    return await onFull(mount, bus, format);
  } finally {
    command("umount", "-l", mount);
  }
}

async function onFull(mount: string, bus: Bus, format: string): Promise<string> {
  const path = join(mount, "disk");
  const made = command("qemu-img", "create", "-q", "-f", format, path, "8M");
  demand(made === "", made);
  const guest = await DiskGuest.boot(diskArgs(bus, `file=${path},format=${format}`));
  const { machine, states } = guest;
  const errors: string[] = [];
  machine.onIoError(({ action, nospace, reason }) => errors.push(`${action} ${nospace} ${reason}`));
  const pauses = () => states.filter(({ reason }) => reason === "ioerror");
  try {
    await guest.type(`${PATTERN} | dd of=${nodeOf(bus)} bs=64k conv=fsync; echo end-$?`);
    await guest.until(() => pauses().length === 1, "the pause");
    const message = "drive 'd': No space left on device";
    demand(pauses()[0]?.message === message, JSON.stringify(pauses()));
    demand(errors[0] === "stop true No space left on device", errors.join());
    await machine.resume();
    await guest.until(() => pauses().length === 2, "the second pause");
    demand(!guest.isDone, "the guest went on");
    command("mount", "-o", "remount,size=32m", mount);
    await machine.resume();
    await guest.until(() => guest.isDone, "the end of writing");
    demand(guest.output.includes("end-0"), guest.output);
    const same = await guest.ask(`${PATTERN} | cmp -n 6291456 - ${nodeOf(bus)} && echo same`);
    demand(same.endsWith("same"), same);
  } finally {
    await guest.stop();
  }
  if (format === "raw") return "paused twice, went on, complete";
  const check = command("qemu-img", "check", "-f", format, path);
  demand(check.includes("No errors"), check);
  return "paused twice, went on, complete and sound";
}

/** A request that waits is dropped by a reset, and the guest that comes finds a disk that works. */
async function resetWhileFull(folder: string): Promise<string> {
  const mount = join(folder, "full-reset");
  mkdirSync(mount);
  const mounted = command("mount", "-t", "tmpfs", "-o", "size=3m", "none", mount);
  if (mounted !== "") return `left out, nothing can be mounted here: ${mounted.trim()}`;
  try {
    const path = join(mount, "disk");
    command("qemu-img", "create", "-q", "-f", "qcow2", path, "8M");
    const guest = await DiskGuest.boot(diskArgs("virtio", `file=${path},format=qcow2`));
    try {
      await guest.type(`${PATTERN} | dd of=/dev/vda bs=64k conv=fsync`);
      await guest.until(() => guest.machine.state === "paused", "the pause");
      await guest.machine.reset();
      command("mount", "-o", "remount,size=32m", mount);
      await guest.type("");
      await guest.machine.resume();
      await guest.until(() => guest.isDone, "the prompt after the reset");
      await guest.ask("modprobe virtio_blk");
      const said = await guest.ask(`${PATTERN} | dd of=/dev/vda bs=64k conv=fsync; echo end-$?`);
      demand(said.includes("end-0"), said);
    } finally {
      await guest.stop();
    }
    const check = command("qemu-img", "check", "-f", "qcow2", path);
    demand(check.includes("No errors"), check);
    return "the request was dropped, the disk works";
  } finally {
    command("umount", "-l", mount);
  }
}

/** Somebody cuts the image's file short: reads behind its end are the host's I/O errors. */
async function ioErrors(folder: string, bus: Bus): Promise<string> {
  const path = join(folder, `cut-${bus}`);
  const whole = `${path}.whole`;
  writeFileSync(path, new Uint8Array(4 * MIB).fill(0x7a));
  copyFileSync(path, whole);
  const read = `dd if=${nodeOf(bus)} bs=64k skip=40 count=8 iflag=direct of=/dev/null 2>&1; echo end-$?`;
  for (const policy of ["report", "stop"]) {
    truncateSync(path, 4 * MIB);
    const drive = `file=${path},format=raw,rerror=${policy}`;
    const guest = await DiskGuest.boot(diskArgs(bus, drive));
    try {
      truncateSync(path, MIB);
      await guest.type(read);
      if (policy === "report") {
        await guest.until(() => guest.isDone, "an error");
        demand(/I\/O error|Input\/output error/.test(guest.output), guest.output);
        demand(guest.output.includes("end-1"), guest.output);
        const { d } = await guest.machine.blockStats();
        demand((d?.errors ?? 0) > 0, JSON.stringify(d));
        continue;
      }
      await guest.until(() => guest.machine.state === "paused", "the pause");
      copyFileSync(whole, path);
      await guest.machine.resume();
      await guest.until(() => guest.isDone, "the end of reading");
      demand(guest.output.includes("end-0"), guest.output);
    } finally {
      await guest.stop();
    }
  }
  return "told to the guest, or kept until the file was whole again";
}

const BUSES = ["virtio", "scsi"] as const;

export const FAULTS: readonly DiskCheck[] = [
  ...BUSES.flatMap((bus) =>
    ["raw", "qcow2"].map((format) => ({
      name: `full host, ${bus}, ${format}`,
      run: (folder: string) => full(folder, bus, format),
    })),
  ),
  { name: "reset while full", run: resetWhileFull },
  ...BUSES.map((bus) => ({
    name: `I/O errors, ${bus}`,
    run: (folder: string) => ioErrors(folder, bus),
  })),
];
