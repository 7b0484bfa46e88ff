import { describe, expect, it, test } from "vitest";
import type { DomainDefinition } from "../../virt/domain.ts";
import type { GuestManifest } from "../../virt/guest-manifest.ts";
import {
  type Draft,
  draftOf,
  draftProblems,
  guessRole,
  newDraft,
  toDefinition,
  withGuest,
} from "./draft.ts";

const MIB = 2 ** 20;
const capabilities = {
  minMemoryBytes: 64 * MIB,
  maxMemoryBytes: 3072 * MIB,
  memoryStepBytes: 2 * MIB,
  maxVcpus: 16,
  imagesPersist: true,
};
const image = (name: string) => ({ key: name, name, sizeBytes: 1 });

describe("a draft", () => {
  it.each<DomainDefinition["boot"]>([
    { kind: "guest", guest: "shell", commandLine: { kind: "stock" } },
    { kind: "guest", guest: "shell", commandLine: { kind: "custom", append: "a b" } },
    { kind: "files", kernel: image("k"), initrd: image("i"), firmware: image("f"), append: "x" },
    { kind: "files", kernel: image("k"), append: "" },
    { kind: "files", efi: true, append: "" },
  ])("of a definition that boots %j becomes the same definition", (boot) => {
    const definition = { uuid: "u", name: "n", memoryBytes: 128 * MIB, vcpus: 2, boot };
    const draft = draftOf(definition);
    const refs = draft.files as Parameters<typeof toDefinition>[1];
    expect(toDefinition(draft, refs)).toEqual(definition);
  });

  it.each(["none", "aplic", "aplic-imsic", undefined] as const)("keeps aia=%s", (aia) => {
    const boot = { kind: "guest", guest: "shell", commandLine: { kind: "fast" } } as const;
    const machine = { uuid: "u", name: "n", memoryBytes: 128 * MIB, vcpus: 2, boot };
    const definition = aia ? { ...machine, aia } : machine;
    expect(toDefinition(draftOf(definition), {})).toEqual(definition);
  });

  it("takes spaces off the name", () => {
    expect(toDefinition(newDraft("u", "  a  "), {}).name).toBe("a");
  });

  it.each<[Partial<Draft>, string]>([
    [{ name: "taken" }, "taken"],
    [{ name: "" }, "empty"],
    [{ memoryMiB: Number.NaN }, "range"],
    [{ vcpus: 0 }, "range"],
    [{ source: "files" }, "nothing"],
  ])("with %j cannot be saved: %s", (change, kind) => {
    const draft = { ...newDraft("u", "free"), ...change };
    expect(draftProblems(draft, capabilities, new Set(["taken"]))).toMatchObject([{ kind }]);
  });
});

describe("a dropped file", () => {
  it.each([
    ["initrd.img-6.12", "initrd"],
    ["rootfs.cpio.gz", "initrd"],
    ["fw_dynamic.bin", "firmware"],
    ["RISCV_VIRT_CODE.fd", "firmware"],
    ["vmlinux-6.12", "kernel"],
    ["Image", "kernel"],
  ])("%s is taken for the %s", (name, role) => {
    expect(guessRole(name)).toBe(role);
  });
});

test("a guest with a disk brings it along, another guest takes it away", () => {
  const file = { path: "f", sizeBytes: 1 };
  const way = { firmware: file, kernel: file, initrd: file, append: "", notes: [] };
  const guest = (name: string, boot: typeof way): GuestManifest => {
    const usualMemoryBytes = 512 * 2 ** 20;
    const boots = { fast: boot, stock: boot };
    return { name, title: name, key: "k", leastMemoryBytes: 0, usualMemoryBytes, boots };
  };
  const guests = [guest("shell", way), guest("debian", { ...way, disk: file } as typeof way)];
  const own = { target: "sda", device: "disk", bus: "scsi", source: "/own" } as const;
  const before = { ...newDraft("12345678-u", "a"), disks: [own] };
  const draft = { ...before, ...withGuest(before, "debian", guests) };
  expect(draft.memoryMiB).toBe(512);
  expect(draft.disks.map(({ source }) => source)).toEqual([
    "/var/lib/libvirt/images/debian-12345678.qcow2",
    "/own",
  ]);
  const definition = toDefinition(draft, {});
  expect(toDefinition(draftOf(definition), {})).toEqual(definition);
  expect(withGuest(draft, "shell", guests).disks).toEqual([own]);
});
