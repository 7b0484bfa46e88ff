import { describe, expect, it } from "vitest";
import { childElements, find, textOf } from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import { poolCapabilities } from "./pools.ts";

describe("capabilities of pools", () => {
  const found = poolCapabilities(new Set(["dir"]));
  const pool = (type: string) =>
    childElements(found, "pool").find(({ attributes }) => attributes.get("type") === type);

  it("tell which types the driver has", () => {
    expect(childElements(found)).toHaveLength(14);
    expect(pool("dir")?.attributes.get("supported")).toBe("yes");
    expect(pool("logical")?.attributes.get("supported")).toBe("no");
  });

  it("tell the formats of sources and volumes, and the default ones", () => {
    const logical = pool("logical");
    const source = logical && find(logical, "poolOptions");
    expect(source && find(source, "defaultFormat")?.attributes.get("type")).toBe("lvm2");
    const list = source && find(source, "enum");
    expect(list && childElements(list).map(textOf)).toEqual(["unknown", "lvm2"]);
    expect(logical && find(logical, "volOptions")).toBeUndefined();
    const dir = pool("dir");
    const values = dir && find(dir, "volOptions", "enum");
    expect(values && childElements(values).map(textOf)).toContain("qcow2");
    expect(dir && find(dir, "poolOptions")).toBeUndefined();
  });

  it("are written as libvirt writes them, with end tags", () => {
    const text = formatXml(found);
    expect(text).toContain("<pool type='iscsi' supported='no'>\n  </pool>");
    expect(text).toContain("<enum name='targetFormatType'>\n      </enum>");
  });
});
