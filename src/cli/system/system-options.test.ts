import { describe, expect, it, test } from "vitest";
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
    flash: [],
    objects: [],
    firmwareFiles: [],
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

test("a keyboard is on PCI by QEMU's short name, or on virtio-mmio", () => {
  const device = [
    "virtio-keyboard,serial=k1",
    "virtio-keyboard-pci,addr=3",
    "virtio-keyboard-device",
  ];
  const given = options(...KERNEL, ...device.flatMap((each) => ["-device", each]));
  expect(given).toMatchObject({
    devices: [
      { kind: "virtio-keyboard", transport: "pci", serial: "k1" },
      { kind: "virtio-keyboard", transport: "pci", slot: 3 },
      { kind: "virtio-keyboard", transport: "mmio" },
    ],
  });
});

test("a balloon is on PCI by QEMU's short name, or on virtio-mmio", () => {
  const device = (text: string) => options(...KERNEL, "-device", text).devices;
  expect(device("virtio-balloon,deflate-on-oom=on,addr=3")).toEqual([
    { kind: "virtio-balloon", transport: "pci", slot: 3, deflateOnOom: true },
  ]);
  expect(device("virtio-balloon-device")).toEqual([{ kind: "virtio-balloon", transport: "mmio" }]);
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
    [[...KERNEL, "-accel", "jit,speed=9"], "-accel jit: Property 'speed' not found"],
    [
      [...KERNEL, "-accel", "jit,threshold=0"],
      "-accel threshold 0: a number from 1 to 1000000 is wanted",
    ],
    [[...KERNEL, "--engine", "lynx"], "--engine lynx: only node, chromium, firefox are known"],
    [[...KERNEL, "-device", "e1000"], "-device e1000: 'e1000' is not a valid device model name"],
    [
      [...KERNEL, "-device", "virtconsole"],
      "-device virtconsole: No 'virtio-serial-bus' bus found for device 'virtconsole'",
    ],
    [
      [...KERNEL, "-device", "virtio-balloon-pci", "-device", "virtio-balloon-device"],
      "-device virtio-balloon-device: Only one balloon device is supported",
    ],
    [
      [...KERNEL, "-device", "virtio-balloon-pci,vectors=3"],
      "-device virtio-balloon-pci,vectors=3: Property 'virtio-balloon-pci.vectors' not found",
    ],
    [
      [...KERNEL, "-device", "virtio-balloon-pci,deflate-on-oom=3"],
      "-device virtio-balloon-pci,deflate-on-oom=3: Parameter 'deflate-on-oom' expects 'on' or 'off'",
    ],
    [
      [...KERNEL, ...Array.from({ length: 9 }, () => ["-device", "virtio-rng-device"]).flat()],
      "-device: the board has 8 virtio-mmio slots",
    ],
  ])("%j", (args, message) => {
    expect(() => parseSystem(args)).toThrow(new UsageError(message));
  });
});

describe("disks", () => {
  const parse = (...args: string[]) => options("-kernel", "Image", ...args);

  it("makes if=virtio a disk of its own, with QEMU's name", () => {
    const { drives, devices } = parse("-drive", "if=virtio,file=a,,b.img,format=raw,cache=unsafe");
    expect(drives).toMatchObject([
      { id: "virtio0", image: { kind: "file", filename: "a,b.img", format: "raw" }, noFlush: true },
    ]);
    expect(devices).toEqual([{ kind: "virtio-blk", drive: "virtio0" }]);
  });

  it("reads what becomes of errors, of zeroes and of the write cache; devices have the last word", () => {
    const { drives } = parse(
      ...[
        "-drive",
        "if=none,id=a,file=a,werror=stop,rerror=stop,discard=unmap,detect-zeroes=unmap",
      ],
      ...["-drive", "if=none,id=b,file=b,cache=none,aio=native"],
      ...["-device", "virtio-blk-pci,drive=a,werror=auto,rerror=ignore,write-cache=off"],
      ...["-device", "virtio-scsi-pci", "-device", "scsi-hd,drive=b,werror=report"],
    );
    expect(drives).toMatchObject([
      { writeError: "stop", readError: "ignore", detectZeroes: "unmap", writeThrough: true },
      { writeError: "report", writeThrough: false },
    ]);
  });

  it("reads limits by their newer and older names", () => {
    const text = "file=a,throttling.iops-total=10,bps_wr=5,bps_wr_max=6,throttling.group=g";
    expect(parse("-drive", `${text},copy-on-read=on`).drives).toMatchObject([
      {
        throttle: { iopsTotal: 10, bpsWrite: 5, bpsWriteMax: 6 },
        throttleGroup: "g",
        copyOnRead: true,
      },
    ]);
  });

  it("hands drives to the devices that name them", () => {
    const { drives, devices } = parse(
      ...["-drive", "if=none,id=a,file=a.img,readonly=on,snapshot=on"],
      ...["-drive", "if=none,id=c,file=c.iso,media=cdrom"],
      ...["-blockdev", "driver=file,filename=b.img,node-name=f"],
      ...["-blockdev", '{"driver":"qcow2","node-name":"b","file":"f","read-only":true}'],
      ...["-device", "virtio-blk-pci,drive=a,addr=0x1f,serial=s,num-queues=2,packed=on"],
      ...["-device", "virtio-scsi-device,id=x", "-device", "scsi-hd,drive=b,lun=7,scsi-id=2"],
      ...["-device", "scsi-cd,drive=c,bus=x.0", "-device", "scsi-cd"],
    );
    expect(drives.map(({ id, readOnly }) => [id, readOnly])).toEqual([
      ["b", true],
      ["a", true],
      ["c", true],
    ]);
    expect(drives[0]?.image).toEqual({
      kind: "options",
      options: {
        driver: "qcow2",
        "node-name": "b",
        file: { driver: "file", filename: "b.img", "node-name": "f" },
        "read-only": true,
      },
    });
    expect(devices).toMatchObject([
      { kind: "virtio-blk", drive: "a", slot: 31, serial: "s", queues: 2, packed: true },
      {
        kind: "virtio-scsi",
        transport: "mmio",
        units: [
          { kind: "disk", drive: "b", target: 2, lun: 7 },
          { kind: "cdrom", drive: "c", target: 0, lun: 0 },
          { kind: "cdrom", target: 1, lun: 0 },
        ],
      },
    ]);
  });

  it("leaves -hda and -cdrom to devices, as QEMU does on this board", () => {
    const { drives, devices } = parse("-hda", "a.img", "-cdrom", "c.iso", "-snapshot");
    expect(drives.map(({ id, snapshot }) => [id, snapshot])).toEqual([
      ["none0", true],
      ["none2", true],
    ]);
    expect(devices).toEqual([]);
  });

  it.each([
    [
      "-drive file=d,foo=1",
      "-drive file=d,foo=1: Block format 'raw' does not support the option 'foo'",
    ],
    ["-drive file=d,if=foo", "-drive file=d,if=foo: unsupported bus type 'foo'"],
    [
      "-drive file=d,if=ide",
      "-drive file=d,if=ide: machine type does not support if=ide,bus=0,unit=0",
    ],
    ["-drive file=d,cache=foo", "-drive file=d,cache=foo: invalid cache option"],
    ["-drive file=d,aio=foo", "-drive file=d,aio=foo: invalid aio option"],
    [
      "-drive file=d,aio=native",
      "-drive file=d,aio=native: aio=native was specified, but it requires cache.direct=on, " +
        "which was not specified.",
    ],
    [
      "-drive file=d,throttling.bps-total=1,bps_rd=2",
      "-drive file=d,throttling.bps-total=1,bps_rd=2: bps/iops/max total values and read/write " +
        "values cannot be used at the same time",
    ],
    [
      "-drive file=d,iops=5,iops_max=3",
      "-drive file=d,iops=5,iops_max=3: bps_max/iops_max cannot be lower than bps/iops",
    ],
    ["-drive file=d,werror=foo", "-drive file=d,werror=foo: 'foo' invalid write error action"],
    [
      "-drive file=d,rerror=enospc",
      "-drive file=d,rerror=enospc: 'enospc' invalid read error action",
    ],
    [
      "-drive file=d,detect-zeroes=unmap",
      "-drive file=d,detect-zeroes=unmap: setting detect-zeroes to unmap is not allowed without " +
        "setting discard operation to unmap",
    ],
    ["-drive file=d,media=foo", "-drive file=d,media=foo: 'foo' invalid media"],
    [
      "-drive file=d,readonly=foo",
      "-drive file=d,readonly=foo: Parameter 'read-only' expects 'on' or 'off'",
    ],
    ["-drive if=virtio", "-drive if=virtio: Device needs media, but drive is empty"],
    ["-drive file=d,id=a -drive file=e,id=a", "-drive file=e,id=a: Duplicate ID 'a' for drive"],
    [
      "-blockdev driver=foo,node-name=f",
      "-blockdev driver=foo,node-name=f: Parameter 'driver' does not accept value 'foo'",
    ],
    [
      "-blockdev driver=file,filename=d",
      "-blockdev driver=file,filename=d: 'node-name' must be specified for the root node",
    ],
    [
      "-blockdev driver=raw,node-name=r",
      "-blockdev driver=raw,node-name=r: Parameter 'file' is missing",
    ],
    [
      "-blockdev driver=raw,node-name=r,file=q",
      "-blockdev driver=raw,node-name=r,file=q: Cannot find device='q' nor node-name='q'",
    ],
    ["-device virtio-blk-pci", "-device virtio-blk-pci: drive property not set"],
    [
      "-device virtio-blk-pci,drive=x",
      "-device virtio-blk-pci,drive=x: Property 'virtio-blk-device.drive' can't find value 'x'",
    ],
    ["-device scsi-hd", "-device scsi-hd: No 'SCSI' bus found for device 'scsi-hd'"],
    [
      "-device virtio-rng-pci,foo=1",
      "-device virtio-rng-pci,foo=1: Property 'virtio-rng-pci.foo' not found",
    ],
    ["-device virtio-rng-pci,bus=zz", "-device virtio-rng-pci,bus=zz: Bus 'zz' not found"],
    [
      "-device virtio-rng-pci,packed=zz",
      "-device virtio-rng-pci,packed=zz: Parameter 'packed' expects 'on' or 'off'",
    ],
    [
      "-device virtio-rng-pci,addr=99",
      "-device virtio-rng-pci,addr=99: Property 'virtio-rng-pci.addr' doesn't take value '99'",
    ],
    [
      "-drive file=d,id=a -device virtio-blk-pci,drive=a -device virtio-blk-pci,drive=a",
      "-device virtio-blk-pci,drive=a: Drive 'a' is already in use by another device",
    ],
    [
      "-drive file=d,id=a -device virtio-blk-pci,drive=a,num-queues=0",
      "-device virtio-blk-pci,drive=a,num-queues=0: num-queues property must be larger than 0",
    ],
    [
      "-drive file=d,id=a -device virtio-scsi-pci,id=q -device scsi-hd,drive=a,bus=q.1",
      "-device scsi-hd,drive=a,bus=q.1: Bus 'q.1' not found",
    ],
  ])("%s", (line, message) => {
    expect(() => parse(...line.split(" "))).toThrow(new UsageError(message));
  });
});

test("encrypted images name their secrets", () => {
  const given = options(
    ...KERNEL,
    ...["-object", "secret,id=s,data=x"],
    ...["-drive", "file=a,if=virtio,format=luks,key-secret=s"],
    ...["-drive", "file=b,if=virtio,encrypt.format=luks,encrypt.key-secret=s"],
  );
  expect(given.objects).toEqual(["secret,id=s,data=x"]);
  expect(given.drives.map(({ image }) => image)).toEqual([
    { kind: "file", filename: "a", format: "luks", options: { "key-secret": "s" } },
    {
      kind: "file",
      filename: "b",
      options: { encrypt: { format: "luks", "key-secret": "s" } },
    },
  ]);
});
