import { beforeEach, describe, expect, it } from "vitest";
import { KeycodeSet } from "../../driver/domain-flags.ts";
import type { Calls } from "../../driver/driver.ts";
import type { DomainRef } from "../../driver/refs.ts";
import { openQemuHost } from "./driver.ts";
import { FakePorts } from "./testing/fake-ports.ts";

const xmlWith = (input: string): string => `<domain type='qemu'><name>a</name>
  <memory unit='MiB'>128</memory><os><type arch='riscv64' machine='virt'>hvm</type></os>
  <devices>${input}<serial type='pty'/></devices></domain>`;
const KEYBOARD = "<input type='keyboard' bus='virtio'/>";

let ports: FakePorts;
let calls: Calls;
let domain: DomainRef;

const start = async (input = KEYBOARD): Promise<void> => {
  domain = await calls.domainCreateXML(xmlWith(input), 0);
};
const said = (): string | undefined => ports.machines.at(-1)?.calls.at(-1);
const qmp = async (execute: string, args: object): Promise<unknown> => {
  const command = JSON.stringify({ execute, arguments: args });
  const answer: unknown = JSON.parse(await calls.domainQemuMonitorCommand(domain, command, 0));
  const { return: value, error } = answer as { return?: unknown; error?: { desc: string } };
  return error?.desc ?? value;
};
const hmp = (command: string): Promise<string> =>
  calls.domainQemuMonitorCommand(domain, command, 1);

beforeEach(async () => {
  ports = new FakePorts();
  calls = (await openQemuHost(ports, () => {})).connection() as Calls;
});

describe("a keyboard in the definition", () => {
  it("is a device of the machine, and others are refused", async () => {
    await start();
    expect(ports.machines[0]?.config.devices).toContainEqual({ kind: "virtio-keyboard" });
    const live = await calls.domainGetXMLDesc(domain, 0);
    expect(live).toContain("<input type='keyboard' bus='virtio'>");
    expect(live).toContain("<alias name='input0'/>");
    // Where libvirt puts it.
    expect(live).toMatch(
      /<input type='keyboard'[^]*<address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'\/>\s*<\/input>/,
    );
    await expect(
      calls.domainCreateXML(
        xmlWith("<input type='tablet' bus='virtio'/>").replace(">a<", ">b<"),
        0,
      ),
    ).rejects.toThrow(
      "this QEMU doesn't support the device input of type 'tablet' on bus 'virtio'",
    );
    await expect(
      calls.domainCreateXML(xmlWith("<input type='keyboard'/>").replace(">a<", ">b<"), 0),
    ).rejects.toThrow("unsupported configuration: ");
  });

  it("cannot be plugged in while the machine runs", async () => {
    await start("");
    await expect(calls.domainAttachDeviceFlags(domain, KEYBOARD, 1)).rejects.toThrow(
      "live attach of device 'input' is not supported",
    );
  });
});

describe("send-key of libvirt", () => {
  it("translates keys of any set", async () => {
    await start();
    await calls.domainSendKey(domain, KeycodeSet.linux, 0, [29, 56, 111], 0);
    expect(said()).toBe("sendKeys 29-56-111 0");
    await calls.domainSendKey(domain, KeycodeSet.usb, 50, [224, 226, 76], 0);
    expect(said()).toBe("sendKeys 29-56-111 50");
    await calls.domainSendKey(domain, KeycodeSet.win32, 0, [0x41], 0);
    expect(said()).toBe("sendKeys 30 0");
  });

  it("takes a number that no key has and presses nothing, as QEMU does", async () => {
    await start();
    await calls.domainSendKey(domain, KeycodeSet.qnum, 0, [0xfa, 30], 0);
    expect(said()).toBe("sendKeys 30 0");
  });

  it("refuses codes that the set does not have, too many keys, and domains that are off", async () => {
    await start();
    await expect(calls.domainSendKey(domain, KeycodeSet.linux, 0, [30, 1000], 0)).rejects.toThrow(
      "internal error: cannot translate keycode 1000 of linux codeset to qnum keycode",
    );
    await expect(calls.domainSendKey(domain, 0, 0, Array<number>(17).fill(30), 0)).rejects.toThrow(
      "nkeycodes must be <= 16",
    );
    await expect(calls.domainSendKey(domain, 0, 0, [30], 1)).rejects.toThrow("unsupported flags");
    const off = await calls.domainDefineXMLFlags(xmlWith(KEYBOARD).replace(">a<", ">c<"), 0);
    await expect(calls.domainSendKey(off, 0, 0, [30], 0)).rejects.toThrow("domain is not running");
  });

  it("is lost without a word where there is no keyboard, as with QEMU", async () => {
    await start("");
    await calls.domainSendKey(domain, 0, 0, [30], 0);
    expect(await qmp("send-key", { keys: [{ type: "qcode", data: "a" }] })).toEqual({});
    expect(await hmp("sendkey a")).toBe("");
  });
});

describe("the monitor's keys", () => {
  // The words are those of QEMU 7.2's monitors.
  const qcode = (data: unknown) => ({ type: "qcode", data });

  it("are pressed by name and by number", async () => {
    await start();
    const keys = [qcode("ctrl"), { type: "number", data: 0xd3 }, qcode("unmapped")];
    expect(await qmp("send-key", { keys, "hold-time": 7 })).toEqual({});
    expect(said()).toBe("sendKeys 29-111 7");
    expect(await hmp("sendkey ctrl-alt-delete")).toBe("");
    expect(said()).toBe("sendKeys 29-56-111 0");
    expect(await hmp("sendkey <-0x1e 20")).toBe("");
    expect(said()).toBe("sendKeys 86-30 20");
  });

  it.each([
    [{}, "Parameter 'keys' is missing"],
    [{ keys: "a" }, "Invalid parameter type for 'keys', expected: array"],
    [{ keys: [3] }, "Invalid parameter type for 'keys[0]', expected: object"],
    [{ keys: [qcode("foo")] }, "Parameter 'data' does not accept value 'foo'"],
    [{ keys: [{ type: "x", data: 1 }] }, "Parameter 'type' does not accept value 'x'"],
    [
      { keys: [{ type: "number", data: "a" }] },
      "Invalid parameter type for 'keys[0].data', expected: integer",
    ],
    [{ keys: [{ type: "number" }] }, "Parameter 'keys[0].data' is missing"],
    [
      { keys: [qcode("a")], "hold-time": "x" },
      "Invalid parameter type for 'hold-time', expected: integer",
    ],
    [{ foo: 1, keys: [] }, "Parameter 'foo' is unexpected"],
  ])("of send-key are refused when they are %j", async (args, words) => {
    await start();
    expect(await qmp("send-key", args)).toBe(words);
  });

  it.each([
    ["", 'sendkey: string expected\r\nTry "help sendkey" for more information\r\n'],
    ["foo", "invalid parameter: foo\r\n"],
    ["ctrl-", "invalid parameter: \r\n"],
    ["30", "invalid parameter: 30\r\n"],
    ["a-b-ctrl_l", "invalid parameter: ctrl_l\r\n"],
    ["a x", "invalid char 'x' in expression\r\nTry \"help sendkey\" for more information\r\n"],
    [
      "a 5 6",
      'sendkey: extraneous characters at the end of line\r\nTry "help sendkey" for more information\r\n',
    ],
  ])("of sendkey are refused when they are '%s'", async (keys, words) => {
    await start();
    expect(await hmp(`sendkey ${keys}`)).toBe(words);
    expect(said()).toBe("start");
  });
});

describe("input-send-event", () => {
  const key = (data: string, down: unknown) => ({
    type: "key",
    data: { down, key: { type: "qcode", data } },
  });

  it("presses and releases keys as it is told", async () => {
    await start();
    expect(await qmp("input-send-event", { events: [key("a", true), key("b", false)] })).toEqual(
      {},
    );
    expect(said()).toBe("sendKeyEvents +30 -48");
  });

  it.each([
    [{}, "Parameter 'events' is missing"],
    [{ device: "x", events: [] }, "Device 'x' not found"],
    [{ events: [{ type: "foo", data: {} }] }, "Parameter 'type' does not accept value 'foo'"],
    [{ events: [{ type: "key" }] }, "Parameter 'events[0].data' is missing"],
    [
      { events: [{ type: "key", data: { down: true } }] },
      "Parameter 'events[0].data.key' is missing",
    ],
    [{ events: [key("a", undefined)] }, "Parameter 'events[0].data.down' is missing"],
    [
      { events: [{ type: "btn", data: { down: true, button: "left" } }] },
      "Input handler not found for event type btn",
    ],
  ])("is refused when it is %j", async (args, words) => {
    await start();
    expect(await qmp("input-send-event", args)).toBe(words);
  });

  it("says so when nobody could hear it", async () => {
    await start();
    await calls.domainSuspend(domain);
    expect(await qmp("input-send-event", { events: [] })).toBe("VM not running");
    await calls.domainDestroyFlags(domain, 0);
    await start("");
    expect(await qmp("input-send-event", { events: [key("a", true)] })).toBe(
      "Input handler not found for event type key",
    );
  });
});
