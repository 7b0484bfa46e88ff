/** What a host does to the disks of a running guest, and what the guest sees of it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { demand, DiskGuest } from "./disk-guest.ts";
import type { DiskCheck } from "./main.ts";

const MIB = 2 ** 20;

function file(folder: string, name: string, mib: number, fill = 0): string {
  const path = join(folder, name);
  writeFileSync(path, new Uint8Array(mib * MIB).fill(fill));
  return path;
}

async function message(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "",
    (error: Error) => error.message,
  );
}

async function resize(folder: string): Promise<string> {
  const [a, b] = [file(folder, "a", 8), file(folder, "b", 8)];
  const guest = await DiskGuest.boot([
    ...["-drive", `if=virtio,id=a,format=raw,file=${a}`],
    ...["-drive", `if=none,id=b,format=raw,file=${b}`],
    ...["-device", "virtio-scsi-pci", "-device", "scsi-hd,drive=b"],
  ]);
  try {
    for (const [drive, device] of [
      ["a", "/dev/vda"],
      ["b", "/dev/sda"],
    ] as const) {
      const size = `blockdev --getsize64 ${device}`;
      await guest.expect(size, (said) => said === String(8 * MIB));
      await guest.machine.blockResize(drive, 24 * MIB + 100);
      await guest.expect(size, (said) => said === String(24 * MIB + 512));
      await guest.ask(`dd if=/dev/zero of=${device} bs=1M seek=23 count=1 conv=fsync`);
    }
    const said = await guest.ask("dmesg | grep -E 'new size|capacity change|logical blocks'");
    demand(/vda.*new size/.test(said), said);
    return "virtio-blk and SCSI disks grew under the guest";
  } finally {
    await guest.stop();
  }
}

async function hotplug(folder: string): Promise<string> {
  const path = file(folder, "plugged", 8, 0x61);
  const guest = await DiskGuest.boot(["-device", "virtio-scsi-pci,id=s"]);
  const { machine } = guest;
  try {
    const drive = {
      id: "p",
      image: { kind: "file", filename: path, format: "raw" },
    } as const;
    for (let times = 0; times < 3; times++) {
      await machine.attachDisk({ unit: { kind: "disk", lun: 5 }, drive, controller: "s" });
      await guest.expect("ls /dev/sda 2>&1", (said) => said === "/dev/sda");
      demand((await guest.ask("head -c 3 /dev/sda; echo")) === "aaa", "other contents");
      const twice = await message(machine.attachDisk({ unit: { kind: "disk" }, drive }));
      demand(twice.includes("Duplicate ID 'p'"), twice);
      const { p } = await machine.blockStats();
      demand((p?.rdBytes ?? 0) >= 4096, JSON.stringify(p));
      await machine.detachDisk("p");
      await guest.expect("ls /dev/sda 2>&1", (said) => said.includes("No such file"));
    }
    const said = await guest.ask("dmesg | grep -c 'Attached SCSI disk'");
    demand(Number(said) === 3, said);
    demand((await message(machine.detachDisk("p"))).includes("Device 'p' not found"), "detached");
    return "a disk came and went three times, without a scan";
  } finally {
    await guest.stop();
  }
}

async function media(folder: string): Promise<string> {
  const paths = ["a", "b", "c"].map((name) => file(folder, `${name}.iso`, 2, name.charCodeAt(0)));
  const guest = await DiskGuest.boot([
    ...["-drive", `if=none,id=cd0,media=cdrom,format=raw,file=${paths[0]}`],
    ...["-device", "virtio-scsi-pci", "-device", "scsi-cd,drive=cd0,id=cd"],
  ]);
  const { machine } = guest;
  const disc = (index: number) =>
    ({
      id: `disc${index}`,
      readOnly: true,
      image: { kind: "file", filename: paths[index] ?? "", format: "raw" },
    }) as const;
  const reads = (letter: string) =>
    guest.expect("head -c 1 /dev/sr0 2>&1; echo", (said) => said.startsWith(letter));
  try {
    await reads("a");
    // An open drive is a locked one.
    await guest.ask("exec 3</dev/sr0");
    const locked = await message(machine.changeMedium("cd", disc(1)));
    demand(locked.includes("Device 'cd' is locked and force was not specified"), locked);
    await guest.ask("exec 3<&-");
    await machine.changeMedium("cd", disc(1));
    await reads("b");
    await guest.ask("exec 3</dev/sr0");
    await machine.changeMedium("cd", disc(2), { force: true });
    await guest.ask("exec 3<&-");
    await reads("c");
    await machine.changeMedium("cd", null);
    await guest.expect("head -c 1 /dev/sr0 2>&1; echo", (said) => said.includes("No medium"));
    return "a medium was changed, kept by the lock, forced out and ejected";
  } finally {
    await guest.stop();
  }
}

export const HOST_COMMANDS: readonly DiskCheck[] = [
  { name: "resize", run: resize },
  { name: "hotplug", run: hotplug },
  { name: "media", run: media },
];
