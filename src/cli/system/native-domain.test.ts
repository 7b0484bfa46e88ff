import { expect, it } from "vitest";
import type { Calls } from "../../virt/driver/driver.ts";
import { openQemuHost } from "../../virt/drivers/qemu/driver.ts";
import { FakePorts } from "../../virt/drivers/qemu/testing/fake-ports.ts";
import { parseSystem } from "./system-options.ts";

const XML = `<domain type='qemu'><name>a b</name><memory unit='MiB'>128</memory><vcpu>2</vcpu>
  <os><type arch='riscv64' machine='virt'>hvm</type><kernel>/k</kernel>
  <cmdline>console=ttyS0 it's</cmdline></os><on_reboot>destroy</on_reboot><devices>
  <disk type='file'><driver type='qcow2' discard='unmap' error_policy='stop'/>
  <source file='/a,b.img'/><target dev='vda' bus='virtio'/><serial>S1</serial></disk>
  <disk type='file' device='cdrom'><source file='/c.iso'/><target dev='sda' bus='scsi'/></disk>
  <serial type='pty'/><rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
  <input type='keyboard' bus='virtio'/></devices></domain>`;

/** Words as a shell takes a line apart. */
function shellWords(line: string): string[] {
  const parts = line.trim().match(/(?:'[^']*'|\\.|[^\s'\\])+/g) ?? [];
  return parts.map((part) => part.replace(/'([^']*)'|\\(.)/g, "$1$2"));
}

it("a domain's command line makes the same machine", async () => {
  const ports = new FakePorts();
  const calls = (await openQemuHost(ports, () => {})).connection() as Calls;
  const [emulator, ...words] = shellWords(
    await calls.connectDomainXMLToNative("qemu-argv", XML, 0),
  );
  expect(emulator).toBe("/usr/bin/qemu-system-riscv64");
  const options = parseSystem(words);
  await calls.domainCreateXML(XML, 0);
  const config = ports.machines[0]?.config;
  expect(options).toMatchObject({
    name: "a b",
    memoryBytes: config?.memoryBytes,
    vcpus: 2,
    kernel: "/k",
    append: "console=ttyS0 it's",
    noReboot: true,
  });
  if (typeof options === "string") throw new Error(options);
  expect(options.devices).toMatchObject(config?.devices ?? []);
  expect(options.drives).toMatchObject(
    (config?.drives ?? []).map((drive) => ({
      id: drive.id,
      image: drive.image,
      readOnly: drive.readOnly,
      discard: drive.discard,
    })),
  );
  await expect(calls.connectDomainXMLToNative("xen-xl", XML, 0)).rejects.toThrow(
    "invalid argument: unsupported config type xen-xl",
  );
});
