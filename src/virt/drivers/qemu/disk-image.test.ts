import { beforeEach, describe, expect, it } from "vitest";
import { utf8Bytes } from "../../../util/bytes.ts";
import type { Calls } from "../../driver/driver.ts";
import type { DomainRef } from "../../driver/refs.ts";
import type { StoragePool, StorageVolume } from "../../storage/pool.ts";
import { openQemuHost } from "./driver.ts";
import { FakePorts } from "./testing/fake-ports.ts";

const UUID = "11111111-2222-3333-4444-555555555555";
const LOCK = `<encryption format='luks'><secret type='passphrase' usage='/d.img'/></encryption>`;

let ports: FakePorts;
let calls: Calls;

beforeEach(async () => {
  ports = new FakePorts();
  calls = (await openQemuHost(ports, () => {})).connection() as Calls;
});

const define = (disk: string): Promise<DomainRef> =>
  calls.domainDefineXMLFlags(
    `<domain type='qemu'><name>a</name><uuid>${UUID}</uuid><memory unit='MiB'>128</memory>
     <os><type arch='riscv64' machine='virt'>hvm</type></os><devices>${disk}</devices></domain>`,
    0,
  );
const start = async (disk: string): Promise<DomainRef> =>
  calls.domainCreateWithFlags(await define(disk), 0);
const driveOf = () => ports.machines.at(-1)?.config.drives?.[0];
const target = `<target dev='sda' bus='scsi'/>`;

function addPool(name: string, state: StoragePool["state"], ...volumes: Partial<StorageVolume>[]) {
  const definition = { name, type: "dir", uuid: UUID } as StoragePool["definition"];
  ports.pools.set(name, { definition, state, volumes } as unknown as StoragePool);
}

describe("a disk's image", () => {
  it("of a web server is found by protocol, host, port, path and query", async () => {
    await start(`<disk type='network' device='cdrom'><driver name='qemu' type='raw'/>
      <source protocol='https' name='iso/a b.iso' query='x=1'><host name='h' port='8443'/></source>
      ${target}</disk>`);
    expect(driveOf()?.image).toEqual({
      kind: "options",
      options: { driver: "raw", file: { driver: "https", url: "https://h:8443/iso/a b.iso?x=1" } },
    });
  });

  it.each([
    [
      `<disk type='dir'><driver type='raw'/><source dir='/d'/>${target}</disk>`,
      "storage type 'dir' requires use of storage format 'fat'",
    ],
    [
      `<disk type='dir'><driver type='fat'/><source dir='/d'/>${target}</disk>`,
      "virtual FAT storage can't be accessed in read-write mode",
    ],
    [
      `<disk type='dir'><driver type='fat'/><source dir='/d'/>${target}<readonly/></disk>`,
      "disk type 'dir' is not supported by this machine",
    ],
    [
      `<disk type='file'><driver type='iso'/><source file='/d'/>${target}</disk>`,
      "storage format 'iso' is not directly supported by QEMU, use 'raw' instead",
    ],
  ])("is refused: %s", async (disk, words) => {
    await expect(start(disk)).rejects.toThrow(`unsupported configuration: ${words}`);
  });
});

describe("a volume as a disk", () => {
  const disk = `<disk type='volume'><source pool='p' volume='v.qcow2'/>${target}</disk>`;

  it("is what its pool says, and in use while the domain runs", async () => {
    addPool("p", "running", { name: "v.qcow2", path: "/p/v.qcow2", format: "qcow2", type: "file" });
    const domain = await start(disk);
    expect(driveOf()?.image).toEqual({ kind: "file", filename: "/p/v.qcow2", format: "qcow2" });
    expect(await calls.domainGetXMLDesc(domain, 0)).toContain("pool='p' volume='v.qcow2'");
    expect(ports.usersOf("/p/v.qcow2")).toEqual(["a"]);
    const [record] = await calls.connectGetAllDomainStats([], 32, 0);
    expect(record?.params).toContainEqual({
      field: "block.0.path",
      type: "string",
      value: "/p/v.qcow2",
    });
    await calls.domainDestroyFlags(domain, 0);
    expect(ports.usersOf("/p/v.qcow2")).toEqual([]);
  });

  it("can be on a web server", async () => {
    const path = "https://h/v.qcow2";
    addPool("p", "running", { name: "v.qcow2", path, format: "qcow2", type: "network" });
    await start(disk);
    expect(driveOf()?.image).toEqual({
      kind: "options",
      options: { driver: "qcow2", file: { driver: "https", url: path } },
    });
  });

  it("is refused in libvirt's words where it cannot be had", async () => {
    await expect(start(disk)).rejects.toThrow("no storage pool with matching name 'p'");
    addPool("p", "inactive");
    await expect(start(disk)).rejects.toThrow(
      "storage pool 'p' containing volume 'v.qcow2' is not active",
    );
    addPool("p", "running");
    await expect(start(disk)).rejects.toThrow("no storage vol with matching name 'v.qcow2'");
    addPool("p", "running", { name: "v.qcow2", path: "/dev/g/v", format: "raw", type: "block" });
    await expect(start(disk)).rejects.toThrow(
      "using 'dir' pools for backing 'volume' disks isn't yet supported",
    );
  });
});

describe("an encrypted disk", () => {
  const disk = (format: string, more: string): string =>
    `<disk type='file'><driver type='${format}'/><source file='/d.img'>${more}</source>${target}</disk>`;
  const SECRET = `<secret private='yes'><uuid>${UUID}</uuid>
    <usage type='volume'><volume>/d.img</volume></usage></secret>`;

  it("is unlocked by the value of its secret", async () => {
    const secret = await calls.secretDefineXML(SECRET, 0);
    await calls.secretSetValue(secret, utf8Bytes("open"), 0);
    const domain = await start(disk("raw", LOCK));
    const id = "sda-luks-secret0";
    expect(driveOf()?.image).toMatchObject({ format: "luks", options: { "key-secret": id } });
    expect(ports.machines[0]?.config.secrets).toEqual([{ id, bytes: utf8Bytes("open") }]);
    await calls.domainDestroyFlags(domain, 0);
    await start(disk("qcow2", LOCK.replace("usage='/d.img'", `uuid='${UUID}'`)));
    expect(driveOf()?.image).toMatchObject({
      format: "qcow2",
      options: { encrypt: { format: "luks", "key-secret": id } },
    });
  });

  it("is refused where there is no secret, or no value", async () => {
    await expect(start(disk("raw", LOCK))).rejects.toThrow(
      "Secret not found: no secret with matching usage '/d.img'",
    );
    await calls.secretDefineXML(SECRET, 0);
    await expect(start(disk("raw", LOCK))).rejects.toThrow(
      `secret '${UUID}' does not have a value`,
    );
    await expect(start(disk("qcow2", LOCK.replace("luks", "qcow")))).rejects.toThrow(
      "encryption of format 'qcow' is not supported for this disk",
    );
  });
});
