import { expect, test } from "vitest";
import { formatXml } from "../../xml/format.ts";
import { domainCapabilities } from "./domain.ts";
import { hostCapabilities } from "./host.ts";

const DRIVER = {
  emulator: "/usr/bin/qemu-system-riscv64",
  virtTypes: ["qemu"],
  maxVcpus: 16,
  efiLoader: "/usr/share/qemu/edk2-riscv-code.fd",
} as const;
const ANY = { emulator: null, arch: null, machine: null, virttype: null };

test("a host tells its CPUs and what guests it runs", () => {
  const xml = formatXml(
    hostCapabilities({
      ...DRIVER,
      uuid: "a25c794c-34ad-41b2-a85c-b030533115b8",
      arch: "riscv64",
      cpus: 2,
      memoryKib: 8_192,
    }),
  );
  expect(xml).toContain("<pages unit='KiB' size='4'>2048</pages>");
  expect(xml).toContain("<cpu id='1' socket_id='0' die_id='0' core_id='1' siblings='1'/>");
  expect(xml).toContain("<machine maxCpus='16'>virt</machine>");
  expect(xml).toMatch(/<secmodel>\s*<model>none<\/model>\s*<doi>0<\/doi>/);
  expect(xml).not.toContain("kvm");
});

test("a guest's devices are those of the machine", () => {
  const xml = formatXml(domainCapabilities(DRIVER, ANY));
  expect(xml).toContain("<vcpu max='16'/>");
  expect(xml).toContain("<graphics supported='no'/>");
  expect(xml).toContain("<value>scsi</value>");
  expect(xml).toContain("<channel supported='yes'>");
});

test("EFI firmware is offered where there is some", () => {
  const offered = "<enum name='firmware'>\n      <value>efi</value>";
  expect(formatXml(domainCapabilities(DRIVER, ANY))).toContain(offered);
  expect(formatXml(domainCapabilities({ ...DRIVER, efiLoader: null }, ANY))).not.toContain("efi<");
});

test.each([
  [{ virttype: "kvm" }, "the accel 'kvm' is not supported by"],
  [{ arch: "x86_64" }, "unable to find any emulator to serve 'x86_64' architecture"],
  [{ machine: "q35" }, "the machine 'q35' is not supported by emulator"],
  [{ emulator: "/bin/sh" }, "Cannot check QEMU binary /bin/sh"],
])("%o is refused", (query, message) => {
  expect(() => domainCapabilities(DRIVER, { ...ANY, ...query })).toThrow(message);
});
