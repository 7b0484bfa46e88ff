/** libvirt's qemuxml2xml test: what its qemu driver makes of a definition. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseQemuDomain } from "../../src/virt/conf/domain/qemu/canonical.ts";
import { type QemuBoard, TABVISOR_BOARD } from "../../src/virt/conf/domain/qemu/context.ts";
import { type Draft, draftOf } from "../../src/virt/xml/draft.ts";
import { formatXml } from "../../src/virt/xml/format.ts";
import { parseXml } from "../../src/virt/xml/parse.ts";
import { isExpressible, maskMachine, retarget } from "./foreign-cases.ts";

/** The machine of libvirt's tests by what a case says of QEMU's capabilities. */
const LATEST: QemuBoard = { pcie: true, rootPorts: true, virtioMmio: true, scsiModel: "lsilogic" };

const CASE = /^\s*DO_TEST(?<kind>\w*)\(\s*"(?<name>[\w.+-]+)"(?<rest>[^;]*?)\);/gm;

export interface QemuCase {
  readonly name: string;
  readonly input: string;
  readonly expected: string;
  readonly board: QemuBoard;
}

/** A case for another machine that is asked of ours. */
export interface ForeignCase {
  readonly name: string;
  /** What libvirt makes of it, without what is each machine's own. */
  readonly expected: string;
  /** The same of ours. @throws VmError where it is refused */
  canonical(): string;
}

/** The cases for other machines that ours can express too (see `isExpressible`). */
export function foreignCases(folder: string): ForeignCase[] {
  const list = readFileSync(join(folder, "qemuxml2xmltest.c"), "utf8");
  return [...list.matchAll(CASE)].flatMap(({ groups }): ForeignCase[] => {
    const { kind = "", name = "", rest = "" } = groups ?? {};
    const input = join(folder, "qemuxml2argvdata", `${name}.xml`);
    const expected = foreignOutput(folder, name, kind, rest);
    if (name.includes("riscv64") || expected === undefined || !existsSync(input)) return [];
    const tree = readTree(input);
    return isExpressible(tree) ? [foreignCase(name, tree, readTree(expected))] : [];
  });
}

function foreignCase(name: string, input: Draft, expected: Draft): ForeignCase {
  maskMachine(expected, input);
  const ours = draftOf(input);
  retarget(ours);
  const canonical = (): string => {
    const tree = draftOf(parseXml(canonicalQemu(formatXml(ours), TABVISOR_BOARD), name));
    maskMachine(tree, input);
    return formatXml(tree);
  };
  return { name, expected: formatXml(expected), canonical };
}

function readTree(file: string): Draft {
  return draftOf(parseXml(readFileSync(file, "utf8"), file));
}

/** The file of an inactive domain where there are two, and of the case's emulator where there are more. */
function foreignOutput(
  folder: string,
  name: string,
  kind: string,
  rest: string,
): string | undefined {
  const arch = /"(aarch64|ppc64|s390x|x86_64)"/.exec(rest)?.[1] ?? "x86_64";
  const version = kind.includes("VER") ? /"([\d.]+)"/.exec(rest)?.[1] : "latest";
  const suffixes = kind.startsWith("_CAPS") ? [`.${arch}-${version}`] : [""];
  return suffixes
    .flatMap((suffix) => [`${name}-inactive${suffix}.xml`, `${name}${suffix}.xml`])
    .map((file) => join(folder, "qemuxml2xmloutdata", file))
    .find((file) => existsSync(file));
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
    channelFolder: "/tmp/channel",
    nvramFolder: "/var/lib/libvirt/qemu/nvram",
    board,
    // What the tests' generator of random numbers gives.
    newUuid: () => "00010203-0405-4607-8809-0a0b0c0d0e0f",
    newMac: () => "52:54:00:00:00:00",
  };
  return formatXml(parseQemuDomain(text, context, { inactive: true, newDomain: false }));
}
