import { describe, expect, it } from "vitest";
import { parseXml } from "../parse.ts";
import { nameOf, stringValue } from "./nodes.ts";
import { selectNodes } from "./select.ts";

const DOCUMENT = parseXml(
  `<domain type='test'>
    <name>a</name>
    <vcpu current='1'>4</vcpu>
    <devices>
      <disk device='disk'><target dev='vda' bus='virtio'/></disk>
      <disk device='cdrom'><target dev='sda'/></disk>
      <interface><mac address='52:54:00:00:00:01'/><target dev='net0'/></interface>
    </devices>
  </domain>`,
  "d",
);

function found(expression: string): string[] {
  const nodes = selectNodes(DOCUMENT, expression);
  if (nodes === null || "mistake" in nodes) throw new Error(JSON.stringify(nodes));
  return nodes.map((node) =>
    node.kind === "element"
      ? nameOf(node) + (node.attributes[0] ? `=${node.attributes[0].value}` : "")
      : stringValue(node),
  );
}

describe("XPath", () => {
  it.each([
    ["name", ["name"]],
    ["/domain/name/text()", ["a"]],
    ["//disk/target/@dev", ["vda", "sda"]],
    ["//disk[2]", ["disk=cdrom"]],
    ["//disk[last()]", ["disk=cdrom"]],
    ["//disk[@device='disk']/target", ["target=vda"]],
    ["//target[starts-with(@dev, 'v')]/..", ["disk=disk"]],
    ["//mac | //name", ["name", "mac=52:54:00:00:00:01"]],
    ["//disk[1]/following-sibling::*[1]", ["disk=cdrom"]],
    ["//interface/preceding-sibling::disk[1]", ["disk=cdrom"]],
    ["//target/ancestor::disk", ["disk=disk", "disk=cdrom"]],
    ["//*[local-name() = 'mac' and not(@x)]", ["mac=52:54:00:00:00:01"]],
    ["vcpu[. > 3][@current < 2]", ["vcpu=1"]],
    ["(//disk)[position() mod 2 = 0]", ["disk=cdrom"]],
    ["//devices/*[count(*) = 2]", ["interface"]],
    ["//@*[name() = 'bus']", ["virtio"]],
    ["//mac/following::target", ["target=net0"]],
    ["//nothing", []],
    ["devices/disk[contains(concat(@device, '-x'), 'rom-')]", ["disk=cdrom"]],
    ["//target[string-length(@dev) = 2 + 2]", ["target=net0"]],
  ])("%s selects", (expression, expected) => {
    expect(found(expression)).toEqual(expected);
  });

  it("tells numbers and texts from nodes", () => {
    for (const each of ["count(//disk)", "1 + 1", "'a'", "string(//name)", "//disk = 1"]) {
      expect(selectNodes(DOCUMENT, each)).toBeNull();
    }
  });

  it("tells mistakes in the words of libvirt's library", () => {
    const mistakes: [string, string][] = [
      ["//[", "XPath error : Invalid expression\n//[\n  ^\n"],
      ["$x", "XPath error : Undefined variable\n"],
      ["nofunc()", "XPath error : Unregistered function\n"],
      ["//foo:bar", "XPath error : Undefined namespace prefix\n"],
      ["count()", "XPath error : Invalid number of arguments\n"],
    ];
    for (const [expression, mistake] of mistakes) {
      expect(selectNodes(DOCUMENT, expression)).toEqual({ mistake });
    }
  });
});
