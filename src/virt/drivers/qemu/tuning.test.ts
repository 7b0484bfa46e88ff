import { beforeEach, describe, expect, it } from "vitest";
import type { Calls } from "../../driver/driver.ts";
import type { DomainRef } from "../../driver/refs.ts";
import type { DomainEvent } from "../../driver/events.ts";
import { param, type TypedParams } from "../../driver/typed-params.ts";
import { openQemuHost } from "./driver.ts";
import { FakePorts, MemoryFiles } from "./testing/fake-ports.ts";

const XML = `<domain type='qemu'><name>a</name><memory unit='MiB'>128</memory>
  <os><type arch='riscv64' machine='virt'>hvm</type></os><devices>
  <disk type='file'><source file='/d.img'/><target dev='sda' bus='scsi'/><iotune>
  <read_bytes_sec>100</read_bytes_sec><write_bytes_sec>200</write_bytes_sec></iotune></disk>
  <serial type='pty'/></devices></domain>`;
const [LIVE, CONFIG] = [1, 2];

let ports: FakePorts;
let files: MemoryFiles;
let calls: Calls;
let domain: DomainRef;
let events: DomainEvent[];

beforeEach(async () => {
  files = new MemoryFiles();
  ports = new FakePorts(files);
  calls = (await openQemuHost(ports, () => {})).connection() as Calls;
  domain = await calls.domainDefineXMLFlags(XML, 0);
  events = [];
  await calls.connectEvents((event) => void (event.of === "domain" && events.push(event.event)));
});

const start = async (): Promise<void> => {
  domain = await calls.domainCreateWithFlags(domain, 0);
  events.length = 0;
};

describe("limits of a disk", () => {
  const tune = (params: TypedParams, flags: number) =>
    calls.domainSetBlockIoTune(domain, "sda", params, flags);
  const limit = async (field: string, flags = 0): Promise<unknown> =>
    (await calls.domainGetBlockIoTune(domain, "sda", flags)).find((each) => each.field === field)
      ?.value;

  it("are told with those that are not set, in libvirt's order", async () => {
    const params = await calls.domainGetBlockIoTune(domain, "sda", 0);
    expect(params).toHaveLength(20);
    expect(params[1]).toEqual(param.ullong("read_bytes_sec", 100n));
    expect(params[13]).toEqual(param.string("group_name", ""));
  });

  it("change while the domain runs, and take their family along", async () => {
    await start();
    await tune([param.ullong("total_bytes_sec", 5000n)], LIVE);
    expect(ports.machines[0]?.calls.at(-1)).toMatch(
      /^tune sda .*"bpsTotal":5000,"bpsRead":0,"bpsWrite":0/,
    );
    expect(await limit("total_bytes_sec")).toBe(5000n);
    expect(await limit("read_bytes_sec", CONFIG)).toBe(100n);
    expect(events).toEqual([
      {
        kind: "tunable",
        params: [
          param.string("blkdeviotune.disk", "sda"),
          param.ullong("blkdeviotune.total_bytes_sec", 5000n),
        ],
      },
    ]);
  });

  it("are kept for the next start, and gone where all are 0", async () => {
    await tune([param.ullong("total_iops_sec", 7n), param.string("group_name", "g")], CONFIG);
    const text = files.files.get("qemu/a.xml") ?? "";
    expect(text).toContain("<read_bytes_sec>100</read_bytes_sec>");
    expect(text).toContain("<total_iops_sec>7</total_iops_sec>");
    expect(text).toContain("<group_name>g</group_name>");
    const none = ["total_bytes_sec", "total_iops_sec"].map((field) => param.ullong(field, 0n));
    await tune(none, CONFIG);
    expect(files.files.get("qemu/a.xml")).not.toContain("<iotune>");
  });

  it.each([
    [[param.ullong("speed", 1n)], "argument unsupported: parameter 'speed' not supported"],
    [
      [param.ullong("total_bytes_sec", 1n), param.ullong("read_bytes_sec", 1n)],
      "invalid argument: total and read/write of bytes_sec cannot be set at the same time",
    ],
    [
      [param.ullong("total_iops_sec_max", 1n)],
      "unsupported configuration: value 'total_iops_sec_max' cannot be set if 'total_iops_sec' is not set",
    ],
    [
      [param.ullong("read_bytes_sec_max", 1n)],
      "unsupported configuration: value 'read_bytes_sec_max' cannot be smaller than 'read_bytes_sec'",
    ],
    [
      [param.ullong("total_bytes_sec", 0n), param.string("group_name", "new")],
      "creating a new group/updating existing with all tune parameters zero is not supported",
    ],
    [[param.ullong("total_iops_sec", 10n ** 16n)], "must be no more than 1000000000000000"],
  ])("are refused: %o", async (params, words) => {
    await expect(tune(params, CONFIG)).rejects.toThrow(words);
  });

  it("do not let a disk change its group while it runs", async () => {
    await start();
    const params = [param.ullong("total_iops_sec", 1n), param.string("group_name", "g")];
    await expect(tune(params, LIVE)).rejects.toThrow("throttle group");
    await expect(calls.domainGetBlockIoTune(domain, "sdz", 0)).rejects.toThrow(
      "disk 'sdz' not found in domain",
    );
  });
});

describe("a threshold of a disk", () => {
  const set = (dev: string): Promise<void> => calls.domainSetBlockThreshold(domain, dev, 4096n, 0);

  it("is told by the disk and by its image once it is passed", async () => {
    await start();
    await set("sda");
    const [machine] = ports.machines;
    expect(machine?.calls.at(-1)).toBe("threshold sda 4096");
    machine?.passThreshold({ drive: "sda", thresholdBytes: 4096, excessBytes: 512 });
    const passed = { path: "/d.img", threshold: 4096n, excess: 512n };
    expect(events).toEqual([
      { kind: "block-threshold", dev: "sda", ...passed },
      { kind: "block-threshold", dev: "sda[1]", ...passed },
    ]);
    events.length = 0;
    await set("sda[1]");
    machine?.passThreshold({ drive: "sda", thresholdBytes: 4096, excessBytes: 512 });
    expect(events).toEqual([{ kind: "block-threshold", dev: "sda[1]", ...passed }]);
  });

  it.each([
    ["sdb", "invalid argument: failed to find disk 'sdb'"],
    ["sda[2]", "invalid argument: failed to find disk 'sda[2]'"],
    ["sda[x", "invalid argument: failed to parse block device 'sda[x'"],
  ])("is refused for %s", async (dev, words) => {
    await expect(set("sda")).rejects.toThrow("domain is not running");
    await start();
    await expect(set(dev)).rejects.toThrow(words);
  });
});

describe("what people note", () => {
  it("is kept, and told in an event", async () => {
    await calls.domainSetMetadata(domain, 0, "A text", null, null, CONFIG);
    await calls.domainSetMetadata(domain, 2, "<mark/>", "k", "urn:k", CONFIG);
    expect(await calls.domainGetMetadata(domain, 0, null, 0)).toBe("A text");
    expect(await calls.domainGetMetadata(domain, 2, "urn:k", 0)).toBe("<mark/>");
    expect(files.files.get("qemu/a.xml")).toContain(`<k:mark xmlns:k="urn:k"/>`);
    expect(events).toEqual([
      { kind: "metadata-change", type: 0, nsuri: null },
      { kind: "metadata-change", type: 2, nsuri: "urn:k" },
    ]);
  });

  it("can be of this run alone", async () => {
    await start();
    await calls.domainSetMetadata(domain, 1, "Now", null, null, LIVE);
    expect(await calls.domainGetMetadata(domain, 1, null, LIVE)).toBe("Now");
    await expect(calls.domainGetMetadata(domain, 1, null, CONFIG)).rejects.toThrow(
      "metadata not found: Requested metadata element is not present",
    );
    await expect(calls.domainGetMetadata(domain, 9, null, 0)).rejects.toThrow(
      "unknown metadata type '9'",
    );
  });
});

describe("devices that no machine has", () => {
  it("are told so to those who reach for them", async () => {
    await start();
    await expect(calls.domainInjectNMI(domain, 0)).rejects.toThrow("does not provide NMIs");
  });
});
