/** libvirt's qemuxml2xml test: what its qemu driver makes of a definition. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseQemuDomain } from "../../src/virt/conf/domain/qemu/canonical.ts";
import type { QemuBoard } from "../../src/virt/conf/domain/qemu/context.ts";
import { formatXml } from "../../src/virt/xml/format.ts";

/** The machine of libvirt's tests by what a case says of QEMU's capabilities. */
const LATEST: QemuBoard = { pcie: true, rootPorts: true, virtioMmio: true, scsiModel: "lsilogic" };

const CASE = /^\s*DO_TEST(?<kind>\w*)\(\s*"(?<name>[\w.+-]+)"(?<rest>[^;]*?)\);/gm;

export interface QemuCase {
  readonly name: string;
  readonly input: string;
  readonly expected: string;
  readonly board: QemuBoard;
}

/** The cases of riscv64 guests. */
export function riscvCases(folder: string): QemuCase[] {
  const list = readFileSync(join(folder, "qemuxml2xmltest.c"), "utf8");
  return [...list.matchAll(CASE)].flatMap(({ groups }) => {
    const { kind = "", name = "", rest = "" } = groups ?? {};
    if (!name.includes("riscv64")) return [];
    const suffix = kind.includes("LATEST") ? ".riscv64-latest" : "";
    const expected = join(folder, "qemuxml2xmloutdata", `${name}${suffix}.xml`);
    const input = join(folder, "qemuxml2argvdata", `${name}.xml`);
    if (!existsSync(expected) || !existsSync(input)) return [];
    return [{ name, input, expected, board: kind.includes("LATEST") ? LATEST : boardOf(rest) }];
  });
}

function boardOf(flags: string): QemuBoard {
  return {
    pcie: flags.includes("QEMU_CAPS_OBJECT_GPEX"),
    rootPorts: flags.includes("QEMU_CAPS_DEVICE_PCIE_ROOT_PORT"),
    virtioMmio: flags.includes("QEMU_CAPS_DEVICE_VIRTIO_MMIO"),
    scsiModel: flags.includes("QEMU_CAPS_SCSI_LSI") ? "lsilogic" : "virtio-scsi",
  };
}

/** What we make of a definition. @throws VmError where it is refused */
export function canonicalQemu(text: string, board: QemuBoard): string {
  const context = {
    virtTypes: ["qemu"],
    defaultArch: "riscv64",
    defaultMachine: "virt",
    emulator: "/usr/bin/qemu-system-riscv64",
    nvramFolder: "/var/lib/libvirt/qemu/nvram",
    board,
    newUuid: () => "00000000-0000-0000-0000-000000000000",
    newMac: () => "52:54:00:00:00:00",
  };
  return formatXml(parseQemuDomain(text, context, { inactive: true, newDomain: false }));
}
