import { describe, expect, test } from "vitest";
import { parseSystem, type SystemOptions } from "./system-options.ts";
import { UsageError } from "./usage-error.ts";

function options(...args: string[]): SystemOptions {
  const parsed = parseSystem(args);
  if (typeof parsed === "string") throw new Error(`a query: ${parsed}`);
  return parsed;
}

const KERNEL = ["-kernel", "Image"];

test("understands a command line of QEMU's", () => {
  const args =
    "-M virt -m 1G -smp 2 -cpu rv64 -bios none -kernel Image -initrd rd.cpio -nographic -no-reboot";
  expect(options(...args.split(" "), "-append", "console=ttyS0 quiet")).toEqual({
    name: "tabvisor",
    memoryBytes: 2 ** 30,
    vcpus: 2,
    bios: { kind: "none" },
    kernel: "Image",
    initrd: "rd.cpio",
    append: "console=ttyS0 quiet",
    devices: [],
    drives: [],
    serial: { kind: "stdio" },
    noReboot: true,
    guestErrors: false,
    accelerator: "jit",
    engine: "node",
    stats: false,
  });
});

test("one dash and two are the same", () => {
  expect(options("--kernel", "Image", "--stats", "-engine", "chromium")).toMatchObject({
    kernel: "Image",
    stats: true,
    engine: "chromium",
  });
});

test("the last of several wins, devices add up", () => {
  const device = ["-device", "virtio-rng-device", "-device", "virtio-serial-device"];
  expect(options(...KERNEL, "-m", "64M", "-m", "128M", ...device)).toMatchObject({
    memoryBytes: 128 * 2 ** 20,
    devices: [{ kind: "virtio-rng" }, { kind: "virtio-console" }],
  });
});

test.each([
  ["256", 256 * 2 ** 20],
  ["256M", 256 * 2 ** 20],
  ["size=1g", 2 ** 30],
  ["1.5G", 1.5 * 2 ** 30],
  ["131072k", 128 * 2 ** 20],
])("-m %s", (text, bytes) => {
  expect(options(...KERNEL, "-m", text).memoryBytes).toBe(bytes);
});

test.each([
  ["stdio", { kind: "stdio" }],
  ["mon:stdio", { kind: "stdio" }],
  ["null", { kind: "null" }],
  ["none", { kind: "null" }],
  ["file:log.txt", { kind: "file", path: "log.txt" }],
])("-serial %s", (text, target) => {
  expect(options(...KERNEL, "-serial", text).serial).toEqual(target);
});

test.each([
  [["-help"], "help"],
  [["-h"], "help"],
  [["--version"], "version"],
  [["-machine", "help"], "machines"],
  [["-M", "help"], "machines"],
  [["-cpu", "help"], "cpus"],
  [["-device", "help"], "devices"],
  [["--guest", "help"], "guests"],
])("%j asks for %s", (args, query) => {
  expect(parseSystem(args)).toBe(query);
});

describe("refuses in one sentence that names the option", () => {
  test.each([
    [["-foo"], "-foo: invalid option"],
    [["--foo"], "--foo: invalid option"],
    [["disk.img"], "disk.img: not an option; a disk image cannot be given yet"],
    [["-kernel"], "-kernel: requires an argument"],
    [[], "nothing to boot: give -kernel FILE, -bios FILE or --guest shell"],
    [["-append", "quiet"], "-append only allowed with -kernel option"],
    [["-initrd", "rd"], "-initrd only allowed with -kernel option"],
    [[...KERNEL, "-M", "pc"], "-machine pc: unsupported machine type; there is 'virt' only"],
    [[...KERNEL, "-M", "virt,gic-version=3"], "-machine: Property 'gic-version' not found"],
    [
      [...KERNEL, "-M", "virt,aia=imsic"],
      "Invalid AIA interrupt controller type\nValid values are none, aplic, and aplic-imsic.",
    ],
    [
      [...KERNEL, "-M", "virt,aia=aplic-imsic,aia-guests=8"],
      "Invalid number of AIA IMSIC guests\nValid values should be between 0 and 7.",
    ],
    [
      [...KERNEL, "-M", "virt,aia=aplic-imsic,aia-guests=1"],
      "-machine aia-guests=1: guest interrupt files need the H extension, which is not there yet; " +
        "only 0 is supported",
    ],
    [[...KERNEL, "-cpu", "z80"], "-cpu z80: unable to find CPU model; '-cpu help' lists them"],
    [[...KERNEL, "-smp", "0"], "-smp 0: a number from 1 to 16 is wanted"],
    [[...KERNEL, "-smp", "x"], "-smp x: a number from 1 to 16 is wanted"],
    [[...KERNEL, "-smp", "2,cores=2"], "-smp: Property 'cores' not found"],
    [[...KERNEL, "-m", "32M"], "-m 32M: the board takes 64M to 3G of RAM"],
    [[...KERNEL, "-m", "4G"], "-m 4G: the board takes 64M to 3G of RAM"],
    [[...KERNEL, "-m", "65M"], "-m 65M: RAM must be a multiple of 2M"],
    [
      [...KERNEL, "-m", "lots"],
      "-m lots: a size is a number with one of the suffixes K, M and G, such as 256M",
    ],
    [[...KERNEL, "-display", "gtk"], "-display gtk: only 'none' is supported"],
    [
      [...KERNEL, "-serial", "pty"],
      "-serial pty: only stdio, mon:stdio, file:PATH, null and none are known",
    ],
    [[...KERNEL, "-d", "in_asm"], "-d in_asm: only 'guest_errors' is known"],
    [[...KERNEL, "-accel", "kvm"], "-accel kvm: only interpreter and jit are known"],
    [[...KERNEL, "--engine", "lynx"], "--engine lynx: only node, chromium, firefox are known"],
    [[...KERNEL, "-device", "e1000"], "-device e1000: 'e1000' is not a valid device model name"],
    [
      [...KERNEL, "-device", "virtconsole"],
      "-device virtconsole: No 'virtio-serial-bus' bus found for device 'virtconsole'",
    ],
    [
      [...KERNEL, ...Array.from({ length: 9 }, () => ["-device", "virtio-rng-device"]).flat()],
      "-device: the board has 8 virtio-mmio slots",
    ],
  ])("%j", (args, message) => {
    expect(() => parseSystem(args)).toThrow(new UsageError(message));
  });
});
