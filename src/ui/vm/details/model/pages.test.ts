import { describe, expect, it } from "vitest";
import { editDomain } from "../../../../virt/conf/domain/view.ts";
import type { Draft } from "../../../../virt/xml/draft.ts";
import type { XmlElement } from "../../../../virt/xml/element.ts";
import { formatXml } from "../../../../virt/xml/format.ts";
import { parseXml } from "../../../../virt/xml/parse.ts";
import { bootableIds, readBoot, writeBoot } from "./boot.ts";
import { readCpus, topologySize, writeCpus } from "./cpus.ts";
import { readMemory, writeMemory } from "./memory.ts";
import { readOsInfo, writeOsInfo } from "./os-info.ts";
import { readOverview, writeOverview } from "./overview.ts";

const parse = (text: string): XmlElement => parseXml(text, "domain_definition");

const DOMAIN = parse(`<domain type='qemu'>
  <name>a</name>
  <title>An old title</title>
  <memory unit='KiB'>1048577</memory>
  <currentMemory unit='KiB'>524288</currentMemory>
  <vcpu placement='static'>4</vcpu>
  <os><type arch='riscv64' machine='virt'>hvm</type><boot dev='cdrom'/><boot dev='hd'/></os>
  <devices>
    <disk device='disk'><target dev='vda' bus='virtio'/></disk>
    <disk device='disk'><target dev='vdb' bus='virtio'/></disk>
    <disk device='cdrom'><target dev='sda' bus='scsi'/></disk>
    <interface type='user'><mac address='52:54:00:00:00:01'/></interface>
    <rng model='virtio'/>
  </devices>
</domain>`);

/** The definition after a change of a form, and the form read from it again. */
function change<V extends object>(
  read: (domain: XmlElement) => V,
  write: (domain: Draft, change: Partial<V>, values: V) => void,
  changes: Partial<V>,
  from = DOMAIN,
): { xml: string; tree: XmlElement; values: V } {
  const tree = editDomain(from, (draft) => write(draft, changes, { ...read(from), ...changes }));
  return { xml: formatXml(tree), tree, values: read(tree) };
}

describe("the overview", () => {
  it("knows the firmware, and changes it", () => {
    expect(readOverview(DOMAIN).firmware).toBe("default");
    const uefi = change(readOverview, writeOverview, { firmware: "uefi" });
    expect(uefi.xml).toContain("<os firmware='efi'>");
    expect(uefi.values).toMatchObject({ firmware: "uefi", loader: "" });
    const file = { firmware: "rom", loader: "/fw.bin" } as const;
    const rom = change(readOverview, writeOverview, file, uefi.tree);
    expect(rom.xml).toContain("<loader type='rom'>/fw.bin</loader>");
    expect(rom.xml).not.toContain("efi");
    expect(rom.values).toMatchObject(file);
    const none = change(readOverview, writeOverview, { firmware: "default" }, rom.tree);
    expect(none.xml).not.toContain("loader");
    const flash = "<domain><os><loader readonly='yes' type='pflash'>/EFI.fd</loader></os></domain>";
    expect(readOverview(parse(flash)).firmware).toBe("uefi");
  });
});

describe("the vCPUs", () => {
  it("are read and counted", () => {
    expect(readCpus(DOMAIN)).toMatchObject({ max: "4", current: "4", topology: "", sockets: "4" });
    const { xml } = change(readCpus, writeCpus, { max: "8", current: "2" });
    expect(xml).toContain("<vcpu placement='static' current='2'>8</vcpu>");
  });

  it("have a topology, or none", () => {
    const topology = { topology: "yes", sockets: "1", cores: "2", threads: "2" };
    const { xml, tree, values } = change(readCpus, writeCpus, topology);
    expect(xml).toContain("<topology sockets='1' cores='2' threads='2'/>");
    expect(topologySize(values)).toBe(4);
    expect(change(readCpus, writeCpus, { topology: "" }, tree).xml).not.toContain("<cpu");
    expect(topologySize({ ...values, cores: "1.5" })).toBeNaN();
  });

  it("are of a model", () => {
    const custom = change(readCpus, writeCpus, { mode: "custom", model: "rv64" });
    expect(custom.xml).toContain("<cpu mode='custom'>\n    <model>rv64</model>\n  </cpu>");
    expect(custom.values).toMatchObject({ mode: "custom", model: "rv64" });
    const most = change(readCpus, writeCpus, { mode: "maximum" }, custom.tree);
    expect(most.xml).toContain("<cpu mode='maximum'/>");
    expect(change(readCpus, writeCpus, { mode: "" }, most.tree).xml).not.toContain("<cpu");
  });
});

describe("the memory", () => {
  it("is in MiB, and keeps what did not change to the KiB", () => {
    expect(readMemory(DOMAIN)).toEqual({ current: "512", max: "1024" });
    const { xml } = change(readMemory, writeMemory, { current: "256" });
    expect(xml).toContain("<memory unit='KiB'>1048577</memory>");
    expect(xml).toContain("<currentMemory unit='KiB'>262144</currentMemory>");
  });
});

describe("the boot options", () => {
  it("know what can be booted, and in which order", () => {
    expect(bootableIds(DOMAIN)).toEqual([
      "disk-vda",
      "disk-vdb",
      "disk-sda",
      "interface-52:54:00:00:00:01",
    ]);
    expect(readBoot(DOMAIN).order).toBe("disk-sda\ndisk-vda");
  });

  it("give devices numbers in the place of kinds", () => {
    const order = "interface-52:54:00:00:00:01\ndisk-vdb";
    const { xml, values } = change(readBoot, writeBoot, { order });
    expect(values.order).toBe(order);
    expect(xml).not.toContain("<boot dev");
    expect(xml.match(/<boot order='\d'\/>/g)).toEqual(["<boot order='2'/>", "<boot order='1'/>"]);
  });

  it("boot a kernel, or none", () => {
    const files = { direct: "yes", kernel: "/Image", initrd: "/initrd", cmdline: "console=ttyS0" };
    const { tree, values, xml } = change(readBoot, writeBoot, { ...files, menu: "yes" });
    expect(values).toMatchObject({ ...files, dtb: "", menu: "yes" });
    expect(xml).toContain("<bootmenu enable='yes'/>");
    const none = change(readBoot, writeBoot, { direct: "" }, tree);
    expect(none.values).toMatchObject({ direct: "", kernel: "", cmdline: "", menu: "yes" });
  });
});

describe("the operating system", () => {
  it("is named in the metadata", () => {
    const id = "http://debian.org/debian/12";
    const write = (domain: Draft, _: unknown, values: { id: string }) =>
      writeOsInfo(domain, values);
    const { tree, values } = change(readOsInfo, write, { id });
    expect(values.id).toBe(id);
    expect(change(readOsInfo, write, { id: "" }, tree).xml).not.toContain("metadata");
  });
});
