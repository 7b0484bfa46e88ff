import { beforeEach, describe, expect, it, vi } from "vitest";
import { utf8Text } from "../../../../util/bytes.ts";
import type { Calls } from "../../../driver/driver.ts";
import type { DomainRef } from "../../../driver/refs.ts";
import { openQemuHost } from "../driver.ts";
import { type FakeChannel, type FakeMachine, FakePorts } from "../testing/fake-ports.ts";

const XML = `<domain type='qemu'><name>a</name><memory unit='MiB'>128</memory>
  <os><type arch='riscv64' machine='virt'>hvm</type></os><devices>
  <disk type='file'><source file='/d.img'/><target dev='sda' bus='scsi'/></disk>
  <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
  <serial type='pty'/></devices></domain>`;

let ports: FakePorts;
let calls: Calls;
let domain: DomainRef;
let machine: FakeMachine;
let channel: FakeChannel;
let events: string[];

/** Commands that the guest's agent was given, but for its synchronization. */
let heard: { execute: string; arguments?: unknown }[];
/** What it answers: a value, an error, or nothing. */
let answers: Map<string, unknown>;

beforeEach(async () => {
  ports = new FakePorts();
  calls = (await openQemuHost(ports, () => {})).connection() as Calls;
  events = [];
  await calls.connectEvents((event) => {
    if (event.of !== "domain" || event.event.kind !== "agent-lifecycle") return;
    events.push(`${event.event.state} ${event.event.reason}`);
  });
  domain = await calls.domainCreateWithFlags(await calls.domainDefineXMLFlags(XML, 0), 0);
  machine = ports.machines[0] as FakeMachine;
  channel = machine.channels[0] as FakeChannel;
  heard = [];
  answers = new Map();
  channel.onWrite = (bytes) => answer(utf8Text(bytes));
});

function answer(line: string): void {
  const command = JSON.parse(line) as { execute: string; arguments?: { id?: number } };
  if (command.execute === "guest-sync") {
    channel.say(`{"return": 1}\n{"return": ${command.arguments?.id}}\n`);
    return;
  }
  heard.push(command);
  if (!answers.has(command.execute)) {
    channel.say('{"error": {"class": "CommandNotFound", "desc": "not here"}}\n');
    return;
  }
  const reply = answers.get(command.execute);
  if (reply === undefined) return;
  const text = `${JSON.stringify({ return: reply })}\n`;
  // It comes as it comes.
  channel.say(text.slice(0, 5));
  channel.say(text.slice(5));
}

describe("a guest's agent", () => {
  it("is known to be there when a program in the guest opens its channel", async () => {
    await expect(calls.domainGetTime(domain, 0)).rejects.toThrow(
      "Guest agent is not responding: QEMU guest agent is not connected",
    );
    expect(await calls.domainGetXMLDesc(domain, 0)).toContain("state='disconnected'");
    channel.open(true);
    expect(await calls.domainGetXMLDesc(domain, 0)).toContain("state='connected'");
    channel.open(false);
    expect(events).toEqual(["1 2", "2 2"]);
  });

  it("is missed where the domain has no channel for it", async () => {
    const xml = XML.replace(/<channel.*channel>/, "").replace("<name>a", "<name>b");
    const other = await calls.domainCreateXML(xml, 0);
    await expect(calls.domainFSFreeze(other, [], 0)).rejects.toThrow(
      "argument unsupported: QEMU guest agent is not configured",
    );
    await calls.domainDestroyFlags(domain, 0);
    await expect(calls.domainGetTime(domain, 0)).rejects.toThrow("domain is not running");
  });

  it("answers commands as they are, one after the other", async () => {
    channel.open(true);
    answers.set("guest-ping", {});
    answers.set("guest-info", { version: "7.2" });
    const said = await Promise.all([
      calls.domainQemuAgentCommand(domain, '{"execute":"guest-ping"}', -2, 0),
      calls.domainQemuAgentCommand(domain, '{"execute":"guest-info"}', -2, 0),
    ]);
    expect(said).toEqual(['{"return":{}}', '{"return":{"version":"7.2"}}']);
    expect(await calls.domainQemuAgentCommand(domain, '{"execute":"x"}', -2, 0)).toContain(
      "CommandNotFound",
    );
  });

  it("is not waited for longer than was said, and what is late is passed over", async () => {
    channel.open(true);
    answers.set("guest-ping", undefined);
    const slow = calls.domainQemuAgentCommand(domain, '{"execute":"guest-ping"}', 0, 0);
    await expect(slow).rejects.toThrow("Guest agent not available for now");
    channel.say('{"return": "late"}\n');
    answers.set("guest-get-host-name", { "host-name": "h" });
    expect(await calls.domainGetHostname(domain, 2)).toBe("h");
  });

  it("gives up when it goes away, and refuses in libvirt's words", async () => {
    channel.open(true);
    answers.set("guest-fstrim", undefined);
    const trimmed = calls.domainFSTrim(domain, null, 0n, 0);
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    channel.open(false);
    await expect(trimmed).rejects.toThrow("Guest agent disappeared while executing command");
    channel.open(true);
    await expect(calls.domainGetHostname(domain, 2)).rejects.toThrow(
      "internal error: unable to execute QEMU agent command 'guest-get-host-name': not here",
    );
    answers.set("guest-get-host-name", { name: "h" });
    await expect(calls.domainGetHostname(domain, 2)).rejects.toThrow(
      "'host-name' missing in reply of guest-get-host-name",
    );
  });
});

describe("what the agent tells", () => {
  beforeEach(() => channel.open(true));

  it("is the guest's file systems, with the disks by their targets", async () => {
    const disk = { "bus-type": "scsi", bus: 0, target: 0, unit: 0, dev: "/dev/sda1" };
    answers.set("guest-get-fsinfo", [
      { name: "sda1", mountpoint: "/", type: "ext4", disk: [disk], "total-bytes": 100 },
    ]);
    expect(await calls.domainGetFSInfo(domain, 0)).toEqual([
      { mountpoint: "/", name: "sda1", fstype: "ext4", devAliases: ["sda"] },
    ]);
  });

  it("is all that it knows, where nothing else is asked for", async () => {
    answers.set("guest-get-users", [{ user: "root", "login-time": 1.5 }]);
    answers.set("guest-get-timezone", { zone: "UTC", offset: 0 });
    const params = await calls.domainGetGuestInfo(domain, 0, 0);
    expect(params.map(({ field, value }) => [field, value])).toEqual([
      ["user.count", 1],
      ["user.0.name", "root"],
      ["user.0.login-time", 1500n],
      ["timezone.name", "UTC"],
      ["timezone.offset", 0],
    ]);
    await expect(calls.domainGetGuestInfo(domain, 2, 0)).rejects.toThrow("'guest-get-osinfo'");
    await expect(calls.domainGetGuestInfo(domain, 128, 0)).rejects.toThrow(
      "unsupported guest information types '0x80'",
    );
  });

  it("is addresses, time and processors", async () => {
    answers.set("guest-network-get-interfaces", [
      {
        name: "eth0",
        "hardware-address": "52:54:00:00:00:01",
        "ip-addresses": [{ "ip-address-type": "ipv4", "ip-address": "10.0.0.2", prefix: 24 }],
      },
    ]);
    expect(await calls.domainInterfaceAddresses(domain, 1, 0)).toEqual([
      {
        name: "eth0",
        hwaddr: "52:54:00:00:00:01",
        addrs: [{ type: 0, addr: "10.0.0.2", prefix: 24 }],
      },
    ]);
    answers.set("guest-get-time", 1_700_000_000_500_000_000);
    expect((await calls.domainGetTime(domain, 0)).seconds).toBe(1_700_000_000n);
    const vcpu = (id: number, online: boolean) => ({
      "logical-id": id,
      online,
      "can-offline": id > 0,
    });
    answers.set("guest-get-vcpus", [vcpu(1, true), vcpu(0, true), vcpu(2, false)]);
    answers.set("guest-set-vcpus", 1);
    expect((await calls.domainGetGuestVcpus(domain, 0)).map(({ value }) => value)).toEqual([
      "0-2",
      "0-1",
      "1-2",
    ]);
    expect(await calls.domainGetVcpusFlags(domain, 8 | 1)).toBe(2);
    await calls.domainSetVcpusFlags(domain, 3, 8 | 1);
    expect(heard.at(-1)?.arguments).toEqual({ vcpus: [{ "logical-id": 2, online: true }] });
    await expect(calls.domainSetGuestVcpus(domain, "0", false, 0)).rejects.toThrow(
      "vCPU '0' is not offlinable",
    );
  });
});

describe("a guest that is asked to power off", () => {
  it("is asked by its agent where that is there, and by the button where it does not obey", async () => {
    channel.open(true);
    answers.set("guest-shutdown", undefined);
    const asked = calls.domainShutdownFlags(domain, 0);
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    expect(heard[0]?.arguments).toEqual({ mode: "powerdown" });
    machine.tell({ state: "shutoff", reason: "shutdown" });
    await asked;
    expect(machine.calls).not.toContain("shutdown");
    await calls.domainCreateWithFlags(domain, 0);
    const again = ports.machines[1] as FakeMachine;
    const deaf = again.channels[0] as FakeChannel;
    deaf.onWrite = () => deaf.open(false);
    deaf.open(true);
    await calls.domainShutdownFlags(domain, 0);
    expect(again.calls).toContain("shutdown");
  });

  it("is not asked otherwise where only the agent was meant", async () => {
    await expect(calls.domainShutdownFlags(domain, 2)).rejects.toThrow("is not connected");
    channel.open(true);
    await expect(calls.domainReboot(domain, 2)).rejects.toThrow("'guest-shutdown'");
    expect(machine.calls).toEqual(["start"]);
  });
});
