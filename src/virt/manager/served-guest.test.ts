import { describe, expect, it } from "vitest";
import { TABVISOR_BOARD } from "../conf/domain/qemu/context.ts";
import { parseQemuDomain } from "../conf/domain/qemu/canonical.ts";
import { parseVolume } from "../conf/volume/parse.ts";
import type { GuestManifest } from "../guest-manifest.ts";
import { formatXml } from "../xml/format.ts";
import { servedGuestName } from "../served-path.ts";
import { guestDomain, guestVolume, isInstaller } from "./served-guest.ts";

const file = (path: string) => ({ path, sizeBytes: 1 });

function guest(disk: boolean): GuestManifest {
  const boot = {
    firmware: file("firmware.bin"),
    kernel: file("kernel"),
    initrd: file("initrd.cpio"),
    append: "console=ttyS0 quiet",
    notes: [],
    ...(disk && { disk: file("disk.qcow2") }),
  };
  return {
    name: "debian",
    title: "Debian",
    key: "0123456789abcdef",
    leastMemoryBytes: 160 * 2 ** 20,
    usualMemoryBytes: 512 * 2 ** 20,
    boots: { fast: boot, stock: { ...boot, append: "console=ttyS0" } },
  };
}

function canonical(xml: string): string {
  const context = {
    virtTypes: ["qemu"],
    defaultArch: "riscv64",
    emulator: "/usr/bin/qemu-system-riscv64",
    channelFolder: "/channels",
    nvramFolder: "/nvram",
    board: TABVISOR_BOARD,
    newUuid: () => "6c6f6e67-0000-4000-8000-000000000001",
    newMac: () => "52:54:00:12:34:56",
  };
  return formatXml(parseQemuDomain(xml, context, { inactive: true, newDomain: true }));
}

describe("a served guest's machine", () => {
  const xml = canonical(
    formatXml(guestDomain(guest(true), { name: "d & d", disk: "/pool/d.qcow2" })),
  );

  it("boots the served kernel and initramfs the fast way", () => {
    expect(xml).toContain("<name>d &amp; d</name>");
    expect(xml).toContain("<type arch='riscv64' machine='virt'>hvm</type>");
    expect(xml).toContain(
      "<kernel>/usr/share/tabvisor/guests/debian-0123456789abcdef/kernel</kernel>",
    );
    expect(xml).toContain(
      "<initrd>/usr/share/tabvisor/guests/debian-0123456789abcdef/initrd.cpio</initrd>",
    );
    expect(xml).toContain(
      "<loader type='rom'>/usr/share/tabvisor/guests/debian-0123456789abcdef/firmware.bin</loader>",
    );
    expect(xml).toContain("<cmdline>console=ttyS0 quiet</cmdline>");
    expect(xml).toContain("<memory unit='KiB'>524288</memory>");
    expect(xml).toContain(`<libosinfo:os id="http://debian.org/debian/13"/>`);
  });

  it("has both consoles, entropy and the disk, and no graphics", () => {
    expect(xml.match(/<serial type='pty'>/g)).toHaveLength(1);
    expect(xml.match(/<console type='pty'>/g)).toHaveLength(2);
    expect(xml).toContain("<target type='virtio' port='1'/>");
    expect(xml).toContain("<rng model='virtio'>");
    expect(xml).not.toContain("graphics");
    expect(xml).toContain("<driver name='qemu' type='qcow2' discard='unmap'/>");
    expect(xml).toContain("<source file='/pool/d.qcow2'/>");
    expect(xml).toContain("<target dev='vda' bus='virtio'/>");
  });

  it("has a keyboard and a balloon where it has a disk, and with it their drivers", () => {
    const keyboard = "<input type='keyboard' bus='virtio'>";
    expect(xml).toContain(keyboard);
    expect(xml).toContain("<memballoon model='virtio'>");
    const shell = formatXml(guestDomain(guest(false), { name: "shell" }));
    expect(canonical(shell)).not.toContain("<input");
    expect(canonical(shell)).toContain("<memballoon model='none'/>");
  });

  it("stands on the served image with its own volume", () => {
    const volume = guestVolume(guest(true), "d.qcow2");
    if (!volume) throw new Error("the guest has a disk");
    const text = formatXml(parseVolume(formatXml(volume), { poolType: "dir" }));
    expect(text).toContain(
      "<path>/usr/share/tabvisor/guests/debian-0123456789abcdef/disk.qcow2</path>",
    );
    expect(text.match(/<format type='qcow2'\/>/g)).toHaveLength(2);
    expect(text).toContain("<allocation unit='bytes'>0</allocation>");
    expect(guestVolume(guest(false), "d.qcow2")).toBeUndefined();
  });

  it("has an empty disk where it is an installer", () => {
    expect([isInstaller({ name: "installer" }), isInstaller({ name: "shell" })]).toEqual([
      true,
      false,
    ]);
  });

  it("is known by its files' paths", () => {
    expect(servedGuestName("/usr/share/tabvisor/guests/shell/kernel")).toBe("shell");
    const disk = "/usr/share/tabvisor/guests/debian-full-0123456789abcdef/disk.qcow2";
    expect(servedGuestName(disk)).toBe("debian-full");
    expect(servedGuestName("/var/lib/libvirt/images/shell/kernel")).toBeUndefined();
  });
});
