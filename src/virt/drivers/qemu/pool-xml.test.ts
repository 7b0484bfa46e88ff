import { describe, expect, it } from "vitest";
import { inactivePool } from "../../storage/pool.ts";
import { formatXml } from "../../xml/format.ts";
import { poolDefinition, poolXml, volumeRequest, volumeXml } from "./pool-xml.ts";

const UUID = "11111111-2222-3333-4444-555555555555";
const context = { newUuid: () => UUID };

describe("pools", () => {
  it.each([
    [
      "a directory",
      "<pool type='dir'><name>d</name><target><path>/d/</path></target></pool>",
      { type: "dir", name: "d", targetPath: "/d", source: {} },
    ],
    [
      "a volume group",
      "<pool type='logical'><name>g</name><source><device path='/pv'/><name>vg</name></source></pool>",
      { type: "logical", targetPath: "/dev/vg", source: { name: "vg", devices: ["/pv"] } },
    ],
    [
      "images of the web",
      "<pool type='http'><name>w</name><source><device path='https://h/a.img'/></source></pool>",
      { type: "http", targetPath: "", source: { urls: ["https://h/a.img"] } },
    ],
    [
      "a list on the web",
      "<pool type='http'><name>w</name><source><name>https://h/images/</name></source></pool>",
      { type: "http", source: { url: "https://h/images/", urls: [] } },
    ],
  ])("of %s keep what they say, through XML and back", (_what, xml, expected) => {
    const definition = poolDefinition(xml, context, false);
    expect(definition).toMatchObject({ uuid: UUID, ...expected });
    const again = formatXml(poolXml(inactivePool(definition, true)));
    expect(poolDefinition(again, context, false)).toEqual(definition);
  });

  it("of a volume group may say how long its new file is to be", () => {
    const xml =
      "<pool type='logical'><name>g</name><capacity unit='MiB'>64</capacity><source><device path='/pv'/></source></pool>";
    expect(poolDefinition(xml, context, false).source.deviceBytes).toBe(64 * 2 ** 20);
  });

  it("of types that we do not have are refused", () => {
    const xml = "<pool type='mpath'><name>m</name></pool>";
    expect(() => poolDefinition(xml, context, false)).toThrow(
      "internal error: missing backend for pool type mpath",
    );
  });
});

it("volumes ask for what their XML says, and say what they are", () => {
  const definition = poolDefinition(
    "<pool type='dir'><name>d</name><target><path>/d</path></target></pool>",
    context,
    false,
  );
  const request = volumeRequest(
    `<volume><name>v</name><capacity unit='MiB'>8</capacity><allocation>0</allocation>
     <target><format type='qcow2'/><compat>1.1</compat><features><lazy_refcounts/></features></target>
     <backingStore><path>/base</path><format type='raw'/></backingStore></volume>`,
    inactivePool(definition, true),
  );
  expect(request).toEqual({
    name: "v",
    capacityBytes: 8 * 2 ** 20,
    allocationBytes: 0,
    format: "qcow2",
    compat: "1.1",
    lazyRefcounts: true,
    backing: { path: "/base", format: "raw" },
  });
  const { name, capacityBytes, backing } = request;
  const xml = formatXml(
    volumeXml({
      name,
      capacityBytes,
      key: "/d/v",
      path: "/d/v",
      type: "file",
      allocationBytes: 4096,
      physicalBytes: 8192,
      format: "qcow2",
      lazyRefcounts: true,
      modifiedMs: 0,
      ...(backing && { backing }),
    }),
  );
  expect(xml).toContain("<capacity unit='bytes'>8388608</capacity>");
  expect(xml).toContain("<lazy_refcounts/>");
  expect(xml).toContain("<path>/base</path>");
});
