import { beforeEach, describe, expect, it } from "vitest";
import { vmError } from "../../protocol/vm-error.ts";
import { utf8Bytes } from "../../util/bytes.ts";
import { type Connect, openConnect } from "../driver/connect.ts";
import { testDriver } from "../drivers/test/driver.ts";
import { fakePorts } from "../drivers/test/fake-ports.ts";
import { deleteDomain, storageOf } from "./deletion.ts";
import { lookAtDomain } from "./look.ts";
import type { ManagedDomain } from "./objects.ts";

const domain = (name: string, disks: string): string =>
  `<domain type='test' xmlns:t='http://libvirt.org/schemas/domain/test/1.0'><name>${name}</name>
  <memory>1024</memory><os><type>hvm</type></os><devices>${disks}</devices></domain>`;

const NODE = `<node>
  ${domain(
    "web",
    `<disk type='file'><source file='/images/web.img'/><target dev='vda'/></disk>
     <disk type='volume'><source pool='images' volume='data'/><target dev='vdb'/></disk>
     <disk type='file'><source file='/elsewhere/a'/><target dev='vdc'/><shareable/></disk>
     <disk type='file' device='cdrom'><source file='/images/cd'/><target dev='hdc'/><readonly/></disk>
     <disk type='file' device='cdrom'><target dev='hdd'/></disk>`,
  )}
  ${domain("other", "<disk type='file'><source file='/images/data'/><target dev='vda'/></disk>")}
  <pool type='dir'><name>images</name><target><path>/images</path></target>
    <volume><name>web.img</name><capacity>1000</capacity></volume>
    <volume><name>data</name><capacity>2000</capacity></volume>
    <volume><name>cd</name><capacity>10</capacity></volume></pool></node>`;

let connect: Connect;

beforeEach(async () => {
  const driver = testDriver({ ...fakePorts(), readFile: async () => utf8Bytes(NODE) });
  connect = await openConnect("test:///node.xml", [driver]);
});

async function named(name: string): Promise<ManagedDomain> {
  return lookAtDomain(connect, (await connect.domainLookupByName(name)).uuid);
}

const names = async (): Promise<string[]> =>
  (await connect.connectListAllDomains(0)).map(({ name }) => name);

describe("a machine's storage", () => {
  it("is told with what speaks against its deletion", async () => {
    const found = await storageOf(connect, await named("web"), [await named("other")]);
    expect(
      found.map(({ target, path, volume, capacity, cautions, users }) => [
        target,
        path,
        volume?.name ?? null,
        capacity,
        cautions,
        users,
      ]),
    ).toEqual([
      ["vda", "/images/web.img", "web.img", 1000, [], []],
      ["vdb", "/images/data", "data", 2000, ["inUse"], ["other"]],
      ["vdc", "/elsewhere/a", null, 0, ["shareable"], []],
      ["hdc", "/images/cd", "cd", 10, ["readOnly", "media"], []],
    ]);
    const alone = await storageOf(connect, await named("web"), []);
    expect(alone[1]?.cautions).toEqual([]);
  });
});

describe("deleting", () => {
  it("forces off what runs, forgets it, and deletes the volumes", async () => {
    const web = await named("web");
    const [first] = await storageOf(connect, web, []);
    if (!first?.volume) throw new Error("vda is no volume");
    await deleteDomain(connect, web, [first.volume]);
    expect(await names()).toEqual(["other"]);
    await expect(connect.storageVolLookupByPath(first.path)).rejects.toThrow("no storage vol");
  });

  it("tells of all volumes that could not be deleted", async () => {
    const web = await named("web");
    const failing = new Proxy(connect, {
      get: (target, property) =>
        property === "storageVolDelete"
          ? (volume: { name: string }) =>
              Promise.reject(vmError("operationFailed", `${volume.name} is busy`))
          : Reflect.get(target, property),
    });
    const volumes = (await storageOf(connect, web, [])).flatMap(({ volume }) => volume ?? []);
    await expect(deleteDomain(failing, web, volumes)).rejects.toThrow(
      /web\.img is busy\n.*data is busy\n.*cd is busy/,
    );
    expect(await names()).toEqual(["other"]);
  });
});
