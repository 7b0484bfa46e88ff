/** The board's device tree: QEMU virt's node names, addresses and interrupt numbers. */
import { PLIC_SOURCES, TIMEBASE_HZ } from "../protocol/layout.ts";
import { cells64, type FdtNode, type FdtValue } from "../device/fdt-node.ts";
import type { DeviceModel, Placement } from "../device/device-model.ts";
import { Finisher } from "../device/syscon/regs.ts";
import { BASE_ISA, CACHE_BLOCK_BYTES, isaExtensions, isaString, MMU_TYPE } from "./isa-list.ts";
import { CLINT, DRAM_BASE, PLIC_RANGE, UART0, type Range } from "./memory-map.ts";
import type { MachineShape } from "./memory-plan.ts";

/** Interrupt numbers of the hart-local controller: mcause codes (privileged manual §3.1.15). */
const Irq = { mSoft: 3, mTimer: 7, sExternal: 9, mExternal: 11 } as const;
/** Input clock of the 16550, as QEMU announces it: 1.8432 MHz × 2. */
const UART_CLOCK_HZ = 3_686_400;

export const PLIC_PHANDLE = 1;
export const TEST_PHANDLE = 2;
/** phandles of hart n's cpu node and of its interrupt controller. */
const cpuPhandle = (hart: number): number => 0x10 + 2 * hart;
const intcPhandle = (hart: number): number => 0x11 + 2 * hart;

/** A device and its place, as the board lists them. */
export interface PlacedDevice {
  readonly model: Pick<DeviceModel, "fdtNode">;
  readonly place: Placement;
}

/** What /chosen tells the kernel. */
export interface Chosen {
  readonly bootargs?: string;
  readonly initrd?: Range;
  /** Entropy for the kernel's generator, fresh at every boot. */
  readonly rngSeed: Uint8Array;
}

/** Builds the tree for `writeFdt`. */
export function deviceTree(
  shape: MachineShape,
  devices: readonly PlacedDevice[],
  chosen: Chosen,
): FdtNode {
  return {
    name: "",
    properties: {
      "#address-cells": [2],
      "#size-cells": [2],
      compatible: "riscv-virtio",
      model: "riscv-virtio,qemu",
    },
    children: [
      chosenNode(chosen),
      { name: `memory@${DRAM_BASE.toString(16)}`, properties: memory(shape.ramBytes) },
      cpusNode(shape.harts),
      powerNode("poweroff", "syscon-poweroff", Finisher.pass),
      powerNode("reboot", "syscon-reboot", Finisher.reset),
      socNode(shape.harts, devices),
    ],
  };
}

function chosenNode({ bootargs, initrd, rngSeed }: Chosen): FdtNode {
  const properties: Record<string, FdtValue> = { "stdout-path": `/soc/${serialName()}` };
  if (bootargs !== undefined && bootargs !== "") properties["bootargs"] = bootargs;
  if (initrd) {
    properties["linux,initrd-start"] = cells64(initrd.base);
    properties["linux,initrd-end"] = cells64(initrd.base + initrd.sizeBytes);
  }
  properties["rng-seed"] = rngSeed;
  return { name: "chosen", properties };
}

function memory(ramBytes: number): Record<string, FdtValue> {
  return { device_type: "memory", reg: [...cells64(DRAM_BASE), ...cells64(ramBytes)] };
}

function cpusNode(harts: number): FdtNode {
  const numbers = Array.from({ length: harts }, (_, i) => i);
  const cores = numbers.map((hart) => ({
    name: `core${hart}`,
    properties: { cpu: [cpuPhandle(hart)] },
  }));
  const cluster = { name: "cluster0", properties: {}, children: cores };
  return {
    name: "cpus",
    properties: {
      "#address-cells": [1],
      "#size-cells": [0],
      "timebase-frequency": [TIMEBASE_HZ],
    },
    children: [...numbers.map(cpuNode), { name: "cpu-map", properties: {}, children: [cluster] }],
  };
}

function cpuNode(hart: number): FdtNode {
  return {
    name: `cpu@${hart.toString(16)}`,
    properties: {
      device_type: "cpu",
      reg: [hart],
      status: "okay",
      compatible: "riscv",
      phandle: [cpuPhandle(hart)],
      "riscv,isa": isaString(),
      "riscv,isa-base": BASE_ISA,
      "riscv,isa-extensions": isaExtensions(),
      "riscv,cbom-block-size": [CACHE_BLOCK_BYTES],
      "riscv,cbop-block-size": [CACHE_BLOCK_BYTES],
      "riscv,cboz-block-size": [CACHE_BLOCK_BYTES],
      "mmu-type": MMU_TYPE,
    },
    children: [
      {
        name: "interrupt-controller",
        properties: {
          "#interrupt-cells": [1],
          "#address-cells": [0],
          "interrupt-controller": true,
          compatible: "riscv,cpu-intc",
          phandle: [intcPhandle(hart)],
        },
      },
    ],
  };
}

function powerNode(name: string, compatible: string, value: number): FdtNode {
  return {
    name,
    properties: { compatible, regmap: [TEST_PHANDLE], offset: [0], value: [value] },
  };
}

function socNode(harts: number, devices: readonly PlacedDevice[]): FdtNode {
  const placed = [...devices].sort((a, b) => a.place.base - b.place.base);
  const nodes = placed.map(({ model, place }) => model.fdtNode(place));
  return {
    name: "soc",
    properties: {
      "#address-cells": [2],
      "#size-cells": [2],
      compatible: "simple-bus",
      ranges: true,
    },
    children: [
      serialNode(),
      ...nodes.filter((node) => node !== null),
      plicNode(harts),
      clintNode(harts),
    ],
  };
}

function serialName(): string {
  return `serial@${UART0.base.toString(16)}`;
}

function serialNode(): FdtNode {
  return {
    name: serialName(),
    properties: {
      compatible: "ns16550a",
      reg: reg(UART0),
      "clock-frequency": [UART_CLOCK_HZ],
      "interrupt-parent": [PLIC_PHANDLE],
      interrupts: [UART0.irq],
    },
  };
}

function plicNode(harts: number): FdtNode {
  return {
    name: `plic@${PLIC_RANGE.base.toString(16)}`,
    properties: {
      compatible: ["sifive,plic-1.0.0", "riscv,plic0"],
      reg: reg(PLIC_RANGE),
      "interrupt-controller": true,
      "#interrupt-cells": [1],
      "#address-cells": [0],
      "interrupts-extended": localWires(harts, [Irq.mExternal, Irq.sExternal]),
      "riscv,ndev": [PLIC_SOURCES - 1],
      phandle: [PLIC_PHANDLE],
    },
  };
}

function clintNode(harts: number): FdtNode {
  return {
    name: `clint@${CLINT.base.toString(16)}`,
    properties: {
      compatible: ["sifive,clint0", "riscv,clint0"],
      reg: reg(CLINT),
      "interrupts-extended": localWires(harts, [Irq.mSoft, Irq.mTimer]),
    },
  };
}

function localWires(harts: number, irqs: readonly number[]): number[] {
  const out: number[] = [];
  for (let hart = 0; hart < harts; hart++) {
    for (const irq of irqs) out.push(intcPhandle(hart), irq);
  }
  return out;
}

function reg({ base, sizeBytes }: Range): number[] {
  return [...cells64(base), ...cells64(sizeBytes)];
}
