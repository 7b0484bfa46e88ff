import { describe, expect, test } from "vitest";
import type { Connect } from "../../virt/driver/connect.ts";
import { FakeToolHost, testConnection } from "../virtinst/testing.ts";
import type { XmlHost } from "./host.ts";
import { virtXml } from "./main.ts";

const NODE = `<node>
  <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
    <name>off</name><memory>1024</memory><os><type>hvm</type></os>
    <devices>
      <disk><source file='/pool/a.img'/><target dev='vda' bus='virtio'/></disk>
      <disk><source file='/pool/b.img'/><target dev='vdb' bus='virtio'/></disk>
      <serial type='pty'/>
    </devices>
    <test:runstate>5</test:runstate>
  </domain>
  <domain type='test'><name>on</name><memory>1024</memory><os><type>hvm</type></os></domain>
  <pool type='dir'><name>pool</name><target><path>/pool</path></target>
    <volume><name>a.img</name><capacity>1</capacity><allocation>0</allocation></volume>
    <volume><name>b.img</name><capacity>1</capacity><allocation>0</allocation></volume>
  </pool>
</node>`;

const INPUT = `<domain type='test'>
  <name>in</name>
  <!-- kept -->
  <features>
    <acpi/>
  </features>
  <os><type>hvm</type></os>
  <devices>
  </devices>
</domain>`;

class FakeXmlHost extends FakeToolHost implements XmlHost {
  readonly #lines: string[];
  readonly #input: string | undefined;

  connects = (): Promise<Connect> => testConnection("test:///node.xml", { "/node.xml": NODE });

  constructor(input: string | undefined, lines: readonly string[]) {
    super(() => this.connects());
    this.#input = input;
    this.#lines = [...lines];
  }

  readonly readInput = async (): Promise<string | undefined> => this.#input;
  readonly readLine = async (prompt: string): Promise<string | null> => {
    this.out(prompt);
    return this.#lines.shift() ?? null;
  };
}

interface Run {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function run(
  args: readonly string[],
  { input, lines = [] }: { input?: string; lines?: readonly string[] } = {},
): Promise<Run> {
  const host = new FakeXmlHost(input, lines);
  const status = await virtXml(args, host);
  return { status, out: host.output, err: host.errors };
}

const words = (line: string): string[] => line.split(" ");

/** The changed lines of a printed difference. */
function changes({ out }: Run): string[] {
  return out.split("\n").filter((line) => /^[-+] /.test(line));
}

describe("virt-xml", () => {
  test("edits parts by number, by what they are, and all of them", async () => {
    const edit = async (which: string): Promise<number> => {
      const args = words(`off --edit ${which} --disk driver.cache=none --print-diff`);
      return changes(await run(args)).length;
    };
    expect(await edit("2")).toBe(1);
    expect(await edit("target=vdb")).toBe(1);
    expect(await edit("/pool/a.img")).toBe(1);
    expect(await edit("all")).toBe(2);
  });

  test("leaves everything else as it stood", async () => {
    const { out } = await run(words("--edit --features acpi=off"), { input: INPUT });
    const printed = INPUT.replaceAll("'", '"').replace(
      "<features>\n    <acpi/>\n  </features>",
      "<features/>",
    );
    expect(out).toBe(`${printed}\n\n`);
  });

  test("adds devices with what they lack, on lines of their own", async () => {
    const found = await run(words("off --add-device --input keyboard --print-diff"));
    expect(changes(found)).toEqual(['+    <input type="keyboard" bus="ps2"/>']);
  });

  test("takes a disk from its server", async () => {
    const input =
      "<domain type='test'>\n  <name>in</name>\n  <devices>\n    <disk type='network'>\n" +
      "      <source protocol='nbd'>\n        <host name='a'/>\n      </source>\n    </disk>\n" +
      "  </devices>\n</domain>";
    const { out } = await run(words("--edit --disk path=/pool/a.img"), { input });
    expect(out).not.toContain("host");
  });

  test("removes a serial port with its console", async () => {
    const found = await run(words("off --remove-device --serial 1 --print-diff"));
    expect(found.out).toContain("-    <serial");
    expect(found.out).toContain("-    <console");
  });

  test("defines, starts and updates", async () => {
    expect((await run(words("off --edit --metadata title=x --start"))).out).toBe(
      "Domain 'off' defined successfully.\nDomain 'off' started successfully.\n",
    );
    expect((await run(words("on --edit --metadata title=x"))).out).toBe(
      "Domain 'on' defined successfully.\n" +
        "Changes will take effect after the domain is fully powered off.\n",
    );
  });

  test("changes the running guest, and its definition in the same way", async () => {
    const attached: string[] = [];
    const host = new FakeXmlHost(undefined, []);
    const connect = await host.connect();
    // The test driver has no running guest to change.
    const withHotplug = new Proxy(connect, {
      get: (target, name, receiver) =>
        name === "domainAttachDeviceFlags"
          ? async (_domain: unknown, xml: string) => void attached.push(xml)
          : Reflect.get(target, name, receiver),
    });
    host.connects = async () => withHotplug;
    const args = words("on --add-device --network user --update --define --print-xml");
    expect(await virtXml(args, host)).toBe(0);
    expect(host.output).toContain("Device hotplug successful.\n");
    expect(host.output).toContain("Domain 'on' defined successfully.\n");
    const [, mac = ""] = /<mac address="(.*?)"/.exec(attached[0] ?? "") ?? [];
    expect(host.output.split(mac).length).toBe(3);
  });

  test("asks until it is told", async () => {
    const args = words("off --edit --metadata title=x --confirm");
    const refused = await run(args, { lines: ["perhaps", "no"] });
    expect(refused.out).toContain("(y/n): Please enter 'yes' or 'no'.\n");
    expect(refused.out).not.toContain("defined successfully");
    expect((await run(args, { lines: ["y"] })).out).toContain("'off' defined successfully.\n");
    expect((await run(args)).out).not.toContain("defined successfully");
  });

  test("prints an option's XML alone", async () => {
    const { out } = await run(words("--build-xml --rng /dev/urandom"));
    expect(out).toBe(
      '<rng model="virtio">\n  <backend model="random">/dev/urandom</backend>\n</rng>\n\n',
    );
  });

  test.each([
    ["off", "One of --edit, --add-device, --remove-device, --build-xml must be specified."],
    ["off --edit --add-device --disk x", "Conflicting options --edit, --add-device"],
    ["off --edit", "No change specified."],
    ["off --edit --disk a --network b", "(conflicting options ['--disk', '--network'])"],
    ["off --edit 3 --disk a", "'--edit 3' requested but there are only 2 --disk objects"],
    ["off --edit 2 --serial a", "'--edit 2' requested but there's only 1 --serial object in"],
    ["off --edit target=vdz --disk a", "No matching objects found for --edit target=vdz"],
    ["off --edit size=1 --disk a", "Don't know how to match device type 'disk' property 'size'"],
    ["off --remove-device --cpu 1", "Cannot use --remove-device with --cpu"],
    ["off --edit 2 --memory 1", "'--edit 2' doesn't make sense with --memory"],
    ["on --edit --memory 1 --update", "Don't know how to --update for --memory"],
    ["gone --edit --memory 1", "Could not find domain 'gone': Domain not found"],
    ["--edit --memory 1", "A domain must be specified"],
    ["off --edit --memory clearxml=yes", "Don't know how to clearxml for --memory"],
    ["off --edit --boot uefi", "Libvirt version does not support UEFI."],
  ])("refuses %s", async (line, message) => {
    const { status, err } = await run(words(line));
    expect(err).toContain(message);
    expect(status).toBe(1);
  });
});
