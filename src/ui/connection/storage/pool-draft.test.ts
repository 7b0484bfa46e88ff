import { describe, expect, it } from "vitest";
import { formatXml } from "../../../virt/xml/format.ts";
import { poolDefinition, type PoolDraft, poolProblems } from "./pool-draft.ts";

const DRAFT: PoolDraft = {
  name: "isos",
  type: "dir",
  path: "/srv/isos",
  size: { text: "2", unit: 1 },
  addresses: "https://host/a.qcow2\n https://host/b.img \n",
};

const xmlOf = (change: Partial<PoolDraft>): string =>
  formatXml(poolDefinition({ ...DRAFT, ...change }));

describe("a new pool's definition", () => {
  it("is a directory", () => {
    expect(xmlOf({})).toBe(`<pool type='dir'>
  <name>isos</name>
  <target>
    <path>/srv/isos</path>
  </target>
</pool>
`);
  });

  it("is a volume group in a file of the size that is wanted", () => {
    const xml = xmlOf({ type: "logical", name: "vg0" });
    expect(xml).toContain("<capacity unit='bytes'>2147483648</capacity>");
    expect(xml).toContain("<device path='/var/lib/tabvisor/volume-groups/vg0.pv'/>");
    expect(xml).toContain("<path>/dev/vg0</path>");
  });

  it("is images of the web one by one, or a list of them", () => {
    expect(xmlOf({ type: "http" })).toContain("<device path='https://host/b.img'/>");
    const list = xmlOf({ type: "http", addresses: "https://host/images/" });
    expect(list).toContain("<name>https://host/images/</name>");
    expect(list).not.toContain("device");
  });
});

describe("what libvirt says of a new pool", () => {
  const problems = (change: Partial<PoolDraft>) => poolProblems({ ...DRAFT, ...change });

  it.each(["dir", "logical", "http"] as const)("is nothing of a good one (%s)", (type) => {
    expect(problems({ type })).toEqual({});
  });

  it.each<[Partial<PoolDraft>, object]>([
    [{ name: " " }, { name: "XML error: missing pool source name element." }],
    [{ name: "a/b" }, { name: "XML error: name a/b cannot contain '/'." }],
    [{ path: "" }, { place: "XML error: missing storage pool target path." }],
    [{ path: "isos" }, { place: "cannot open directory 'isos': No such file or directory." }],
    [
      { type: "logical", size: { text: "big", unit: 1 } },
      { place: expect.stringContaining("Invalid value 'big'") },
    ],
    [{ type: "http", addresses: "" }, { place: "XML error: missing storage pool source address." }],
    [
      { type: "http", addresses: "ftp://host/a.img" },
      { place: "XML error: malformed storage pool source address ftp://host/a.img." },
    ],
  ])("with %j is %j", (change, expected) => {
    expect(problems(change)).toEqual(expected);
  });
});
