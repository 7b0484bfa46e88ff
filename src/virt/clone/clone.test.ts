import { beforeEach, describe, expect, it } from "vitest";
import { vmError } from "../../protocol/vm-error.ts";
import { utf8Bytes } from "../../util/bytes.ts";
import { type Connect, openConnect } from "../driver/connect.ts";
import { testDriver } from "../drivers/test/driver.ts";
import { fakePorts } from "../drivers/test/fake-ports.ts";
import type { VolumeJob } from "../driver/tabvisor-calls.ts";
import { cloneDomain, type DiskWish } from "./clone.ts";
import { disksToClone } from "./disks.ts";
import { cloneName, clonePaths } from "./names.ts";
import { parseXml } from "../xml/parse.ts";

const NODE = `<node>
  <domain type='test' xmlns:t='http://libvirt.org/schemas/domain/test/1.0'>
    <name>web</name><uuid>00000000-0000-0000-0000-0000000000aa</uuid><title>Web</title>
    <memory>1024</memory><os><type>hvm</type></os>
    <devices>
      <disk type='file' device='disk'><source file='/images/web.img'/><target dev='vda'/></disk>
      <disk type='volume' device='disk'><source pool='images' volume='data'/><target dev='vdb'/></disk>
      <disk type='file' device='disk'><source file='/elsewhere/a'/><target dev='vdc'/></disk>
      <disk type='file' device='disk'><source file='/images/ro'/><target dev='vdd'/><readonly/></disk>
      <disk type='file' device='cdrom'><target dev='hdc'/><readonly/></disk>
      <disk type='network' device='disk'><source protocol='nbd' name='x'><host name='h'/></source><target dev='vde'/></disk>
      <disk type='volume' device='disk'><source pool='images' volume='gone'/><target dev='vdf'/><shareable/></disk>
      <interface type='network'><mac address='52:54:00:11:22:33'/><source network='default'/><target dev='tap7'/></interface>
      <graphics type='vnc' port='5901'/>
    </devices><t:runstate>5</t:runstate></domain>
  <network><name>default</name><bridge name='virbr0'/></network>
  <pool type='dir'><name>images</name><target><path>/images</path></target>
    <volume><name>web.img</name><capacity>1000</capacity><target><format type='qcow2'/></target></volume>
    <volume><name>data</name><capacity>2000</capacity></volume>
    <volume><name>ro</name><capacity>10</capacity></volume></pool></node>`;

let connect: Connect;

beforeEach(async () => {
  const driver = testDriver({ ...fakePorts(), readFile: async () => utf8Bytes(NODE) });
  connect = await openConnect("test:///node.xml", [driver]);
});

const web = () => connect.domainLookupByName("web");
const control = { progress: () => {}, signal: new AbortController().signal };

async function looked() {
  const xml = await connect.domainGetXMLDesc(await web(), 2);
  return disksToClone(connect, parseXml(xml, "domain"));
}

/** Clones what can be, under a name with a `2`, and leaves the rest out. */
async function wishes(): Promise<DiskWish[]> {
  return (await looked()).map((disk) =>
    disk.source && disk.shareReason === null
      ? { action: "clone", disk, name: `${disk.source.ref.name}2` }
      : { action: disk.obstacle ? "skip" : "share", disk },
  );
}

const volumes = async () =>
  (await connect.storagePoolListAllVolumes(await connect.storagePoolLookupByName("images"), 0)).map(
    ({ name }) => name,
  );

describe("disks to clone", () => {
  it("are volumes of pools; others say why not, and some are shared unasked", async () => {
    const seen = (await looked()).map(({ target, path, source, shareReason, obstacle }) => [
      target,
      path,
      source?.ref.name ?? null,
      shareReason,
      obstacle,
    ]);
    expect(seen).toEqual([
      ["vda", "/images/web.img", "web.img", null, null],
      ["vdb", "/images/data", "data", null, null],
      ["vdc", "/elsewhere/a", null, null, { kind: "unmanaged" }],
      ["hdc", null, null, "empty", null],
      ["vdd", "/images/ro", "ro", "readOnly", null],
      ["vde", "x", null, null, { kind: "network", protocol: "nbd" }],
      ["vdf", "images/gone", null, "shareable", { kind: "missing" }],
    ]);
  });
});

describe("a clone", () => {
  it("has copies of its own, and nothing that only one machine can have", async () => {
    let steps = "";
    await cloneDomain(
      connect,
      { domain: await web(), name: "web2", disks: await wishes() },
      { ...control, progress: (done, of) => (steps += `${done}/${of} `) },
    );
    expect(steps).toBe("1000/3000 3000/3000 ");
    expect(await volumes()).toEqual(["web.img", "data", "ro", "web.img2", "data2"]);
    const xml = await connect.domainGetXMLDesc(await connect.domainLookupByName("web2"), 2);
    expect(xml).toContain("<source file='/images/web.img2'/>");
    expect(xml).toMatch(/pool='images' volume='data2'/);
    expect(xml).toContain("<source file='/images/ro'/>");
    expect(xml).toContain("52:54:00:00:00:01");
    expect(xml).not.toMatch(/elsewhere|title|tap7|5901|52:54:00:11:22:33|0000000000aa|protocol=/);
    expect(xml).toContain("device='cdrom'");
    const copy = await connect.storageVolLookupByPath("/images/web.img2");
    expect(await connect.storageVolGetXMLDesc(copy, 0)).toContain("<format type='qcow2'/>");
  });

  it("leaves nothing when a copy fails, or it is given up", async () => {
    const disks = await wishes();
    let copies = 0;
    const failing = new Proxy(connect, {
      get: (target, property) =>
        property === "storageVolCreateXMLFrom" && (copies += 1) === 2
          ? () => Promise.reject(vmError("operationFailed", "no room"))
          : Reflect.get(target, property),
    });
    const wish = { domain: await web(), name: "web2", disks };
    await expect(cloneDomain(failing, wish, control)).rejects.toThrow("no room");
    const gaveUp = new AbortController();
    const givingUp = { progress: () => gaveUp.abort(), signal: gaveUp.signal };
    await expect(cloneDomain(connect, wish, givingUp)).rejects.toThrow("aborted");
    expect(await volumes()).toEqual(["web.img", "data", "ro"]);
    expect((await connect.connectListAllDomains(0)).map(({ name }) => name)).toEqual(["web"]);
  });

  it("is given up in the middle of a copy, which is ended, and tells bytes of all copies", async () => {
    const disks = await wishes();
    const abort = new AbortController();
    let tell: (job: VolumeJob) => void = () => {};
    let end: (error: Error) => void = () => {};
    const told: string[] = [];
    const halting: Partial<Connect> = {
      connectVolumeJobs: async (listener) => {
        tell = listener;
        return () => {};
      },
      storageVolAbortJob: async ({ name }) => end(vmError("operationAborted", name)),
      storageVolLookupByName: async ({ name: pool }, name) => ({ pool, name, key: name }),
      storageVolCreateXMLFrom: (pool, xml, from, flags) => {
        if (from.name !== "data") return connect.storageVolCreateXMLFrom(pool, xml, from, flags);
        const copying = new Promise<never>((_, reject) => (end = reject));
        const volume = { pool: pool.name, name: "data2" };
        tell({ volume, doneBytes: 500, totalBytes: 4000 });
        abort.abort();
        return copying;
      },
    };
    const over = new Proxy(connect, {
      get: (target, property) => Reflect.get(halting, property) ?? Reflect.get(target, property),
    });
    const cloning = cloneDomain(
      over,
      { domain: await web(), name: "web2", disks },
      { signal: abort.signal, progress: (done, of) => void told.push(`${done}/${of}`) },
    );
    await expect(cloning).rejects.toThrow("operation aborted: data2");
    expect(told).toEqual(["1000/3000", "1250/3000"]);
    expect(await volumes()).toEqual(["web.img", "data", "ro"]);
    expect((await connect.connectListAllDomains(0)).map(({ name }) => name)).toEqual(["web"]);
  });
});

describe("names of clones", () => {
  it.each([
    ["a", [], "a-clone"],
    ["a", ["a-clone", "a-clone1"], "a-clone2"],
    ["a-clone", [], "a-clone1"],
    ["a-clone3", ["a-clone4"], "a-clone5"],
  ])("%s beside %j gives %s", (original, taken: string[], expected) => {
    expect(cloneName(original, (name) => taken.includes(name))).toBe(expected);
  });

  it.each([
    ["disk.img", ["disk-clone.img", "disk-clone-1.img"]],
    ["/x/a.qcow2", ["/x/b.qcow2", "/x/b-1.qcow2"]],
    ["disk.notanextension", ["disk.notanextension-clone", "disk.notanextension-clone-1"]],
  ])("the disk %s gives %j", (disk, expected) => {
    const paths = clonePaths(disk, { from: "a", to: "b" });
    expect([paths.next().value, paths.next().value]).toEqual(expected);
  });
});
