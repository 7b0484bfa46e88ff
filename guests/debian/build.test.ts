import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { machineRunner, type ApplianceBoot } from "../appliance/run-machine.ts";
import { Archive } from "../deb/archive.ts";
import { silent } from "../fetch/progress.ts";
import type { GuestContents, Workshop } from "../recipe.ts";
import { bytesOf, kernelFiles, SHELL_PACKAGES } from "../testing/forge-guest.ts";
import { forgeMirror, type ForgedPackage } from "../testing/forge-mirror.ts";
import { Ext4Reader } from "../testing/read-ext4.ts";
import { guestOf } from "./build.ts";
import { DEBIAN, DISK_MODULES, ROOT_UUID } from "./recipe.ts";

/** A disk that a test can read as a whole. */
const debianGuest = guestOf({ ...DEBIAN, diskBytes: 48 << 20 });
const CONFIGURATION = "setting=1\n";
const KERNEL = SHELL_PACKAGES.at(-1)?.name ?? "";

/** Every package that the recipe names; some with what matters to the unpacker. */
function packages(): ForgedPackage[] {
  const special: ForgedPackage[] = [
    {
      name: "base-files",
      version: "1",
      files: [
        { path: "./", type: "5" },
        { path: "./usr/", type: "5" },
        { path: "./usr/bin/", type: "5" },
        { path: "./bin", type: "2", link: "usr/bin" },
      ],
    },
    {
      name: "base-passwd",
      version: "1",
      files: ["passwd", "group"].map((name) => {
        return { path: `./usr/share/base-passwd/${name}.master`, contents: `root-of-${name}\n` };
      }),
    },
    {
      name: "bash",
      version: "5:1",
      files: [
        { path: "./bin/bash", contents: "shell" },
        { path: "./bin/rbash", type: "1", link: "./bin/bash" },
        { path: "./etc/bash.conf", contents: CONFIGURATION, gid: 42 },
      ],
      control: [
        {
          path: "./control",
          contents: "Package: bash\nVersion: 5:1\nMulti-Arch: same\nArchitecture: riscv64\n",
        },
        { path: "./postinst", contents: "#!/bin/sh\n" },
        { path: "./conffiles", contents: "/etc/bash.conf\nremove-on-upgrade /etc/old\n" },
        {
          path: "./triggers",
          contents: "interest-noawait ldconfig\ninterest /usr/share/man\nactivate x\n",
        },
      ],
    },
  ];
  const shell = SHELL_PACKAGES.filter(({ name }) => name !== KERNEL);
  const kernel = { name: KERNEL, version: "1", files: kernelFiles(DISK_MODULES) };
  const known = new Set(special.map(({ name }) => name));
  const plain = (debianGuest.closure?.names ?? [])
    .filter((name) => !known.has(name))
    .map((name) => ({ name, version: "1" }));
  return [...special, ...plain, ...shell, kernel];
}

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "guests-debian-"));
});
afterEach(() => rmSync(root, { recursive: true }));

async function make(runMachine: Workshop["runMachine"]): Promise<GuestContents> {
  const mirror = forgeMirror(join(root, "mirror"), packages());
  const fetcher = { env: {}, progress: silent };
  const where = { mirror: mirror.url, keys: mirror.keys, cache: join(root, "cache"), fetcher };
  const archive = await Archive.open({ ...where, suite: "trixie", architecture: "riscv64" });
  const directory = join(root, "workshop");
  mkdirSync(directory);
  return debianGuest.make(archive, null, silent, { directory, runMachine });
}

/** A machine that keeps what it was given and says that all went well. */
function keeper(booted: ApplianceBoot[]): Workshop["runMachine"] {
  return async (boot, onLine) => {
    booted.push(boot);
    copyFileSync(boot.disk, join(root, "kept.raw"));
    copyFileSync(boot.initrd, join(root, "kept.cpio"));
    onLine("Setting up bash (5:1) ...");
    onLine("tabvisor: configured: 0");
  };
}

test("the disk that is configured holds the packages as dpkg would have unpacked them", async () => {
  const booted: ApplianceBoot[] = [];
  const contents = await make(keeper(booted));
  const disk = new Ext4Reader(readFileSync(join(root, "kept.raw")));
  const text = (path: string): string => disk.contents(disk.find(path)).toString();
  expect(text("usr/bin/bash")).toBe("shell");
  expect(disk.find("usr/bin/rbash")).toMatchObject({
    ino: disk.find("usr/bin/bash").ino,
    links: 2,
  });
  expect(disk.find("etc/bash.conf").gid).toBe(42);
  expect(text("etc/passwd")).toBe("root-of-passwd\n");
  expect(text("etc/fstab")).toContain(`UUID=${ROOT_UUID} / ext4`);
  expect(text("etc/machine-id")).toBe("");
  expect(text("etc/apt/sources.list.d/debian.sources")).toContain("deb.debian.org/debian\n");
  const status = text("var/lib/dpkg/status");
  expect(status.split("\n\n").filter((part) => part.includes("ok unpacked"))).toHaveLength(
    contents.packages.length - 3,
  );
  // md5sum of "setting=1\n".
  expect(status).toContain(
    "Package: bash\nStatus: install ok unpacked\nVersion: 5:1\nMulti-Arch: same\nArchitecture: riscv64\nConffiles:\n /etc/bash.conf 7d43cb06abb8273056a580aca18d8acb\n",
  );
  expect(text("var/lib/dpkg/info/bash:riscv64.list")).toBe(
    "/bin/bash\n/bin/rbash\n/etc/bash.conf\n",
  );
  expect(disk.list(disk.find("var/lib/dpkg/info")).has("bash:riscv64.postinst")).toBe(true);
  expect(text("var/lib/dpkg/info/format")).toBe("1\n");
  expect(text("var/lib/dpkg/triggers/File")).toBe("/usr/share/man bash:riscv64\n");
  expect(text("var/lib/dpkg/triggers/ldconfig")).toBe("bash:riscv64/noawait\n");
  expect(booted[0]?.append).toContain(`root=UUID=${ROOT_UUID}`);
  expect(readFileSync(join(root, "kept.cpio"), "latin1")).toContain("dpkg --configure -a");
  // Modules are there without a package whose scripts would make their indexes.
  const modules = disk.list(disk.find("usr/lib/modules/6.12.1+deb13-riscv64"));
  expect(modules.has("modules.dep.bin")).toBe(false);
  expect(readFileSync(join(root, "kept.cpio"), "latin1")).toContain("\n  depmod ");
});

test("what is published has a disk beside kernel and initramfs, and no scripts of the builder", async () => {
  const contents = await make(keeper([]));
  expect(Object.keys(contents.files)).toEqual([
    "firmware",
    "kernel",
    "initrd",
    "initrdSigned",
    "disk",
  ]);
  expect(contents.boot["fast"]).toMatchObject({ disk: "disk", initrd: "initrd" });
  const { disk } = contents.files;
  const cpio = bytesOf(contents, "initrd").toString("latin1");
  expect(cpio).toContain("findfs");
  expect(cpio).not.toContain("dpkg --configure");
  const path = disk !== undefined && "from" in disk ? disk.from : "";
  expect(readFileSync(path).readUInt32BE(0)).toBe(0x514649fb);
});

test("a machine that does not finish is reported with its last words", async () => {
  const stuck: Workshop["runMachine"] = async (_, onLine) => {
    onLine("dpkg: error processing package bash");
    onLine("tabvisor: configured: 1");
  };
  await expect(make(stuck)).rejects.toThrow(/could not be configured[^]*processing package bash/);
});

test("a machine is a program that is given QEMU's options", async () => {
  const script =
    'console.log(JSON.stringify(process.argv.slice(1)) + "\\r\\nlast\\r"); console.log()';
  const boot: ApplianceBoot = {
    firmware: "f",
    kernel: "k",
    initrd: "i",
    append: "a b",
    disk: "x,y.raw",
    memoryBytes: 512 << 20,
  };
  const lines: string[] = [];
  const run = machineRunner([process.execPath, "-e", script, "--"]);
  await run(boot, (line) => lines.push(line));
  const options = JSON.parse(lines[0] ?? "[]") as string[];
  expect(options).toContain("file=x,,y.raw,format=raw,if=virtio");
  expect(options.slice(options.indexOf("-append"))[1]).toBe("a b");
  expect(lines[1]).toBe("last");
  const failing = machineRunner([process.execPath, "-e", "throw new Error('no disk')", "--"]);
  await expect(failing(boot, () => {})).rejects.toThrow("configures packages failed (1)");
  await expect(machineRunner(["/nonexistent/machine"])(boot, () => {})).rejects.toThrow("ENOENT");
});

const hasShell = spawnSync("sh", ["-c", ":"]).status === 0;

test
  .runIf(hasShell)
  .each(["boot/overlay/init", "configure/overlay/configure", "configure/overlay/in-system"])(
  "%s is a script that a shell can read",
  (name) => {
    const path = join(import.meta.dirname, name);
    expect(spawnSync("sh", ["-n", path], { encoding: "utf8" }).stderr).toBe("");
  },
);
