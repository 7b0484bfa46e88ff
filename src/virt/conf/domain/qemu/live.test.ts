import { expect, test } from "vitest";
import { formatXml } from "../../../xml/format.ts";
import { parseQemuDomain } from "./canonical.ts";
import { TABVISOR_BOARD } from "./context.ts";
import { liveQemuDomain } from "./live.ts";

const CONTEXT = {
  virtTypes: ["qemu"],
  defaultArch: "riscv64",
  defaultMachine: "virt",
  emulator: "/usr/bin/qemu-system-riscv64",
  channelFolder: "/var/lib/libvirt/qemu/channel/target",
  nvramFolder: "/var/lib/libvirt/qemu/nvram",
  board: TABVISOR_BOARD,
  newUuid: () => "6c6f6e67-0000-4000-8000-000000000001",
  newMac: () => "52:54:00:12:34:56",
};

const DEVICES = `<disk><source file='/a'/><target dev='vdb'/></disk>
  <disk device='cdrom'><source file='/c'/><target dev='sda'/></disk>
  <interface type='user'/><console type='pty'/>
  <console type='pty'><target type='virtio'/></console>
  <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
  <rng model='virtio'><backend model='random'/></rng>
  <input type='tablet' bus='virtio'><alias name='ua-pen'/></input>`;

function live(devices: string): string {
  const text = `<domain type='qemu'><name>g</name><memory>262143</memory>
    <os><type>hvm</type></os><devices>${devices}</devices></domain>`;
  const definition = parseQemuDomain(text, CONTEXT, { inactive: true, newDomain: true });
  return formatXml(
    liveQemuDomain(definition, {
      id: 3,
      channelFolder: "/run/channels",
      ptyOf: (alias) => `/dev/pts/${alias}`,
      interfaceTarget: () => "vnet7",
    }),
  );
}

test("a running domain's devices have libvirt's aliases", () => {
  const names = [...live(DEVICES).matchAll(/<alias name='([^']+)'/g)].map(([, name]) => name);
  expect(names).toEqual([
    ...["scsi0-0-0-0", "virtio-disk1", "pcie.0", "scsi0", "virtio-serial0"],
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9]
      .slice(0, names.filter((name) => name?.startsWith("pci.")).length)
      .map((index) => `pci.${index}`),
    ...["net0", "serial0", "serial0", "console1", "channel0", "ua-pen", "balloon0", "rng0"],
  ]);
});

test("what was chosen for the run is written down", () => {
  const xml = live(DEVICES);
  expect(xml).toContain("<domain type='qemu' id='3'>");
  expect(xml).toContain("<memory unit='KiB'>262144</memory>");
  expect(xml).toContain("<currentMemory unit='KiB'>262144</currentMemory>");
  expect(xml).toContain("<source file='/a' index='1'/>");
  expect(xml).toContain("<source file='/c' index='2'/>");
  expect(xml).toContain("<console type='pty' tty='/dev/pts/serial0'>");
  expect(xml).toContain("<source path='/dev/pts/console1'/>");
  expect(xml).toContain("<target dev='vnet7'/>");
  expect(xml).toContain(
    "<source mode='bind' path='/run/channels/domain-3-g/org.qemu.guest_agent.0'/>",
  );
  expect(xml).toContain(
    "<target type='virtio' name='org.qemu.guest_agent.0' state='disconnected'/>",
  );
});
