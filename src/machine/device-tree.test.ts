import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { Syscon } from "../device/syscon/syscon.ts";
import { RecordingPower, RecordingTrace } from "../device/testing/doubles.ts";
import { EXTENSIONS } from "../isa/table.ts";
import { AIA_KINDS, type AiaKind } from "../protocol/machine-service.ts";
import { deviceTree, TEST_PHANDLE } from "./device-tree.ts";
import { parseFdt, writeFdt, type ParsedNode } from "./fdt.ts";
import { isaExtensions, isaString } from "./isa-list.ts";
import { MIB, TEST } from "./memory-map.ts";

const rngSeed = Uint8Array.from({ length: 32 }, (_, i) => i);

function tree(harts = 2, aia: AiaKind = "none") {
  const syscon = new Syscon({ power: new RecordingPower(), trace: new RecordingTrace() });
  const place = { ...TEST, phandle: TEST_PHANDLE, interruptParent: 1 };
  const initrd = { base: 0x1_8000_0000, sizeBytes: 0x1234 };
  const shape = { ramBytes: 3072 * MIB, harts, aia };
  const chosen = { bootargs: "console=ttyS0 größe", initrd, rngSeed };
  return writeFdt(deviceTree(shape, [{ model: syscon, place }], chosen));
}

function find(root: ParsedNode, path: string): ParsedNode {
  let node = root;
  for (const name of path.split("/").filter(Boolean)) {
    const next = node.children.find((child) => child.name === name);
    if (!next) throw new Error(`no node ${path}`);
    node = next;
  }
  return node;
}

function cells(node: ParsedNode, name: string): number[] {
  const bytes = node.properties.get(name) ?? new Uint8Array(0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i));
}

function text(node: ParsedNode, name: string): string {
  return new TextDecoder().decode(node.properties.get(name));
}

describe("the device tree", () => {
  const root = parseFdt(tree());

  it("tells the kernel its command line, initrd and seed", () => {
    const chosen = find(root, "chosen");
    expect(text(chosen, "bootargs")).toBe("console=ttyS0 größe\0");
    expect(text(chosen, "stdout-path")).toBe("/soc/serial@10000000\0");
    expect(cells(chosen, "linux,initrd-start")).toEqual([1, 0x8000_0000]);
    expect(cells(chosen, "linux,initrd-end")).toEqual([1, 0x8000_1234]);
    expect(chosen.properties.get("rng-seed")).toEqual(rngSeed);
  });

  it("gives memory in two cells", () => {
    expect(cells(find(root, "memory@80000000"), "reg")).toEqual([0, 0x8000_0000, 0, 0xc000_0000]);
  });

  it("announces every hart in both ISA forms", () => {
    for (const hart of [0, 1]) {
      const cpu = find(root, `cpus/cpu@${hart}`);
      expect(cells(cpu, "reg")).toEqual([hart]);
      expect(text(cpu, "riscv,isa")).toBe(`${isaString("none")}\0`);
      expect(text(cpu, "riscv,isa-base")).toBe("rv64i\0");
      expect(text(cpu, "riscv,isa-extensions").split("\0")).toContain("svpbmt");
      expect(text(cpu, "mmu-type")).toBe("riscv,sv57\0");
    }
    expect(cells(find(root, "cpus"), "timebase-frequency")).toEqual([10_000_000]);
  });

  it("wires interrupt controllers as QEMU's virt", () => {
    const intc = [0, 1].map(
      (hart) => cells(find(root, `cpus/cpu@${hart}/interrupt-controller`), "phandle")[0],
    );
    const [a, b] = intc;
    expect(cells(find(root, "soc/plic@c000000"), "interrupts-extended")).toEqual([
      a,
      11,
      a,
      9,
      b,
      11,
      b,
      9,
    ]);
    expect(cells(find(root, "soc/clint@2000000"), "interrupts-extended")).toEqual([
      a,
      3,
      a,
      7,
      b,
      3,
      b,
      7,
    ]);
    expect(cells(find(root, "soc/plic@c000000"), "riscv,ndev")).toEqual([95]);
  });

  it("has the APLIC's domains in the PLIC's place, wired to harts, with aia=aplic", () => {
    const aplic = parseFdt(tree(2, "aplic"));
    const [a, b] = [0x11, 0x13];
    const machine = find(aplic, "soc/interrupt-controller@c000000");
    const supervisor = find(aplic, "soc/interrupt-controller@d000000");
    expect(cells(machine, "interrupts-extended")).toEqual([a, 11, b, 11]);
    expect(cells(supervisor, "interrupts-extended")).toEqual([a, 9, b, 9]);
    const [child = 0] = cells(supervisor, "phandle");
    for (const name of ["riscv,delegation", "riscv,delegate"]) {
      expect(cells(machine, name)).toEqual([child, 1, 96]);
    }
    expect(cells(machine, "riscv,children")).toEqual([child]);
    expect(cells(supervisor, "riscv,num-sources")).toEqual([96]);
    const serial = find(aplic, "soc/serial@10000000");
    expect(cells(serial, "interrupts")).toEqual([10, 4]);
    expect(cells(serial, "interrupt-parent")).toEqual([child]);
    const names = find(aplic, "soc").children.map(({ name }) => name);
    expect(names).not.toContain("plic@c000000");
    expect(names).not.toContain("interrupt-controller@28000000");
    expect(text(find(aplic, "cpus/cpu@0"), "riscv,isa")).not.toContain("aia");
  });

  it("has IMSICs, and domains that send to them, with aia=aplic-imsic", () => {
    const imsic = parseFdt(tree(2, "aplic-imsic"));
    const levels = [
      ["24000000", "c000000", 11],
      ["28000000", "d000000", 9],
    ] as const;
    for (const [files, domain, irq] of levels) {
      const node = find(imsic, `soc/interrupt-controller@${files}`);
      expect(text(node, "compatible")).toBe("qemu,imsics\0riscv,imsics\0");
      expect(cells(node, "reg")).toEqual([0, Number(`0x${files}`), 0, 0x2000]);
      expect(cells(node, "interrupts-extended")).toEqual([0x11, irq, 0x13, irq]);
      expect(cells(node, "riscv,num-ids")).toEqual([255]);
      const parent = find(imsic, `soc/interrupt-controller@${domain}`);
      expect(cells(parent, "msi-parent")).toEqual(cells(node, "phandle"));
      expect(parent.properties.has("interrupts-extended")).toBe(false);
    }
    const cpu = find(imsic, "cpus/cpu@1");
    expect(text(cpu, "riscv,isa")).toContain("_zbs_smaia_ssaia_sstc_");
    expect(text(cpu, "riscv,isa-extensions").split("\0")).toContain("ssaia");
  });

  it("points poweroff and reboot at the test device", () => {
    const phandle = cells(find(root, "soc/test@100000"), "phandle");
    expect(cells(find(root, "poweroff"), "regmap")).toEqual(phandle);
    expect(cells(find(root, "poweroff"), "value")).toEqual([0x5555]);
    expect(cells(find(root, "reboot"), "value")).toEqual([0x7777]);
  });

  it("announces no instruction extension that the table lacks, and lacks none", () => {
    // Groups of the table that are privilege levels, not extensions.
    const levels = new Set(["machine", "s"]);
    const rows = EXTENSIONS.flatMap(({ name }) => name.split(" ")).filter(
      (name) => !levels.has(name),
    );
    // Extensions without instructions of their own: CSRs, hints, translation, and C as a whole.
    const rowless = "c zicntr zihpm zihintpause sstc svade svadu svnapot svpbmt".split(" ");
    expect(isaExtensions("none").toSorted()).toEqual([...rows, ...rowless].toSorted());
  });
});

const dtc = spawnSync("dtc", ["--version"]).status === 0;

describe.skipIf(!dtc)("dtc", () => {
  it("accepts the blob without complaint", () => {
    for (const [harts, aia] of [1, 16].flatMap((n) =>
      AIA_KINDS.map((kind) => [n, kind] as const),
    )) {
      const result = spawnSync("dtc", ["-I", "dtb", "-O", "dts"], { input: tree(harts, aia) });
      expect(result.stderr.toString()).toBe("");
      expect(result.status).toBe(0);
    }
  });

  it("reads the same tree", () => {
    const source = execFileSync("dtc", ["-I", "dtb", "-O", "dts"], { input: tree(1) }).toString();
    expect(source).toContain('compatible = "sifive,test1\\0sifive,test0\\0syscon"');
    expect(source).toContain("linux,initrd-start = <0x01 0x80000000>");
  });
});
