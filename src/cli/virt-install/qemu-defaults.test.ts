/** What guests of our own machine get by default. */
import { beforeEach, expect, test } from "vitest";
import { openConnect } from "../../virt/driver/connect.ts";
import { openQemuHost } from "../../virt/drivers/qemu/driver.ts";
import { FakePorts } from "../../virt/drivers/qemu/testing/fake-ports.ts";
import { virtInstall } from "./main.ts";
import { FakeInstallHost } from "./testing/fake-host.ts";

let ports: FakePorts;
let host: FakeInstallHost;

beforeEach(async () => {
  ports = new FakePorts();
  const qemu = await openQemuHost(ports, (name, error) => {
    throw new Error(name, { cause: error });
  });
  const driver = { scheme: "qemu", open: async () => qemu.connection() };
  host = new FakeInstallHost(() => openConnect("qemu:///system", [driver]));
});

async function printed(...args: readonly string[]): Promise<string> {
  const common = ["--name", "a", "--memory", "256", "--disk", "none", "--print-xml"];
  expect(await virtInstall([...common, "--osinfo", "linux2022", ...args], host)).toBe(0);
  return host.output;
}

test("a guest gets no device that the machine does not have", async () => {
  const xml = await printed("--import");
  expect(xml).not.toMatch(/usb|<interface|<graphics/);
  expect(xml).toContain('<rng model="virtio">');
  expect(xml).toContain('<target type="virtio" name="org.qemu.guest_agent.0"/>');
});

test("firmware is EFI, as nothing else finds a boot loader", async () => {
  expect(await printed("--import")).toContain('<os firmware="efi">');
});

test("firmware is the plain one where there is no EFI, and where a kernel is named", async () => {
  expect(await printed("--import", "--boot", "kernel=/k")).not.toContain("firmware");
  ports.missing.add("/efi.fd");
  expect(await printed("--import")).not.toContain("firmware");
});

test("a network is left out, with a word about it, unless there is one", async () => {
  const common = ["--name", "a", "--memory", "256", "--disk", "none", "--import", "--dry-run"];
  await virtInstall([...common, "--osinfo", "linux2022"], host);
  expect(host.errors).toContain("WARNING  There is no network 'default'");
  const connect = await host.connect();
  await connect.networkDefineXMLFlags("<network><name>default</name></network>", 0);
  expect(await printed("--import")).toContain('<source network="default"/>');
});
