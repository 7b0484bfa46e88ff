import { describe, expect, it } from "vitest";
import { formatXml } from "../../xml/format.ts";
import type { DomainContext } from "./context.ts";
import { parseDomain } from "./parse.ts";

const CONTEXT: DomainContext = {
  virtTypes: ["qemu", "test"],
  defaultArch: "riscv64",
  defaultMachine: "virt",
  newUuid: () => "c7a5fdbd-edaf-9455-926a-d65c16db1809",
  newMac: () => "52:54:00:00:00:01",
};

function canonical(text: string, inactive = true): string {
  return formatXml(parseDomain(text, CONTEXT, { inactive }));
}

/** A domain with something in it. */
function domain(inside: string, devices = ""): string {
  return `<domain type='qemu'><name>a</name><memory>1024</memory><os><type>hvm</type></os>
    ${inside}<devices>${devices}</devices></domain>`;
}

describe("a domain's XML", () => {
  it("gets libvirt's defaults and order", () => {
    expect(
      canonical(
        "<domain type='qemu' id='3'><memory unit='MiB'>64</memory><os><type>hvm</type></os><x:y xmlns:x='u'/><name>a</name></domain>",
      ),
    ).toBe(
      `<domain type='qemu'>
  <name>a</name>
  <uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>
  <memory unit='KiB'>65536</memory>
  <currentMemory unit='KiB'>65536</currentMemory>
  <vcpu placement='static'>1</vcpu>
  <os>
    <type arch='riscv64' machine='virt'>hvm</type>
    <boot dev='hd'/>
  </os>
  <clock offset='utc'/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
  </devices>
  <x:y xmlns:x='u'/>
</domain>
`,
    );
  });

  it("has devices in libvirt's order, with what each lacks", () => {
    const text = canonical(
      domain(
        "",
        `<interface type='user'/><serial type='pty'/>
         <disk><target dev='vda'/><address slot='3' type='pci'/></disk>`,
      ),
    );
    expect(text).toContain(`  <devices>
    <disk type='file' device='disk'>
      <target dev='vda' bus='virtio'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x03' function='0x0'/>
    </disk>
    <interface type='user'>
      <mac address='52:54:00:00:00:01'/>
    </interface>
    <serial type='pty'>
      <target port='0'/>
    </serial>
    <console type='pty'>
      <target type='serial' port='0'/>
    </console>
  </devices>`);
  });

  it("is the same when it is read again", () => {
    const once = canonical(
      domain(
        `<cputune><vcpupin vcpu='0' cpuset='2,0-1'/></cputune>
         <metadata><!-- kept --><m:a xmlns:m='urn:m'><m:b/></m:a></metadata>`,
        `<graphics type='vnc'/><channel type='unix'><target type='virtio' name='x'/></channel>`,
      ),
    );
    expect(once).toContain("cpuset='0-2'");
    expect(canonical(once)).toBe(once);
  });

  it("is refused with the element and the reason", () => {
    const refused: [string, string][] = [
      ["<domain><name>a</name></domain>", "Missing required attribute 'type' in element 'domain'"],
      [domain("").replace("<name>a</name>", ""), "missing name information in "],
      [domain("").replace(">a<", ">a/b<"), "name a/b cannot contain '/'"],
      [domain("<uuid>x</uuid>"), "malformed uuid element"],
      [domain("<vcpu>0</vcpu>"), "invalid maxvcpus 0"],
      [
        domain("<vcpu current='3'>2</vcpu>"),
        "maxvcpus must not be less than current vcpus (2 < 3)",
      ],
      [domain("").replace("1024", "1k"), "Invalid value '1k' for element or attribute './memory'"],
      [domain("").replace("<memory>", "<memory unit='x'>"), "unknown suffix 'x'"],
      [domain("", "<disk/>"), "missing target information for device"],
      [domain("", "<interface type='network'/>"), "No <source> 'network' attribute"],
      [
        domain("", "<interface type='user'><mac address='01:00:00:00:00:00'/></interface>"),
        "multicast",
      ],
      [domain("<on_crash>dance</on_crash>"), "unknown lifecycle action dance"],
      [
        domain("", "<serial type='pty'><address type='pci' slot='32'/></serial>"),
        "Invalid PCI address slot='0x20', must be <= 0x1F",
      ],
    ];
    for (const [text, words] of refused) expect(() => canonical(text)).toThrow(words);
  });
});
