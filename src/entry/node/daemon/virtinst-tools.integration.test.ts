/** virt-clone, virt-xml and virt-top as a user starts them, on the daemon's machines. */
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assemble } from "../../../isa/assemble.ts";
import { isBuilt, type Outcome, TestDaemon } from "./testing/test-daemon.ts";

const LIMIT_MS = 120_000;

let daemon: TestDaemon;
let images: string;

/** Runs a line of virsh that must succeed. @returns what it prints */
async function virsh(line: string): Promise<string> {
  const { status, stdout, stderr } = await daemon.virsh(line);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout;
}

/** Runs a tool that must succeed. @returns what it prints */
async function tool(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await daemon.tabvisor(...args);
  expect(stderr.replaceAll(/^WARNING .*\n/gm, "")).toBe("");
  expect(status).toBe(0);
  return stdout;
}

const clone = (...args: string[]): Promise<Outcome> => daemon.tabvisor("virt-clone", ...args);

/** Each disk's source by its target. */
async function disksOf(domain: string, ...options: string[]): Promise<Record<string, string>> {
  const rows = await virsh(["domblklist", domain, ...options].join(" "));
  const found = rows.matchAll(/^ (\w+) +(\S+)$/gm);
  const all = Object.fromEntries([...found].map(([, target, source]) => [target, source]));
  delete all["Target"];
  return all;
}

function disk(file: string, format: string, target: string, more = ""): string {
  return `<disk type='file'><driver name='qemu' type='${format}'/><source file='${file}'/>
    <target dev='${target}' bus='virtio'/>${more}</disk>`;
}

/** A guest that does nothing but compute, with disks of each kind. */
function definition(): string {
  return `<domain type='qemu'><name>web</name><memory unit='MiB'>64</memory>
    <os><type arch='riscv64' machine='virt'>hvm</type>
    <loader type='rom'>${daemon.folder}/spin.bin</loader></os><devices>
    ${disk(`${images}/web.qcow2`, "qcow2", "vda")}${disk(`${images}/data.img`, "raw", "vdb")}
    ${disk(`${images}/shared.img`, "raw", "vdc", "<shareable/>")}
    <disk type='file' device='cdrom'><target dev='sda' bus='scsi'/></disk>
    <serial type='pty'/></devices></domain>`;
}

describe.skipIf(!isBuilt)("virtinst's tools on machines of the daemon", () => {
  beforeAll(async () => {
    daemon = await TestDaemon.prepare();
    await daemon.start();
    const { folder } = daemon;
    images = join(folder, "data", "tabvisor", "images");
    await writeFile(join(folder, "spin.bin"), assemble("1: j 1b", { origin: 0x8000_0000n }).bytes);
    await virsh("vol-create-as default web.qcow2 64M --format qcow2");
    await virsh("vol-create-as default data.img 8M --allocation 0");
    await virsh("vol-create-as default shared.img 1M --allocation 0");
    await daemon.tabvisor("qemu-io", "-c", "write -P 7 1M 64k", `${images}/web.qcow2`);
    await daemon.tabvisor("qemu-io", "-f", "raw", "-c", "write -P 9 4M 64k", `${images}/data.img`);
    await writeFile(join(folder, "web.xml"), definition());
    await virsh(`define ${folder}/web.xml`);
  }, LIMIT_MS);
  afterAll(() => daemon?.remove());

  test(
    "virt-clone gives a guest disks of its own, with what is in them and holes as holes",
    async () => {
      expect((await clone("-o", "web", "--auto-clone")).stdout).toContain(
        "Clone 'web-clone' created successfully.",
      );
      expect(await disksOf("web-clone")).toEqual({
        vda: `${images}/web-clone.qcow2`,
        vdb: `${images}/data-clone.img`,
        vdc: `${images}/shared.img`,
        sda: "-",
      });
      const compare = ["qemu-img", "compare", "-s"];
      const pair = (name: string, end: string): string[] => [
        `${images}/${name}.${end}`,
        `${images}/${name}-clone.${end}`,
      ];
      await tool(...compare, ...pair("web", "qcow2"));
      const raw = ["-f", "raw", "-F", "raw"];
      await tool("qemu-img", "compare", ...raw, ...pair("data", "img"));
      const { size, blocks } = await stat(`${images}/data-clone.img`);
      expect([size, blocks * 512 < 2 ** 20]).toEqual([8 * 2 ** 20, true]);
    },
    LIMIT_MS,
  );

  test(
    "virt-clone writes to named files, full ones where that is asked for, and replaces a guest",
    async () => {
      const folder = join(daemon.folder, "elsewhere");
      await mkdir(folder);
      const files = ["-f", join(folder, "one.qcow2"), "-f", join(folder, "two.img")];
      expect((await clone("-o", "web", "-n", "full", ...files, "--nonsparse")).status).toBe(0);
      expect(await disksOf("full")).toMatchObject({ vda: files[1], vdb: files[3] });
      expect((await stat(files[3]!)).blocks * 512).toBeGreaterThanOrEqual(8 * 2 ** 20);
      const again = ["-o", "web", "-n", "full", "--auto-clone"];
      expect((await clone(...again)).stderr).toContain("Guest name 'full' is already in use.");
      const before = await virsh("domuuid full");
      expect((await clone(...again, "--replace")).status).toBe(0);
      expect(await virsh("domuuid full")).not.toBe(before);
      expect(await disksOf("full")).toMatchObject({ vda: `${images}/full.qcow2` });
    },
    LIMIT_MS,
  );

  test(
    "virt-clone copies EFI variables, beside the original's or where they are to be",
    async () => {
      const { folder } = daemon;
      const flash = `<loader readonly='yes' type='pflash'>${folder}/spin.bin</loader><nvram template='/t'/>`;
      const efi = `<domain type='qemu'><name>efi</name><memory unit='MiB'>64</memory>
        <os><type arch='riscv64' machine='virt'>hvm</type>${flash}</os></domain>`;
      await writeFile(join(folder, "efi.xml"), efi);
      await virsh(`define ${folder}/efi.xml`);
      const nvram = join(folder, "data", "tabvisor", "nvram");
      await mkdir(nvram, { recursive: true });
      const variables = "boot entries".padEnd(4096);
      await writeFile(join(nvram, "efi_VARS.fd"), variables);
      const there = join(folder, "mine_VARS.fd");
      await clone("-o", "efi", "--auto-clone");
      await clone("-o", "efi", "-n", "mine", "--auto-clone", "--nvram", there);
      for (const file of [join(nvram, "efi-clone_VARS.fd"), there]) {
        // eslint-disable-next-line no-await-in-loop -- two small files
        expect(await readFile(file, "utf8")).toBe(variables);
      }
      expect(await virsh("dumpxml mine --xpath //nvram")).toContain(`>${there}</nvram>`);
    },
    LIMIT_MS,
  );

  test(
    "virt-xml changes what runs and what is stored, as it is told",
    async () => {
      await virsh("start web");
      expect((await clone("-o", "web", "--auto-clone")).stderr).toContain(
        "Domain to clone must be shutoff.",
      );
      expect(await tool("virt-xml", "web", "--edit", "--memory", "128", "--define")).toContain(
        "Changes will take effect after the domain is fully powered off.",
      );
      expect(await virsh("dumpxml web --xpath /domain/memory")).toContain(">65536<");
      expect(await virsh("dumpxml web --inactive --xpath /domain/memory")).toContain(">131072<");
      const added = ["--add-device", "--disk", "size=0.01,bus=scsi", "--update"];
      expect(await tool("virt-xml", "web", ...added)).toContain("Device hotplug successful.");
      const image = `${images}/web-1.qcow2`;
      expect(await disksOf("web")).toMatchObject({ sdb: image });
      expect(await disksOf("web", "--inactive")).toMatchObject({ sdb: image });
      const medium = [
        "--edit",
        "target=sda",
        "--disk",
        `path=${images}/data-clone.img`,
        "--update",
      ];
      expect(await tool("virt-xml", "web", ...medium)).toContain("Device update successful.");
      expect(await disksOf("web")).toMatchObject({ sda: `${images}/data-clone.img` });
      await tool("virt-xml", "web", "--remove-device", "--disk", "target=sdb", "--update");
      expect(await disksOf("web")).not.toHaveProperty("sdb");
      expect(await disksOf("web", "--inactive")).not.toHaveProperty("sdb");
    },
    LIMIT_MS,
  );

  test(
    "virt-top's figures are those of domstats",
    async () => {
      const cpuTime = async (): Promise<number> =>
        Number(/cpu\.time=(\d+)/.exec(await virsh("domstats web --cpu-total"))?.[1]);
      const before = await cpuTime();
      const csv = join(daemon.folder, "usage.csv");
      await tool("virt-top", "--script", "--csv", csv, "-n", "2", "-d", "1");
      const spent = (await cpuTime()) - before;
      const lines = (await readFile(csv, "utf8")).trimEnd().split("\n");
      const [head, , last] = lines.map((line) => line.split(","));
      const at = head!.indexOf("Domain name");
      expect(last![at]).toBe("web");
      const [ns, bytes] = [Number(last![at + 1]), Number(last![at + 3])];
      expect(ns).toBeGreaterThan(0);
      expect(ns).toBeLessThanOrEqual(spent);
      expect(bytes).toBe(64 * 2 ** 20);
      await virsh("destroy web");
    },
    LIMIT_MS,
  );
});
