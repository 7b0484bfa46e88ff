import { describe, expect, it } from "vitest";
import { find, type XmlElement } from "../../../../virt/xml/element.ts";
import { formatXml } from "../../../../virt/xml/format.ts";
import { parseXml } from "../../../../virt/xml/parse.ts";
import { editedDevice, readDevice, without, withAdded, withReplaced } from "./devices.ts";
import { fieldsOf } from "./device-fields.ts";
import { wrongNumber } from "./fields.ts";
import { freeTarget } from "./disk.ts";
import { deviceAt } from "./hardware.ts";

const parse = (text: string): XmlElement => parseXml(text, "domain_definition");
const EMPTY = parse("<domain><devices/></domain>");

/** The device's XML after a change of its form. */
function edited(text: string, change: Readonly<Record<string, string>>, domain = EMPTY): string {
  const device = parse(text);
  return formatXml(editedDevice(domain, device, { ...readDevice(device), ...change }));
}

describe.each([
  [
    "disk",
    "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/a'/><target dev='vda' bus='virtio'/><address type='pci' slot='0x1'/></disk>",
  ],
  [
    "network disk",
    "<disk type='network' device='disk'><source protocol='https' name='a.img'><host name='example.org' port='443'/></source><target dev='vda' bus='virtio'/></disk>",
  ],
  [
    "volume",
    "<disk type='volume' device='disk'><source pool='p' volume='v'/><target dev='vda' bus='virtio'/></disk>",
  ],
  [
    "interface",
    "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='default' portgroup='g'/><model type='virtio'/></interface>",
  ],
  [
    "serial",
    "<serial type='tcp'><source mode='bind' host='127.0.0.1' service='2445'/><protocol type='raw'/><target type='isa-serial' port='0'><model name='isa-serial'/></target></serial>",
  ],
  [
    "rng",
    "<rng model='virtio'><rate bytes='1234' period='2000'/><backend model='random'>/dev/urandom</backend></rng>",
  ],
  [
    "controller",
    "<controller type='scsi' index='0' model='virtio-scsi'><driver queues='2'/></controller>",
  ],
  ["unknown", "<crypto model='virtio' type='qemu'><backend model='builtin' queues='1'/></crypto>"],
])("a form of a %s", (_, text) => {
  it("leaves the XML as it is while nothing is changed", () => {
    expect(edited(text, {})).toBe(formatXml(parse(text)));
  });
});

describe("a disk's form", () => {
  const disk =
    "<disk type='file' device='cdrom'><source file='/a.iso'><seclabel/></source><target dev='sda' bus='scsi'/><readonly/><address type='drive' unit='0'/></disk>";

  it("reads libvirt's words, and where the data comes from in one line", () => {
    expect(readDevice(parse(disk))).toMatchObject({
      device: "cdrom",
      bus: "scsi",
      source: "/a.iso",
      readonly: "yes",
      shareable: "",
      cache: "",
    });
    const network =
      "<disk type='network'><source protocol='https' name='d/a.img'><host name='example.org' port='8443'/></source></disk>";
    expect(readDevice(parse(network))["source"]).toBe("https://example.org:8443/d/a.img");
    const volume = "<disk type='volume'><source pool='p' volume='v'/></disk>";
    expect(readDevice(parse(volume))["source"]).toBe("p/v");
  });

  it("takes a medium out and puts another in", () => {
    expect(edited(disk, { source: "" })).not.toContain("<source");
    const block = edited(disk, { source: "/dev/sr0", type: "block" });
    expect(block).toContain("<disk type='block' device='cdrom'>");
    expect(block).toContain("<source dev='/dev/sr0'/>");
  });

  it("gives a disk on another bus the next free name there, and no address", () => {
    const taken = parse(
      "<domain><devices><disk><target dev='vda'/></disk><disk><target dev='vdb'/></disk></devices></domain>",
    );
    const moved = edited(disk, { bus: "virtio" }, taken);
    expect(moved).toContain("<target dev='vdc' bus='virtio'/>");
    expect(moved).not.toContain("<address");
    expect(edited(disk, { bus: "sata" })).toContain("<target dev='sda' bus='sata'/>");
  });

  it("writes flags, choices and limits, and takes them out again", () => {
    const all = { shareable: "yes", cache: "unsafe", read_iops_sec: "100", readonly: "" };
    const written = edited(disk, all);
    expect(written).toContain("<driver cache='unsafe'/>");
    expect(written).toContain("<shareable/>");
    expect(written).not.toContain("<readonly/>");
    expect(written).toContain("<read_iops_sec>100</read_iops_sec>");
    const none = { shareable: "", cache: "", read_iops_sec: "", readonly: "yes" };
    const [back, before] = [edited(written, none), readDevice(parse(disk))];
    expect(readDevice(parse(back))).toEqual(before);
    expect(back).not.toMatch(/driver|iotune/);
  });

  it("names disks past the end of the alphabet", () => {
    const names = Array.from("abcdefghijklmnopqrstuvwxyz", (letter) => `vd${letter}`);
    const disks = names.map((name) => `<disk><target dev='${name}'/></disk>`).join("");
    expect(freeTarget(parse(`<domain><devices>${disks}</devices></domain>`), "virtio")).toBe(
      "vdaa",
    );
  });
});

describe("an interface's form", () => {
  const nic =
    "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='default'/><virtualport type='openvswitch'/><model type='virtio'/></interface>";

  it("connects it elsewhere", () => {
    const bridged = edited(nic, { type: "bridge", source: "br0" });
    expect(bridged).toContain("<interface type='bridge'>");
    expect(bridged).toContain("<source bridge='br0'/>");
    expect(bridged).not.toMatch(/network|virtualport/);
    expect(edited(nic, { type: "user", source: "" })).not.toContain("<source");
  });

  it("takes the cable out", () => {
    expect(edited(nic, { link: "down" })).toContain("<link state='down'/>");
  });
});

describe("a serial port's form", () => {
  it("takes out what its new type has no use for", () => {
    const tcp =
      "<serial type='tcp'><source mode='bind' host='127.0.0.1' service='2445'/><protocol type='raw'/><target port='0'/></serial>";
    expect(edited(tcp, { type: "pty" })).toBe(
      "<serial type='pty'>\n  <target port='0'/>\n</serial>\n",
    );
    expect(edited(tcp, { type: "file", path: "/tmp/log" })).toContain("<source path='/tmp/log'/>");
  });
});

describe("a random number generator's form", () => {
  it("takes out the device of a backend that has none", () => {
    const rng = "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>";
    expect(edited(rng, { backend: "builtin" })).toContain("<backend model='builtin'/>");
    expect(edited(rng, { bytes: "1024", period: "500" })).toContain(
      "<rate bytes='1024' period='500'/>",
    );
  });
});

describe("a number in a form", () => {
  it("is whole, or not there", () => {
    const fields = fieldsOf("rng", undefined);
    expect(wrongNumber(fields, { bytes: "1.5" })?.key).toBe("bytes");
    expect(wrongNumber(fields, { bytes: "-1" })?.key).toBe("bytes");
    expect(wrongNumber(fields, { bytes: "" })).toBeUndefined();
    // What is not shown does not matter.
    expect(wrongNumber(fields, { bytes: "", period: "x" })).toBeUndefined();
  });
});

describe("a definition", () => {
  const domain = parse(`<domain><devices>
    <disk><target dev='vda' bus='virtio'/></disk>
    <serial type='pty'><target port='0'/></serial>
    <console type='pty'><target type='serial' port='0'/></console>
    <console type='pty'><target type='virtio' port='1'/></console>
  </devices></domain>`);

  it("gets devices, and loses them", () => {
    const more = withAdded(domain, parse("<rng model='virtio'/>"));
    expect(deviceAt(more, "rng-0")).toBeDefined();
    expect(deviceAt(without(more, "rng-0"), "rng-0")).toBeUndefined();
    expect(deviceAt(without(more, "rng-0"), "disk-vda")).toBeDefined();
  });

  it("loses the serial port's console with it, and no other", () => {
    const rest = formatXml(without(domain, "serial-0"));
    expect(rest).not.toContain("serial");
    expect(rest).toContain("<target type='virtio' port='1'/>");
  });

  it("has the serial port's console follow it", () => {
    const file = parse("<serial type='file'><source path='/log'/><target port='0'/></serial>");
    const changed = withReplaced(domain, "serial-0", file);
    const devices = find(changed, "devices");
    expect(devices && formatXml(devices)).toContain(
      "<console type='file'>\n    <source path='/log'/>\n    <target type='serial' port='0'/>",
    );
  });
});
