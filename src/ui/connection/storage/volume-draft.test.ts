import { describe, expect, it } from "vitest";
import { formatXml } from "../../../virt/xml/format.ts";
import {
  type VolumeDraft,
  type VolumePlace,
  volumeDefinition,
  volumeProblems,
} from "./volume-draft.ts";

const DRAFT: VolumeDraft = {
  name: "disk.qcow2",
  format: "qcow2",
  size: { text: "8", unit: 1 },
  allocates: false,
  backing: null,
};

const PLACE: VolumePlace = {
  poolType: "dir",
  targetPath: "/pools/p",
  availableBytes: 2 ** 40,
  names: ["taken.img"],
};

const xmlOf = (change: Partial<VolumeDraft>, poolType = "dir"): string =>
  formatXml(volumeDefinition({ ...DRAFT, ...change }, poolType));

describe("a new volume's definition", () => {
  it("is libvirt's XML, with the backing store that was chosen", () => {
    const backing = { path: "https://host/a&b.img", format: "raw" };
    expect(xmlOf({ backing })).toBe(`<volume>
  <name>disk.qcow2</name>
  <capacity unit='bytes'>8589934592</capacity>
  <allocation unit='bytes'>0</allocation>
  <target>
    <format type='qcow2'/>
    <compat>1.1</compat>
  </target>
  <backingStore>
    <path>https://host/a&amp;b.img</path>
    <format type='raw'/>
  </backingStore>
</volume>
`);
  });

  it("takes all of a raw volume's space by leaving out the allocation", () => {
    expect(xmlOf({ format: "raw", allocates: true })).not.toContain("allocation");
    expect(xmlOf({ format: "raw" })).toContain("<allocation unit='bytes'>0</allocation>");
  });

  it("gives raw images nothing to stand on, and volumes of a group no format", () => {
    const backing = { path: "/dev/g/a", format: "raw" };
    expect(xmlOf({ format: "raw", backing })).not.toContain("backingStore");
    const snapshot = xmlOf({ format: "raw", backing }, "logical");
    expect(snapshot).toContain("<path>/dev/g/a</path>");
    expect(snapshot).not.toContain("format");
  });
});

describe("what libvirt says of a new volume", () => {
  const problems = (change: Partial<VolumeDraft>, place: Partial<VolumePlace> = {}) =>
    volumeProblems({ ...DRAFT, ...change }, { ...PLACE, ...place });

  it("is nothing where all is well", () => {
    expect(problems({})).toEqual({});
    expect(problems({ size: { text: "0.5", unit: 0 } })).toEqual({});
  });

  it.each<[string, Partial<VolumeDraft>, object]>([
    ["no name", { name: "" }, { name: "XML error: missing volume name element." }],
    ["a slash", { name: "a/b" }, { name: expect.stringContaining("cannot contain '/'") }],
    ["a name twice", { name: "taken.img" }, { name: expect.stringContaining("exists already") }],
    [
      "no number",
      { size: { text: "lots", unit: 1 } },
      { size: "XML error: Invalid value 'lots' for element or attribute './capacity'." },
    ],
    [
      "no size",
      { size: { text: "", unit: 1 } },
      { size: expect.stringContaining("Invalid value") },
    ],
    [
      "a relative path below",
      { backing: { path: "base.img", format: "raw" } },
      { backing: expect.stringContaining("inaccessible backing store volume base.img") },
    ],
    [
      "an unknown format below",
      { backing: { path: "/base.img", format: "zip" } },
      { backing: "unsupported configuration: unknown volume format type zip." },
    ],
  ])("with %s is its own sentence", (_, change, expected) => {
    expect(problems(change)).toEqual(expected);
  });

  it("counts the pool's space for what is taken at once only", () => {
    const place = { availableBytes: 2 ** 30 };
    expect(problems({ format: "raw", allocates: true }, place)).toEqual({
      size: "internal error: Not enough free space in pool for volume 'disk.qcow2'.",
    });
    expect(problems({ format: "raw" }, place)).toEqual({});
  });
});
