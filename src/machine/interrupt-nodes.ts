/** Device-tree nodes of the interrupt controllers, as QEMU's virt has them for each `aia=`. */
import { cells64, type FdtNode } from "../device/fdt-node.ts";
import type { PciInterrupts } from "../device/pci/pci-host.ts";
import { APLIC_SOURCES, IMSIC_IDENTITIES, PLIC_SOURCES } from "../protocol/layout.ts";
import {
  APLIC_M,
  APLIC_S,
  CLINT,
  IMSIC_M,
  IMSIC_PAGE_BYTES,
  IMSIC_S,
  PLIC_RANGE,
  type Range,
} from "./memory-map.ts";
import type { MachineShape } from "./memory-plan.ts";

/** Interrupt numbers of the hart-local controller: mcause codes (privileged manual §3.1.15). */
const Irq = { mSoft: 3, mTimer: 7, sExternal: 9, mExternal: 11 } as const;

/** The controller that devices' wires lead to: PLIC, or the APLIC's domain for the supervisor. */
export const WIRE_PHANDLE = 1;
const APLIC_M_PHANDLE = 4;
const IMSIC_M_PHANDLE = 5;
/** The controller that devices' messages go to, when there is one. */
const IMSIC_S_PHANDLE = 6;

/** phandle of hart n's interrupt controller. */
export const intcPhandle = (hart: number): number => 0x11 + 2 * hart;

/** IRQ_TYPE_LEVEL_HIGH, in the APLIC's second cell. */
const LEVEL_HIGH = 4;
/** Of S-mode's interrupt files: the identity that OpenSBI and QEMU reserve for IPIs. */
const IPI_ID = 1;

/** An interrupt source as the value of `interrupts`. */
export function wireCells({ aia = "none" }: MachineShape, irq: number): number[] {
  return aia === "none" ? [irq] : [irq, LEVEL_HIGH];
}

/** What the PCI host bridge's node says about interrupts. */
export function hostInterrupts({ aia = "none" }: MachineShape): PciInterrupts {
  return {
    cells: aia === "none" ? 1 : 2,
    ...(aia === "aplic-imsic" && { msiParent: IMSIC_S_PHANDLE }),
  };
}

export function reg({ base, sizeBytes }: Range): number[] {
  return [...cells64(base), ...cells64(sizeBytes)];
}

/** The machine's interrupt controllers; the one for IPIs and timers is always there. */
export function controllerNodes(shape: MachineShape): FdtNode[] {
  const { harts, aia = "none" } = shape;
  if (aia === "none") return [plicNode(harts), clintNode(harts)];
  const imsics =
    aia === "aplic"
      ? []
      : [
          imsicNode(IMSIC_M, harts, Irq.mExternal, IMSIC_M_PHANDLE),
          imsicNode(IMSIC_S, harts, Irq.sExternal, IMSIC_S_PHANDLE),
        ];
  return [aplicRoot(shape), aplicChild(shape), ...imsics, clintNode(harts)];
}

function localWires(harts: number, irqs: readonly number[]): number[] {
  return Array.from({ length: harts }, (_, hart) =>
    irqs.flatMap((irq) => [intcPhandle(hart), irq]),
  ).flat();
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
      phandle: [WIRE_PHANDLE],
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

/** What both domains have; messages go to the level's IMSICs, wires to the harts themselves. */
function aplicProperties(
  { harts, aia }: MachineShape,
  range: Range,
  irq: number,
  imsic: number,
): FdtNode["properties"] {
  return {
    compatible: ["qemu,aplic", "riscv,aplic"],
    reg: reg(range),
    "interrupt-controller": true,
    "#interrupt-cells": [2],
    "#address-cells": [0],
    "riscv,num-sources": [APLIC_SOURCES - 1],
    ...(aia === "aplic"
      ? { "interrupts-extended": localWires(harts, [irq]) }
      : { "msi-parent": [imsic] }),
  };
}

/** Firmware delegates every source to the supervisor's domain. */
function aplicRoot(shape: MachineShape): FdtNode {
  const delegation = [WIRE_PHANDLE, 1, APLIC_SOURCES - 1];
  return {
    name: `interrupt-controller@${APLIC_M.base.toString(16)}`,
    properties: {
      ...aplicProperties(shape, APLIC_M, Irq.mExternal, IMSIC_M_PHANDLE),
      "riscv,children": [WIRE_PHANDLE],
      "riscv,delegation": delegation,
      // The name before the binding had one: firmware of 2023 and older looks for it.
      "riscv,delegate": delegation,
      phandle: [APLIC_M_PHANDLE],
    },
  };
}

function aplicChild(shape: MachineShape): FdtNode {
  return {
    name: `interrupt-controller@${APLIC_S.base.toString(16)}`,
    properties: {
      ...aplicProperties(shape, APLIC_S, Irq.sExternal, IMSIC_S_PHANDLE),
      phandle: [WIRE_PHANDLE],
    },
  };
}

function imsicNode(base: number, harts: number, irq: number, phandle: number): FdtNode {
  return {
    name: `interrupt-controller@${base.toString(16)}`,
    properties: {
      compatible: ["qemu,imsics", "riscv,imsics"],
      reg: reg({ base, sizeBytes: harts * IMSIC_PAGE_BYTES }),
      "interrupt-controller": true,
      "#interrupt-cells": [0],
      // QEMU leaves this out, of which dtc complains.
      "#address-cells": [0],
      "msi-controller": true,
      "#msi-cells": [0],
      "interrupts-extended": localWires(harts, [irq]),
      "riscv,num-ids": [IMSIC_IDENTITIES - 1],
      "riscv,ipi-id": [IPI_ID],
      phandle: [phandle],
    },
  };
}
