import { expect, test } from "vitest";
import { kernelModule, signedModule } from "../testing/forge-module.ts";
import { moduleIndexes } from "./depmod.ts";
import { elfSection } from "./elf.ts";
import { matchesAlias, moduleName, parseModuleInfo, readModuleInfo } from "./modinfo.ts";
import { ModuleTree } from "./module-tree.ts";
import { loadOrder, resolveModules } from "./resolve.ts";
import { withoutSignature } from "./signature.ts";

const MODULES: Readonly<Record<string, readonly string[]>> = {
  "kernel/fs/ext4.ko": ["depends=jbd2,mbcache", "softdep=pre: crypto-crc32c", "alias=fs-ext4"],
  "kernel/fs/jbd2.ko": ["depends=", "softdep=pre: crypto-crc32c post: helper"],
  "kernel/fs/mbcache.ko": ["depends="],
  "kernel/crypto/crc32c_generic.ko": ["alias=crypto-crc32c", "depends="],
  "kernel/drivers/virtio-rng.ko": ["depends=virtio", "alias=virtio:d00000004v*"],
  "kernel/drivers/helper.ko": ["depends=mbcache"],
  "kernel/drivers/unused.ko": ["depends="],
  "kernel/a.ko": ["depends=b"],
  "kernel/b.ko": ["depends=a"],
  "kernel/broken.ko": ["depends=missing"],
};

function theOne<T>(items: readonly T[]): T {
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) {
    throw new Error(`there are ${items.length} of them`);
  }
  return item;
}

function tree(read: string[] = []): ModuleTree {
  const files = {
    paths: () => Object.keys(MODULES),
    read: async (path: string) => {
      read.push(path);
      return kernelModule(MODULES[path] ?? []);
    },
  };
  return new ModuleTree(
    files,
    "kernel/drivers/virtio/virtio.ko\n",
    "sha.alias=crypto-sha*\0sha.license=GPL\0",
  );
}

test("sections of an ELF file are found, and nothing in what is none", () => {
  const module = kernelModule(["name=x"]);
  expect(Buffer.from(elfSection(module, ".modinfo") ?? []).toString()).toBe("name=x\0");
  expect(elfSection(module, ".text")).toBeNull();
  for (let cut = 0; cut < module.length; cut += 5) {
    expect(elfSection(module.subarray(0, cut), ".modinfo")).toBeNull();
  }
  expect(readModuleInfo(Buffer.alloc(100))).toBeNull();
});

test("a search by alias looks into each module once and keeps those that fit", async () => {
  const read: string[] = [];
  const modules = tree(read);
  const found = await modules.byAlias("virtio:d00000004v1");
  expect(found.map(({ name }) => name)).toEqual(["virtio_rng"]);
  expect(new Set(read).size).toBe(Object.keys(MODULES).length);
  const before = read.length;
  expect(await modules.byAlias("fs-none")).toEqual([]);
  expect(await modules.byAlias("virtio:d00000004v1")).toEqual(found);
  expect(read.length).toBe(before);
});

test("module information is parsed", () => {
  const text = "license=GPL\0depends=a,b\0softdep=pre: c d post: e\0alias=x\0alias=y=z\0";
  expect(parseModuleInfo(text)).toEqual({
    depends: ["a", "b"],
    softPre: ["c", "d"],
    softPost: ["e"],
    aliases: ["x", "y=z"],
  });
});

test("module names and aliases are compared as modprobe compares them", () => {
  expect(moduleName("kernel/drivers/char/virtio-rng.ko.xz")).toBe("virtio_rng");
  expect(matchesAlias("virtio:d00000004v*", "virtio:d00000004v00001AF4")).toBe(true);
  expect(matchesAlias("of:N*T*Cvirtio,mmio", "of:NsocT(null)Cvirtio,mmio")).toBe(true);
  expect(matchesAlias("a.c", "abc")).toBe(false);
  expect(matchesAlias("x[0-9]?", "x7z")).toBe(true);
});

test("dependencies and softdeps of both kinds are resolved", async () => {
  const modules = await resolveModules(tree(), ["ext4", "virtio_rng"]);
  expect(modules.map(({ name }) => name)).toEqual([
    "crc32c_generic",
    "helper",
    "virtio_rng",
    "ext4",
    "jbd2",
    "mbcache",
  ]);
});

test("only the modules that are looked at are expanded", async () => {
  const read: string[] = [];
  await resolveModules(tree(read), ["ext4"]);
  expect(read).not.toContain("kernel/drivers/unused.ko");
  expect(new Set(read).size).toBe(read.length);
});

test("compiled-in modules are no dependency, missing ones are an error", async () => {
  expect(await resolveModules(tree(), ["virtio"])).toEqual([]);
  expect(tree().isBuiltin("crypto-sha256")).toBe(true);
  await expect(resolveModules(tree(), ["broken"])).rejects.toThrow("missing, which broken needs");
  await expect(resolveModules(tree(), ["nothing"])).rejects.toThrow("no module nothing");
});

test("a circle of dependencies is an error", async () => {
  const modules = await resolveModules(tree(), ["a"]);
  expect(() => moduleIndexes(modules)).toThrow("depend on each other");
});

test("load order and indexes put what is needed first", async () => {
  const modules = await resolveModules(tree(), ["ext4"]);
  const ext4 = theOne(modules.filter(({ name }) => name === "ext4"));
  expect(loadOrder(ext4, modules).map(({ name }) => name)).toEqual([
    "crc32c_generic",
    "jbd2",
    "mbcache",
  ]);
  const indexes = moduleIndexes(modules);
  expect(indexes.get("modules.dep")).toContain(
    "kernel/fs/ext4.ko: kernel/fs/mbcache.ko kernel/fs/jbd2.ko kernel/crypto/crc32c_generic.ko\n",
  );
  expect(indexes.get("modules.alias")).toBe(
    "alias crypto-crc32c crc32c_generic\nalias fs-ext4 ext4\n",
  );
  expect(indexes.get("modules.softdep")).toContain(
    "softdep jbd2 pre: crypto-crc32c post: helper\n",
  );
});

test("a signature is taken off, and only a signature", () => {
  const module = kernelModule(["name=x"]);
  expect(Buffer.from(withoutSignature(signedModule(module, 300))).equals(module)).toBe(true);
  expect(withoutSignature(module)).toBe(module);
  const lying = signedModule(module, 10);
  lying.writeUInt32BE(0x7fff_ffff, lying.length - 28 - 4);
  expect(withoutSignature(lying)).toBe(lying);
});
