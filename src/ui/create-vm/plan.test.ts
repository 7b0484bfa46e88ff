import { describe, expect, it } from "vitest";
import { parseQemuDomain } from "../../virt/conf/domain/qemu/canonical.ts";
import { TABVISOR_BOARD } from "../../virt/conf/domain/qemu/context.ts";
import { parseVolume } from "../../virt/conf/volume/parse.ts";
import type { XmlElement } from "../../virt/xml/element.ts";
import { formatXml } from "../../virt/xml/format.ts";
import type { Around } from "./around.ts";
import type { Draft } from "./draft.ts";
import { planOf } from "./plan.ts";
import { AROUND, localFile, settled, volume, webImage } from "./testing/surroundings.ts";

const UUID = "6c6f6e67-0000-4000-8000-000000000001";

/** As the qemu driver defines it. */
function canonical(tree: XmlElement): string {
  const context = {
    virtTypes: ["qemu"],
    defaultArch: "riscv64",
    emulator: "/usr/bin/qemu-system-riscv64",
    channelFolder: "/channels",
    nvramFolder: "/nvram",
    board: TABVISOR_BOARD,
    newUuid: () => "00000000-0000-4000-8000-000000000000",
    newMac: () => "52:54:00:12:34:56",
  };
  const domain = parseQemuDomain(formatXml(tree), context, { inactive: true, newDomain: true });
  return formatXml(domain);
}

function plan(changes: Partial<Draft>, around: Partial<Around> = {}) {
  const all = { ...AROUND, ...around };
  const made = planOf(settled(changes, around), all, UUID);
  const paths = made.volumes.map(({ name }) => `/made/${name}`);
  const { definition, first } = made.define(paths);
  return {
    volumes: made.volumes.map(({ pool, name, content, leastBytes, xml }) => ({
      pool: pool.name,
      name,
      bytes: content?.sizeBytes,
      leastBytes,
      xml: formatXml(parseVolume(formatXml(xml(name)), { poolType: "dir" })),
    })),
    starts: made.starts,
    xml: canonical(definition),
    first: first && canonical(first),
  };
}

describe("a Debian image", () => {
  it("that lives in memory needs no volume", () => {
    const { volumes, starts, xml } = plan({});
    expect(volumes).toEqual([]);
    expect(starts).toBe(true);
    expect(xml).toContain(`<uuid>${UUID}</uuid>`);
    expect(xml).toContain("<kernel>/usr/share/tabvisor/guests/shell/kernel</kernel>");
    expect(xml).not.toContain("<disk");
    expect(xml).not.toContain("<interface");
  });

  it("on a disk gets a volume over the served one, as large as wanted", () => {
    const { volumes, xml } = plan({ guest: "debian", size: { text: "16", unit: 1 } });
    expect(volumes).toMatchObject([
      { pool: "default", name: "debian.qcow2", leastBytes: 16 * 2 ** 30 },
    ]);
    expect(volumes[0]?.xml).toContain("guests/debian-0123456789abcdef/disk.qcow2</path>");
    expect(xml).toContain("<source file='/made/debian.qcow2'/>");
  });

  it("that installs is there at the first start alone", () => {
    const { volumes, xml, first } = plan({ guest: "installer" });
    expect(volumes[0]?.xml).toContain("<capacity unit='bytes'>8589934592</capacity>");
    expect(first).toContain("<kernel>/usr/share/tabvisor/guests/installer/kernel</kernel>");
    expect(first).toContain("<on_reboot>destroy</on_reboot>");
    expect(first).toContain("<os firmware='efi'>");
    expect(xml).toContain("<os firmware='efi'>");
    expect(xml).toContain("<on_reboot>restart</on_reboot>");
    expect(xml).not.toContain("<kernel>");
    expect(plan({ guest: "installer", storage: "none" }).first).toBeUndefined();
  });
});

describe("a file", () => {
  it("with a disk image becomes the disk of a machine with EFI", () => {
    const image = localFile("d.vmdk", { kind: "disk", format: "vmdk" });
    const { volumes, xml } = plan({ source: "file", image, name: "x" });
    expect(volumes).toMatchObject([{ pool: "default", name: "x.vmdk", bytes: 4 }]);
    expect(xml).toContain("<os firmware='efi'>");
    expect(xml).toContain("<driver name='qemu' type='vmdk' discard='unmap'/>");
  });

  it("with an ISO image becomes a CD beside a new disk, and is booted first", () => {
    const image = localFile("d.iso", { kind: "iso" });
    const { volumes, xml } = plan({ source: "file", image });
    expect(volumes.map(({ name }) => name)).toEqual(["d.iso", "d.qcow2"]);
    expect(xml).toContain("<boot dev='cdrom'/>\n    <boot dev='hd'/>");
    expect(xml).toContain("<source file='/made/d.iso'/>");
    expect(xml).toContain("<target dev='sda' bus='scsi'/>");
    expect(xml).toContain("<source file='/made/d.qcow2'/>");
    expect(xml).toContain("<controller type='scsi' index='0' model='virtio-scsi'>");
  });
});

describe("an address", () => {
  const url = "https://h:8443/i/d.qcow2?v=1";
  const disk = webImage(url, { kind: "disk", format: "qcow2" });

  it("is read as needed, or copied", () => {
    const read = plan({ source: "url", url }, { web: disk });
    expect(read.volumes[0]?.xml).toContain(`<path>${url}</path>`);
    expect(read.volumes[0]?.bytes).toBeUndefined();
    const copied = plan({ source: "url", url, way: "copy" }, { web: disk });
    expect(copied.volumes).toMatchObject([{ name: "d.qcow2", bytes: disk.sizeBytes }]);
    expect(copied.volumes[0]?.xml).not.toContain("backingStore");
  });

  it("of an ISO image is a CD without a volume", () => {
    const web = webImage("https://h:8443/i/d.iso?v=1", { kind: "iso" });
    const { volumes, xml } = plan({ source: "url", url: web.url, storage: "none" }, { web });
    expect(volumes).toEqual([]);
    expect(xml).toContain("<source protocol='https' name='i/d.iso' query='v=1'>");
    expect(xml).toContain("<host name='h' port='8443'/>");
  });
});

describe("an existing disk", () => {
  it("boots by EFI, or by the kernel of the guest that it stands on", () => {
    const own = plan({ source: "import", volume: volume("/p/a.img", "raw") });
    expect(own.volumes).toEqual([]);
    expect(own.xml).toContain("<os firmware='efi'>");
    expect(own.xml).toContain("<source file='/p/a.img'/>");
    const backing = "/usr/share/tabvisor/guests/debian-0123456789abcdef/disk.qcow2";
    const served = plan({ source: "import", volume: volume("/p/d.qcow2", "qcow2", backing) });
    expect(served.xml).toContain("guests/debian-0123456789abcdef/kernel</kernel>");
  });
});

it("a CD's volume is a CD, beside a new disk", () => {
  const { volumes, xml } = plan({ source: "import", volume: volume("/p/d.iso", "raw") });
  expect(volumes.map(({ name }) => name)).toEqual(["d.qcow2"]);
  expect(xml).toContain("<boot dev='cdrom'/>\n    <boot dev='hd'/>");
  expect(xml).toContain("<source file='/p/d.iso'/>");
  expect(xml).toContain("<source file='/made/d.qcow2'/>");
});

describe("a kernel", () => {
  it("is stored where virt-install stores kernels; one that is there is used there", () => {
    const kernel = localFile("vmlinuz", { kind: "kernel" });
    const initrd = volume("/boot/initrd.img", "raw");
    const { volumes, xml } = plan({ source: "kernel", kernel, initrd, cmdline: " a b " });
    expect(volumes).toMatchObject([{ pool: "boot-scratch", name: "vmlinuz", bytes: 4 }]);
    expect(xml).toContain("<kernel>/made/vmlinuz</kernel>");
    expect(xml).toContain("<initrd>/boot/initrd.img</initrd>");
    expect(xml).toContain("<cmdline>a b</cmdline>");
    expect(xml).not.toContain("firmware=");
  });
});

it("customizing starts nothing, and a network is an interface", () => {
  const { starts, xml } = plan({ customizes: true, network: "default" });
  expect(starts).toBe(false);
  expect(xml).toContain("<source network='default'/>");
});
