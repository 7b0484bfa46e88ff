import { describe, expect, test } from "vitest";
import { formatXml } from "../../../xml/format.ts";
import { canonicalQemuDomain, parseQemuDomain } from "./canonical.ts";
import { TABVISOR_BOARD, type QemuBoard } from "./context.ts";
import { diskIndex } from "../drive-address.ts";

function context(board: QemuBoard = TABVISOR_BOARD) {
  return {
    virtTypes: ["qemu"],
    defaultArch: "riscv64",
    defaultMachine: "virt",
    emulator: "/usr/bin/qemu-system-riscv64",
    channelFolder: "/var/lib/libvirt/qemu/channel/target",
    nvramFolder: "/var/lib/libvirt/qemu/nvram",
    board,
    newUuid: () => "6c6f6e67-0000-4000-8000-000000000001",
    newMac: () => "52:54:00:12:34:56",
  };
}

const NEW = { inactive: true, newDomain: true } as const;

function guest(devices: string, os = "<type>hvm</type>", more = ""): string {
  return `<domain type='qemu'><name>g</name><memory unit='MiB'>256</memory>
    <os>${os}</os>${more}<devices>${devices}</devices></domain>`;
}

function canonical(text: string, board?: QemuBoard): string {
  return formatXml(parseQemuDomain(text, context(board), NEW));
}

/** The addresses of PCI devices, by what stands before them. */
function pciPlaces(xml: string): string[] {
  const place = /<address type='pci' domain='0x0000' bus='0x(..)' slot='0x(..)' function='0x(.)'/g;
  return [...xml.matchAll(place)].map(([, bus, slot, at]) => `${bus}:${slot}.${at}`);
}

describe("the qemu driver's defaults", () => {
  test("a guest of nothing has a PCI bus, a balloon and a sound backend", () => {
    const xml = canonical(guest(""));
    expect(xml).toContain("<type arch='riscv64' machine='virt'>hvm</type>");
    expect(xml).toContain("<emulator>/usr/bin/qemu-system-riscv64</emulator>");
    expect(xml).toContain("<controller type='pci' index='0' model='pcie-root'/>");
    expect(xml).toContain("<audio id='1' type='none'/>");
    expect(xml).toContain("<memballoon model='virtio'>");
  });

  test("devices are each in a root port, and one port is left free", () => {
    const xml = canonical(
      guest(`<disk><source file='/a'/><target dev='vda'/></disk>
        <interface type='user'/><rng model='virtio'><backend model='random'/></rng>`),
    );
    expect(xml.match(/model='pcie-root-port'>/g)).toHaveLength(5);
    // The disk, five ports, the interface, the balloon, the random numbers.
    expect(pciPlaces(xml)).toEqual([
      "02:00.0",
      ...["00:01.0", "00:01.1", "00:01.2", "00:01.3", "00:01.4"],
      ...["01:00.0", "03:00.0", "04:00.0"],
    ]);
    expect(xml).toContain("<target chassis='5' port='0xc'/>");
    expect(xml).toContain("function='0x0' multifunction='on'/>");
    expect(xml).toContain("<model type='virtio'/>");
    expect(xml).toContain("<backend model='random'>/dev/random</backend>");
    expect(xml).toContain("<driver name='qemu' type='raw'/>");
  });

  test("a SCSI disk gets an address and its controller, and unit 7 is the controller's own", () => {
    const xml = canonical(
      guest(`<disk device='cdrom'><target dev='sdi'/></disk>
        <disk><source file='/a'/><target dev='sda'/></disk>`),
    );
    expect(xml).toContain("<controller type='scsi' index='0' model='virtio-scsi'>");
    expect(xml).toContain("<address type='drive' controller='0' bus='0' target='0' unit='0'/>");
    expect(xml).toContain("<address type='drive' controller='0' bus='0' target='0' unit='9'/>");
    expect(xml.indexOf("dev='sda'")).toBeLessThan(xml.indexOf("dev='sdi'"));
  });

  test("channels get ports of a controller that is added for them", () => {
    const channel = `<channel type='unix'><target type='virtio' name='x'/></channel>`;
    const xml = canonical(guest(channel + channel));
    expect(xml).toContain("<controller type='virtio-serial' index='0'>");
    expect(xml).toContain("<address type='virtio-serial' controller='0' bus='0' port='1'/>");
    expect(xml).toContain("<address type='virtio-serial' controller='0' bus='0' port='2'/>");
  });

  test("a serial port is the board's, and a console is the serial port", () => {
    const xml = canonical(guest("<console type='pty'/>"));
    expect(xml).toContain(
      "<target type='system-serial' port='0'>\n        <model name='16550a'/>\n      </target>",
    );
    expect(xml).toContain("<target type='serial' port='0'/>");
  });

  test("where a device is on the board, the others go there too", () => {
    const xml = canonical(
      guest(`<disk><source file='/a'/><target dev='vda'/><address type='virtio-mmio'/></disk>`),
    );
    expect(xml.match(/<address type='virtio-mmio'\/>/g)).toHaveLength(2);
    expect(pciPlaces(xml)).toEqual([]);
  });

  test("EFI in read-only flash keeps its variables in a file of the domain's", () => {
    const loader = "<type>hvm</type><loader readonly='yes' type='pflash'>/f</loader>";
    expect(canonical(guest("", loader))).toContain(
      "<nvram>/var/lib/libvirt/qemu/nvram/g_VARS.fd</nvram>",
    );
    expect(canonical(guest("", `${loader}<nvram template='/t'/>`))).toContain(
      "<nvram template='/t'>/var/lib/libvirt/qemu/nvram/g_VARS.fd</nvram>",
    );
  });

  test("graphics bring a display with them", () => {
    const xml = canonical(guest("<graphics type='vnc'/>"));
    expect(xml).toContain("<model type='virtio' heads='1' primary='yes'/>");
  });

  test("USB devices need a controller, and get its ports", () => {
    const tablet = "<input type='tablet'/>";
    expect(() => canonical(guest(tablet))).toThrow("USB is disabled for this domain");
    const xml = canonical(guest(`<controller type='usb' model='qemu-xhci'/>${tablet}`));
    expect(xml).toContain("<address type='usb' bus='0' port='1'/>");
  });

  test("read again it stays, but for controllers that stand with their like then", () => {
    const made = parseQemuDomain(
      guest(`<disk><source file='/a'/><target dev='vda'/></disk><console type='pty'/>
        <channel type='unix'><target type='virtio' name='x'/></channel>
        <interface type='user'/><disk device='cdrom'><target dev='sda'/></disk>`),
      context(),
      NEW,
    );
    const again = { inactive: true, newDomain: false };
    const once = canonicalQemuDomain(made, context(), again);
    const twice = canonicalQemuDomain(once, context(), again);
    expect(formatXml(twice)).toBe(formatXml(once));
    expect(formatXml(once).split("\n").toSorted()).toEqual(formatXml(made).split("\n").toSorted());
  });

  test("what an image's source leaves out is filled in", () => {
    const xml = canonical(
      guest(`<disk type='network'><source protocol='iscsi' name='iqn.1992-01.example'>
          <host name='h'/></source><target dev='vda'/></disk>
        <disk><source file='/a' index='7'><encryption format='luks'/></source><target dev='vdb'/></disk>`),
    );
    expect(xml).toContain("name='iqn.1992-01.example/0'");
    expect(xml).toContain("<host name='h' port='3260'/>");
    expect(xml).toContain("<encryption format='luks' engine='qemu'/>");
    expect(xml).not.toContain("index='7'");
  });

  test("a channel's socket that the driver chose is chosen again, one that a user chose stays", () => {
    const channel = (path: string): string =>
      `<channel type='unix'><source mode='bind' path='${path}'/><target type='virtio' name='x'/></channel>`;
    const folder = "/var/lib/libvirt/qemu/channel/target";
    expect(canonical(guest(channel(`${folder}/domain-1-g/x`)))).not.toContain("path=");
    expect(canonical(guest(channel("/run/x")))).toContain("path='/run/x'");
  });

  test("NUMA cells are in order, make up the memory and are as far from each other both ways", () => {
    const cells = `<cpu><numa><cell id='1' cpus='1' memory='64' unit='MiB'/>
      <cell id='0' cpus='0' memory='64' unit='MiB'><distances><sibling id='1' value='20'/></distances></cell>
      </numa></cpu>`;
    const xml = canonical(guest("", "<type>hvm</type>", cells));
    expect(xml).toContain("<memory unit='KiB'>131072</memory>");
    expect(xml.indexOf("<cell id='0'")).toBeLessThan(xml.indexOf("<cell id='1'"));
    expect(xml.match(/<sibling id='[01]' value='(?:10|20)'\/>/g)).toHaveLength(4);
  });

  test("firmware with keys in it checks them", () => {
    const os = (secure: string): string =>
      `<type>hvm</type><firmware><feature enabled='yes' name='enrolled-keys'/>${secure}</firmware>`;
    expect(canonical(guest("", os("")))).toContain("<feature enabled='yes' name='secure-boot'/>");
    const off = "<feature enabled='no' name='secure-boot'/>";
    expect(() => canonical(guest("", os(off)))).toThrow("'enrolled-keys' cannot be enabled");
  });

  test("unknown elements stay", () => {
    expect(canonical(guest("<tube colour='red'/>"))).toContain("<tube colour='red'/>");
  });
});

describe("what the qemu driver refuses", () => {
  test.each([
    [guest("", "<type arch='x86_64'>hvm</type>"), "does not support arch 'x86_64'"],
    [guest("", "<type machine='q35'>hvm</type>"), "does not support machine type 'q35'"],
    [guest("", "<type>xen</type>"), "does not support os type 'xen'"],
    [
      guest("<controller type='pci' index='0' model='pci-root'/>"),
      "must be model='pcie-root' for this machine type, but model='pci-root' was found instead",
    ],
    [
      guest("<disk><source file='/a'/><target dev='disk1' bus='virtio'/></disk>"),
      "Unknown disk name 'disk1' and no address specified",
    ],
    [
      guest("<controller type='pci' index='3' model='pcie-root'/>"),
      "pci-root and pcie-root controllers should have index 0",
    ],
  ])("%#", (text, message) => {
    expect(() => canonical(text)).toThrow(message);
  });

  test("two devices at one address", () => {
    const disk = (dev: string): string =>
      `<disk><source file='/a'/><target dev='${dev}'/><address type='pci' bus='0' slot='1'/></disk>`;
    expect(() => canonical(guest(disk("vda") + disk("vdb")))).toThrow(
      "Attempted double use of PCI Address 0000:00:01.0",
    );
  });
});

test.each([
  ["vda", 0],
  ["sdz", 25],
  ["hdaa", 26],
  ["disk1", -1],
])("%s is disk %d", (name, index) => {
  expect(diskIndex(name)).toBe(index);
});
