import { describe, expect, it } from "vitest";
import { parseXml } from "../../../../virt/xml/parse.ts";
import { definitionProblem } from "./definition-problem.ts";
import { readDevice, withAdded } from "./devices.ts";
import { kindsFor, NEW_KINDS, newDevice } from "./new-device.ts";

const domain = (type: string) =>
  parseXml(
    `<domain type='${type}'><name>a</name><memory unit='MiB'>64</memory>
      <os><type arch='riscv64' machine='virt'>hvm</type></os>
      <devices><disk><source file='/a'/><target dev='vda' bus='virtio'/></disk></devices></domain>`,
    "domain_definition",
  );

describe("a new device", () => {
  it.each(NEW_KINDS)("%s is one that libvirt takes", (kind) => {
    for (const [type, host] of [
      ["test", "TEST"],
      ["qemu", "QEMU"],
    ] as const) {
      const definition = domain(type);
      const device = newDevice(kind, { definition, network: "default" });
      const problem = definitionProblem(() => withAdded(definition, device), host);
      expect(problem?.message).toBeUndefined();
    }
  });

  it("has a free name, and a source or none", () => {
    const definition = domain("qemu");
    const context = { definition, network: undefined };
    expect(newDevice("disk", context).children).toHaveLength(2);
    expect(readDevice(newDevice("cdrom", context))).toMatchObject({ bus: "scsi", readonly: "yes" });
    expect(readDevice(newDevice("interface", context))).toMatchObject({ type: "user" });
  });

  it("is offered where the machine has it", () => {
    const kinds = kindsFor({ definition: domain("qemu"), network: "default" });
    expect(kinds).toContain("rng");
    expect(kinds).toContain("input");
    expect(kinds).not.toContain("watchdog");
    expect(kindsFor({ definition: domain("test"), network: "default" })).toEqual(NEW_KINDS);
  });
});

describe("a definition's problem", () => {
  it("is told in libvirt's words", () => {
    const definition = domain("test");
    const bad = parseXml("<interface type='network'/>", "device_definition");
    expect(definitionProblem(() => withAdded(definition, bad), "TEST")?.message).toContain(
      "No <source> 'network' attribute specified",
    );
    const malformed = () => parseXml("<domain>\n<a>", "domain_definition");
    expect(definitionProblem(malformed, "TEST")?.message).toMatch(/\(domain_definition\):\d+:/);
  });
});
