/** The board's device tree: QEMU virt's node names, addresses and interrupt numbers. */
import { TIMEBASE_HZ } from "../protocol/layout.ts";
import { cells64, type FdtNode, type FdtValue } from "../device/fdt-node.ts";
import type { DeviceModel, Placement } from "../device/device-model.ts";
import type { AiaKind } from "../protocol/machine-service.ts";
import { Finisher } from "../device/syscon/regs.ts";
import { BASE_ISA, CACHE_BLOCK_BYTES, isaExtensions, isaString, MMU_TYPE } from "./isa-list.ts";
import { controllerNodes, intcPhandle, reg, WIRE_PHANDLE, wireCells } from "./interrupt-nodes.ts";
import { DRAM_BASE, UART0, type Range } from "./memory-map.ts";
import type { MachineShape } from "./memory-plan.ts";

/** Input clock of the 16550, as QEMU announces it: 1.8432 MHz × 2. */
const UART_CLOCK_HZ = 3_686_400;

export const TEST_PHANDLE = 2;
/** phandle of hart n's cpu node; see intcPhandle for the one behind it. */
const cpuPhandle = (hart: number): number => 0x10 + 2 * hart;

/** A device and its place, as the board lists them. */
export interface PlacedDevice {
  readonly model: Pick<DeviceModel, "fdtNode">;
  readonly place: Placement;
  /** Its node is in the root, not in /soc. */
  readonly inRoot?: boolean;
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
      cpusNode(shape),
      powerNode("poweroff", "syscon-poweroff", Finisher.pass),
      powerNode("reboot", "syscon-reboot", Finisher.reset),
      ...nodesOf(devices.filter(({ inRoot }) => inRoot)),
      socNode(
        shape,
        devices.filter(({ inRoot }) => !inRoot),
      ),
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

function cpusNode({ harts, aia = "none" }: MachineShape): FdtNode {
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
    children: [
      ...numbers.map((hart) => cpuNode(hart, aia)),
      { name: "cpu-map", properties: {}, children: [cluster] },
    ],
  };
}

function cpuNode(hart: number, aia: AiaKind): FdtNode {
  return {
    name: `cpu@${hart.toString(16)}`,
    properties: {
      device_type: "cpu",
      reg: [hart],
      status: "okay",
      compatible: "riscv",
      phandle: [cpuPhandle(hart)],
      "riscv,isa": isaString(aia),
      "riscv,isa-base": BASE_ISA,
      "riscv,isa-extensions": isaExtensions(aia),
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

function socNode(shape: MachineShape, devices: readonly PlacedDevice[]): FdtNode {
  return {
    name: "soc",
    properties: {
      "#address-cells": [2],
      "#size-cells": [2],
      compatible: "simple-bus",
      ranges: true,
    },
    children: [serialNode(shape), ...nodesOf(devices), ...controllerNodes(shape)],
  };
}

function nodesOf(devices: readonly PlacedDevice[]): FdtNode[] {
  const placed = [...devices].sort((a, b) => a.place.base - b.place.base);
  return placed.map(({ model, place }) => model.fdtNode(place)).filter((node) => node !== null);
}

function serialName(): string {
  return `serial@${UART0.base.toString(16)}`;
}

function serialNode(shape: MachineShape): FdtNode {
  return {
    name: serialName(),
    properties: {
      compatible: "ns16550a",
      reg: reg(UART0),
      "clock-frequency": [UART_CLOCK_HZ],
      "interrupt-parent": [WIRE_PHANDLE],
      interrupts: wireCells(shape, UART0.irq),
    },
  };
}
