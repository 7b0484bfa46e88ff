/** Whole installations: machines that the test plays, storage in memory. */
import { beforeEach, describe, expect, test } from "vitest";
import { utf8Bytes, utf8Text } from "../../util/bytes.ts";
import { type Connect, openConnect } from "../../virt/driver/connect.ts";
import { openQemuHost } from "../../virt/drivers/qemu/driver.ts";
import { type FakeMachine, FakePorts } from "../../virt/drivers/qemu/testing/fake-ports.ts";
import type { PoolStore } from "../../virt/storage/ports.ts";
import { openStorage } from "../../virt/storage/storage-driver.ts";
import type { Storage } from "../../virt/storage/storage.ts";
import { memoryStorage } from "../../worker/storage/memory-storage.ts";
import { virtInstall } from "./main.ts";
import { FakeInstallHost } from "./testing/fake-host.ts";

const CAPACITY_BYTES = 4 * 2 ** 30;

/** Files of the machines' host are those of its pools. */
class HostWithStorage extends FakePorts {
  readonly #memory = memoryStorage({
    capacityBytes: CAPACITY_BYTES,
    fetch: async () => {
      throw new Error("no network");
    },
    web: null,
    nowMs: () => 0,
    turn: async () => {},
    entropy: { fill: (target) => void target.fill(1) },
  });

  override openStorage(
    usersOf: (path: string) => readonly string[],
    store: PoolStore,
  ): Promise<Storage> {
    return openStorage({
      store,
      engine: async () => this.#memory.engine,
      usersOf,
      persist: async () => {},
      newUuid: this.newUuid,
      delay: async () => {},
    });
  }

  /** A file's text at this moment; undefined where there is none. */
  textAt(path: string): string | undefined {
    const { host } = this.#memory;
    if (!host.exists(path)) return undefined;
    const file = host.open(path, { write: false });
    const bytes = new Uint8Array(file.sizeBytes);
    void file.read(0, bytes);
    return utf8Text(bytes);
  }
}

const BOOT = "/var/lib/libvirt/boot";
const TREE = "http://d/debian/dists/trixie/main/installer-riscv64";
const IMAGES = `${TREE}/current/images`;

let ports: HostWithStorage;
let host: FakeInstallHost;
let connect: Connect;
/** What is done when the command waits for a second. */
let meanwhile: (machine: FakeMachine) => void;

async function openHost(): Promise<void> {
  const qemu = await openQemuHost(ports, (name, error) => {
    throw new Error(name, { cause: error });
  });
  const driver = { scheme: "qemu", open: async () => qemu.connection() };
  const open = () => openConnect("qemu:///system", [driver]);
  host = new FakeInstallHost(open);
  connect = await open();
}

beforeEach(async () => {
  ports = new HostWithStorage();
  await openHost();
  const netboot = `${IMAGES}/netboot/debian-installer/riscv64`;
  host.pages.set(`${IMAGES}/MANIFEST`, utf8Bytes("netboot/debian-installer\n"));
  host.pages.set(`${netboot}/linux`, utf8Bytes("KERNEL"));
  host.pages.set(`${netboot}/initrd.gz`, utf8Bytes("INITRD"));
  host.files.set("/note", utf8Bytes("a note"));
  meanwhile = () => {};
  host.sleep = async (ms) => {
    const machine = ports.machines.at(-1);
    if (machine && ms >= 1000) meanwhile(machine);
    return true;
  };
});

function install(...args: readonly string[]): Promise<number> {
  const common = ["--name", "a", "--memory", "2048", "--disk", "size=1", "--noautoconsole"];
  return virtInstall([...common, ...args], host);
}

const powerOff = (machine: FakeMachine): void =>
  machine.tell({ state: "shutoff", reason: "shutdown" });

const domain = () => connect.domainLookupByName("a");
const volumes = async (pool: string): Promise<string[]> => {
  const ref = await connect.storagePoolLookupByName(pool);
  return (await connect.storagePoolListAllVolumes(ref, 0)).map(({ name }) => name);
};

describe("an installation from a tree on the web", () => {
  test("starts the tree's kernel, which the stored definition does not have", async () => {
    expect(await install("--location", TREE, "-x", "console=ttyS0")).toBe(0);
    const [{ config } = { config: undefined }] = ports.machines;
    expect(config).toMatchObject({ append: "console=ttyS0", onReboot: "destroy" });
    expect(config?.kernel?.name).toMatch(new RegExp(`^${BOOT}/virtinst-[0-9a-f]{8}-linux$`));
    const stored = await connect.domainGetXMLDesc(await domain(), 2);
    expect(stored).toContain('<libosinfo:os id="http://debian.org/debian/13"/>');
    expect(stored).toContain("<on_reboot>restart</on_reboot>");
    expect(stored).not.toContain("<kernel>");
    expect(host.output).toContain("Domain is still running. Installation may be in progress.");
  });

  test("puts files into the RAM disk, and leaves nothing behind", async () => {
    const seen: (string | undefined)[] = [];
    ports.prepare = ({ config }) => {
      seen.push(ports.textAt(config.kernel?.name ?? ""), ports.textAt(config.initrd?.name ?? ""));
    };
    expect(await install("--location", TREE, "--initrd-inject", "/note")).toBe(0);
    expect(seen[0]).toBe("KERNEL");
    expect(seen[1]).toMatch(/^INITRD\x00\x00070701.*note\x00+a note/s);
    expect(await volumes("boot-scratch")).toEqual([]);
    expect(await volumes("default")).toEqual(["a.qcow2"]);
  });

  test("goes on from the disk when the installer is done", async () => {
    meanwhile = powerOff;
    expect(await install("--location", TREE, "--wait", "-1")).toBe(0);
    expect(host.output).toContain("Domain has shutdown. Continuing.\nDomain creation completed.\n");
    expect(host.output).toContain("Restarting guest.\n");
    expect(ports.machines[1]?.config.kernel).toBeUndefined();
  });

  test("stays off where that is asked for, or where the user ended the guest", async () => {
    meanwhile = powerOff;
    expect(await install("--location", TREE, "--wait", "-1", "--noreboot")).toBe(0);
    expect(host.output).toContain("virsh --connect qemu:///system start a\n");
    expect(ports.machines).toHaveLength(1);
    await connect.domainUndefineFlags(await domain(), 4);
    host.output = "";
    // Asked again and again: the guest may be gone already.
    meanwhile = () =>
      void domain().then(
        (ref) => connect.domainDestroyFlags(ref, 0).catch(() => {}),
        () => {},
      );
    expect(await install("--location", TREE, "--wait", "-1", "--disk", "none")).toBe(0);
    expect(host.output).toContain("User stopped the VM. Not rebooting.\n");
  });

  test("takes no longer than it may", async () => {
    expect(await install("--location", TREE, "--wait", "2")).toBe(1);
    expect(host.output).toContain("Waiting 2 minutes for the installation to complete.\n");
    expect(host.output).toContain("Installation has exceeded specified time limit.");
  });
});

describe("a guest that cannot be started", () => {
  test("leaves neither its disk nor its kernel behind", async () => {
    ports.prepare = (machine) => {
      machine.startError = new Error("no room");
    };
    expect(await install("--location", TREE)).toBe(1);
    expect(host.errors).toContain("ERROR    ");
    expect(host.errors).toContain("no room");
    expect(host.output).toContain("Removing disk 'a.qcow2'");
    expect(await volumes("default")).toEqual([]);
    expect(await volumes("boot-scratch")).toEqual([]);
    await expect(domain()).rejects.toThrow("Domain not found");
  });

  test("is told to be of no use where its tree lacks the kernel", async () => {
    expect(await install("--location", `${TREE},kernel=k,initrd=i`, "--osinfo", "debian13")).toBe(
      1,
    );
    expect(host.errors).toContain("ERROR    Couldn't find kernel for install tree.\n");
  });
});

describe("a guest with a disk that has a system", () => {
  const IMPORT = ["--import", "--osinfo", "debian13"] as const;

  test("is started at once, and with its host", async () => {
    expect(await install(...IMPORT, "--autostart")).toBe(0);
    expect(host.output).toContain("Domain creation completed.\n");
    expect(await connect.domainGetAutostart(await domain())).toBe(true);
    expect(ports.machines[0]?.config.drives?.at(-1)?.image).toMatchObject({
      filename: "/var/lib/libvirt/images/a.qcow2",
    });
  });

  test("is only defined where it is not to be started", async () => {
    expect(await install(...IMPORT, "--noreboot")).toBe(0);
    expect(ports.machines).toHaveLength(0);
  });

  test("is forgotten when it ends where it is transient", async () => {
    meanwhile = powerOff;
    expect(await install(...IMPORT, "--transient", "--wait", "-1")).toBe(0);
    expect(host.output).toContain("Domain creation completed.\n");
    await expect(domain()).rejects.toThrow("Domain not found");
  });

  test("is destroyed with the command where that is asked for", async () => {
    expect(await install(...IMPORT, "--destroy-on-exit")).toBe(0);
    expect(await connect.domainGetState(await domain(), 0)).toEqual({ state: 5, reason: 2 });
  });

  test("finds its settings on a CD at its first start, and an empty drive later", async () => {
    let seed: string | undefined;
    ports.prepare = ({ config }) => {
      const image = config.drives?.at(-1)?.image;
      seed = image?.kind === "file" ? ports.textAt(image.filename) : undefined;
    };
    expect(await install(...IMPORT, "--cloud-init", "disable=on")).toBe(0);
    expect(seed).toContain("cidata");
    expect(seed).toContain("cloud-init.disabled");
    const stored = await connect.domainGetXMLDesc(await domain(), 2);
    expect(stored).toContain("device='cdrom'");
    expect(stored).not.toContain("cloudinit.iso");
    // The CD is in the drive; the command has ended, and the CD goes with the first run.
    expect(await volumes("boot-scratch")).toHaveLength(1);
    powerOff(ports.machines.at(-1)!);
    await expect.poll(() => volumes("boot-scratch")).toEqual([]);
  });

  test("is installed again without its definition changing", async () => {
    await install(...IMPORT, "--noreboot");
    const before = await connect.domainGetXMLDesc(await domain(), 2);
    host.output = "";
    const again = ["--reinstall", "a", "--location", TREE, "--noautoconsole"];
    expect(await virtInstall(again, host)).toBe(0);
    expect(ports.machines[0]?.config.kernel?.name).toContain("-linux");
    expect(await connect.domainGetXMLDesc(await domain(), 2)).toBe(before);
    expect(host.output).not.toContain("a.qcow2");
  });
});

test("two commands at the same time share the pool for what guests start from", async () => {
  const guest = (name: string): Promise<number> =>
    virtInstall(
      ["--name", name, "--memory", "2048", "--disk", "none", "--noautoconsole", "--location", TREE],
      host,
    );
  host.sleep = async () => {
    await new Promise((resolve) => setTimeout(resolve));
    return true;
  };
  expect(await Promise.all([guest("a"), guest("b"), guest("c")])).toEqual([0, 0, 0]);
  const pools = await connect.connectListAllStoragePools(0);
  expect(pools.map(({ name }) => name)).toEqual(["boot-scratch", "default"]);
  expect(await volumes("boot-scratch")).toEqual([]);
});

test("what a command that was cut off has left goes when the host starts, but what is referred to", async () => {
  await install("--import", "--osinfo", "debian13", "--cloud-init", "disable=on");
  const [cd] = await volumes("boot-scratch");
  const pool = await connect.storagePoolLookupByName("boot-scratch");
  const volume = (name: string): string =>
    `<volume><name>${name}</name><capacity>1</capacity></volume>`;
  for (const name of ["virtinst-00000000-linux", "virtinst-11111111-linux", "other"]) {
    // eslint-disable-next-line no-await-in-loop -- one after the other
    await connect.storageVolCreateXML(pool, volume(name), 0);
  }
  const kernel = `<os><type>hvm</type><kernel>${BOOT}/virtinst-00000000-linux</kernel></os>`;
  const xml = `<domain type='qemu'><name>b</name><memory>131072</memory>${kernel}</domain>`;
  await connect.domainDefineXMLFlags(xml, 0);
  expect(await volumes("boot-scratch")).toHaveLength(4);
  // The host ends with all that runs, and is started again.
  await openHost();
  await expect.poll(() => volumes("boot-scratch")).toEqual(["other", "virtinst-00000000-linux"]);
  expect(cd).toContain("cloudinit.iso");
});

test("an image of a CD is in the drive for the installation alone", async () => {
  host.files.set("/cd.iso", utf8Bytes("a CD"));
  meanwhile = powerOff;
  expect(await install("--cdrom", "/cd.iso", "--osinfo", "debian13", "--wait", "-1")).toBe(0);
  const [first, later] = ports.machines.map(({ config }) => JSON.stringify(config.drives));
  expect(first).toContain("/cd.iso");
  expect(later).not.toContain("/cd.iso");
});
