import { beforeEach, describe, expect, it } from "vitest";
import { type Connect, openConnect } from "../../driver/connect.ts";
import { DomainState } from "../../driver/domain-flags.ts";
import type { Event } from "../../driver/events.ts";
import { testDriver } from "./driver.ts";
import { fakePorts } from "./fake-ports.ts";
import {
  ConnectListAllStoragePoolsFlags as List,
  POOL_TYPE_FLAGS,
} from "../../driver/storage-flags.ts";

const DOMAIN =
  "<domain type='test'><name>a</name><memory>1024</memory><os><type>hvm</type></os></domain>";

let connect: Connect;
beforeEach(async () => {
  connect = await openConnect("test:///default", [testDriver(fakePorts())]);
});

describe("test:///FILE", () => {
  it("gives devices what they hang on", async () => {
    const domain = await connect.domainDefineXMLFlags(
      DOMAIN.replace(
        "</domain>",
        "<devices><disk><target dev='sdh'/></disk><disk><target dev='hdd'/></disk>" +
          "<channel type='pty'><target type='virtio' name='x'/></channel></devices></domain>",
      ),
      0,
    );
    const xml = await connect.domainGetXMLDesc(domain, 0);
    expect(xml).toContain("<address type='drive' controller='1' bus='0' target='0' unit='0'/>");
    expect(xml).toContain("<address type='drive' controller='0' bus='1' target='0' unit='1'/>");
    const found = [...xml.matchAll(/<controller type='([a-z-]+)' index='(\d)'\/>/g)];
    expect(found.map(([, type, index]) => `${type} ${index}`)).toEqual([
      "scsi 0",
      "scsi 1",
      "ide 0",
      "virtio-serial 0",
    ]);
  });

  it("gives graphics a display, and forgets what only the file has", async () => {
    const domain =
      "<domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>" +
      "<name>a</name><memory>1024</memory><os><type>hvm</type></os>" +
      "<devices><graphics type='vnc'/></devices><test:runstate>5</test:runstate></domain>";
    const readFile = async (): Promise<Uint8Array> =>
      new TextEncoder().encode(`<node>${domain}</node>`);
    const own = await openConnect("test:///node.xml", [testDriver({ ...fakePorts(), readFile })]);
    const xml = await own.domainGetXMLDesc(await own.domainLookupByName("a"), 0);
    expect(xml).toContain("<domain type='test'>");
    expect(xml).not.toContain("runstate");
    expect(xml).toContain("<model type='cirrus' vram='16384' heads='1' primary='yes'/>");
  });
});

describe("test:///FILE with a host", () => {
  const open = (node: string): Promise<Connect> =>
    openConnect("test:///node.xml", [
      testDriver({ ...fakePorts(), readFile: async () => new TextEncoder().encode(node) }),
    ]);

  it("takes the host's size from the file, and no more CPUs than there is room for", async () => {
    const cpu = "<nodes>3</nodes><active>50</active><mhz>6000</mhz><model>i986</model>";
    const own = await open(`<node><cpu>${cpu}</cpu><memory>8192</memory></node>`);
    expect(await own.nodeGetInfo()).toEqual({
      ...{ model: "i986", memoryKib: 8192, cpus: 24, mhz: 6000 },
      ...{ nodes: 3, sockets: 2, cores: 2, threads: 2 },
    });
    await expect(open("<node><cpu><mhz>fast</mhz></cpu></node>")).rejects.toThrow(
      "invalid node cpu mhz value",
    );
  });

  it("tells what taints a domain, and has its I/O threads", async () => {
    const own = await open(
      "<node><domain type='test'><name>a</name><memory>1024</memory><vcpu>3</vcpu>" +
        "<iothreads>1</iothreads><iothreadids><iothread id='4'/></iothreadids>" +
        "<cpu mode='custom'><model>Deprecated-Test</model></cpu><os><type>hvm</type></os>" +
        "<devices><disk type='block' device='cdrom'><source dev='/dev/sr0'/><target dev='hdc'/>" +
        "</disk></devices></domain></node>",
    );
    const domain = await own.domainLookupByName("a");
    expect(await own.domainGetMessages(domain, 0)).toEqual([
      "tainted: use of host cdrom passthrough",
      "tainted: use of deprecated configuration settings",
      "deprecated configuration: CPU model Deprecated-Test",
    ]);
    expect(await own.domainGetMessages(domain, 1)).toHaveLength(1);
    expect(await own.domainGetIOThreadInfo(domain, 0)).toEqual([
      { id: 4, affinity: [true, true, true] },
    ]);
    const [stats] = await own.connectGetAllDomainStats([domain], 0, 0);
    expect(stats?.params).toContainEqual({
      ...{ field: "iothread.4.poll-max-ns", type: "ullong", value: 32768n },
    });
    expect(stats?.params).toContainEqual({ field: "state.reason", type: "int", value: 0 });
  });
});

describe("test:///default", () => {
  it("has libvirt's first objects", async () => {
    const [domain, ...others] = await connect.connectListAllDomains(0);
    expect(others).toEqual([]);
    expect(domain).toEqual({ name: "test", uuid: "6695eb01-f6a4-8304-79aa-97f2502e193f", id: 1 });
    const found = await connect.domainLookupByName("test");
    expect(await connect.domainGetInfo(found)).toMatchObject({
      state: 1,
      maxMemKib: 8388608,
      vcpus: 2,
    });
    expect((await connect.connectListAllNetworks(0)).map(({ name }) => name)).toEqual(["default"]);
    expect((await connect.connectListAllStoragePools(0)).map(({ name }) => name)).toEqual([
      "default-pool",
    ]);
    expect(await connect.domainGetXMLDesc(found, 0)).toContain("<domain type='test' id='1'>");
  });

  it("lists pools of the types that are asked for, also those that it never has", async () => {
    const listed = async (flags: number): Promise<readonly string[]> =>
      (await connect.connectListAllStoragePools(flags)).map(({ name }) => name);
    expect(await listed(List.dir | List.sheepdog)).toEqual(["default-pool"]);
    for (const [type, flag] of Object.entries(POOL_TYPE_FLAGS)) {
      expect([type, await listed(flag)]).toEqual([type, type === "dir" ? ["default-pool"] : []]);
    }
  });

  it("keeps its objects to one connection", async () => {
    const other = await openConnect("test:///default", [testDriver(fakePorts())]);
    await connect.domainDestroyFlags(await connect.domainLookupByName("test"), 0);
    expect((await other.domainLookupByName("test")).id).toBe(1);
  });

  it("takes a domain through its life, and tells it", async () => {
    const events: string[] = [];
    await connect.connectEvents((event: Event) => {
      if (event.of === "domain" && event.event.kind === "lifecycle")
        events.push(`${event.event.event}.${event.event.detail}`);
    });
    const domain = await connect.domainDefineXMLFlags(DOMAIN, 0);
    expect(domain.id).toBe(-1);
    const running = await connect.domainCreateWithFlags(domain, 0);
    expect(running.id).toBe(2);
    await connect.domainSuspend(domain);
    expect(await connect.domainGetState(domain, 0)).toEqual({
      state: DomainState.paused,
      reason: 1,
    });
    await expect(connect.domainSuspend(domain)).rejects.toThrow("domain 'a' not running");
    await connect.domainResume(domain);
    await connect.domainDestroyFlags(domain, 0);
    await expect(connect.domainDestroyFlags(domain, 0)).rejects.toMatchObject({ code: 55 });
    await connect.domainUndefineFlags(domain, 0);
    await expect(connect.domainLookupByName("a")).rejects.toMatchObject({ code: 42 });
    expect(events).toEqual(["0.0", "2.0", "3.0", "4.0", "5.1", "1.0"]);
  });

  it("forgets transient domains when they end", async () => {
    const domain = await connect.domainCreateXML(DOMAIN, 0);
    expect(await connect.domainIsPersistent(domain)).toBe(false);
    await connect.domainDestroyFlags(domain, 0);
    await expect(connect.domainGetInfo(domain)).rejects.toMatchObject({ code: 42 });
  });

  it("saves and restores", async () => {
    const domain = await connect.domainLookupByName("test");
    await connect.domainSaveFlags(domain, "/s", null, 0);
    expect((await connect.domainGetState(domain, 0)).state).toBe(DomainState.shutoff);
    expect(await connect.domainSaveImageGetXMLDesc("/s", 0)).toContain("<name>test</name>");
    await connect.domainRestoreFlags("/s", null, 0);
    expect((await connect.domainLookupByName("test")).id).toBe(2);
    await expect(connect.domainRestoreFlags("/none", null, 0)).rejects.toThrow(
      "incomplete save header",
    );
  });

  it("keeps a tree of snapshots", async () => {
    const domain = await connect.domainLookupByName("test");
    const make = (name: string) =>
      connect.domainSnapshotCreateXML(
        domain,
        `<domainsnapshot><name>${name}</name></domainsnapshot>`,
        0,
      );
    const first = await make("s1");
    const second = await make("s2");
    await expect(make("s1")).rejects.toThrow("domain moment s1 already exists");
    expect((await connect.domainSnapshotGetParent(second, 0)).name).toBe("s1");
    await connect.domainRevertToSnapshot(first, 0);
    expect(await connect.domainGetState(domain, 0)).toEqual({
      state: DomainState.running,
      reason: 4,
    });
    await connect.domainDestroyFlags(domain, 0);
    await expect(connect.domainUndefineFlags(domain, 0)).rejects.toThrow(
      "cannot delete inactive domain with 2 snapshots",
    );
    await connect.domainSnapshotDelete(first, 0);
    expect((await connect.domainListAllSnapshots(domain, 1)).map(({ name }) => name)).toEqual([
      "s2",
    ]);
  });

  it("counts what volumes take of a pool", async () => {
    const pool = await connect.storagePoolLookupByName("default-pool");
    const xml = "<volume><name>v</name><capacity unit='G'>1</capacity></volume>";
    const vol = await connect.storageVolCreateXML(pool, xml, 0);
    expect(vol.key).toBe("/default-pool/v");
    expect((await connect.storagePoolGetInfo(pool)).allocation).toBe(2n ** 30n);
    await expect(connect.storageVolCreateXML(pool, xml, 0)).rejects.toThrow(
      "storage vol already exists",
    );
    await expect(
      connect.storageVolCreateXML(pool, xml.replace("v<", "w<").replace(">1<", ">200<"), 0),
    ).rejects.toThrow("Not enough free space in pool for volume 'w'");
    await connect.storageVolDelete(vol, 0);
    expect((await connect.storagePoolGetInfo(pool)).allocation).toBe(0n);
  });

  it("says by libvirt's name what it does not support", async () => {
    const domain = await connect.domainLookupByName("test");
    await expect(connect.domainBlockResize(domain, "vda", 1n, 0)).rejects.toThrow(
      "this function is not supported by the connection driver: virDomainBlockResize",
    );
  });
});
