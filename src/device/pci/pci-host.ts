/** The generic ECAM host bridge (QEMU's gpex): configuration space, windows and the bus behind them. */
import {
  recordSection,
  type AccessSize,
  type DeviceModel,
  type MmioRegion,
  type Placement,
} from "../device-model.ts";
import { cells64, type FdtNode } from "../fdt-node.ts";
import { assert } from "../../util/assert.ts";
import { CONFIG_BYTES } from "./config-space.ts";
import { PciFunction, type PciMapping } from "./pci-function.ts";

/** Device numbers on a bus; this bridge serves function 0 of each. */
export const PCI_DEVICES = 32;
const PINS = 4;

/** A window through which the CPU reaches one of the bus's address spaces. */
export interface PciWindow {
  readonly base: number;
  readonly sizeBytes: number;
  readonly space: "io" | "memory";
  /** Address on the bus that `base` shows. */
  readonly busAddress: number;
  /** 64-bit prefetchable memory. */
  readonly wide?: boolean;
}

export interface PciHostOptions {
  readonly windows: readonly PciWindow[];
  /** First of the four interrupt wires. */
  readonly irq: number;
}

/** How the interrupt controller is addressed in the device tree. */
export interface PciInterrupts {
  /** Cells of the controller's specifiers: 1 for a PLIC, 2 for an APLIC (with the level flag). */
  readonly cells?: 1 | 2;
  /** phandle of the MSI controller. */
  readonly msiParent?: number;
}

const QEMU_VENDOR = 0x1b36;
const HOST_IDENTITY = {
  vendor: QEMU_VENDOR,
  device: 0x0008,
  revision: 0,
  classCode: 0x0600,
  subsystemVendor: 0x1af4,
  subsystem: 0x1100,
  interruptPin: 0,
} as const;

/** Trigger type of a level-sensitive, active-high interrupt in a two-cell specifier. */
const LEVEL_HIGH = 4;

export class PciHost implements DeviceModel {
  readonly name = "pcie-host";
  /** ECAM: bus in bits 27–20, device and function in 19–12, register in 11–0. */
  readonly regs: MmioRegion = {
    read: (offset, size) => this.#readConfig(offset, size),
    write: (offset, size, value) => this.#writeConfig(offset, size, value),
  };
  readonly snapshot;
  readonly #options: PciHostOptions;
  readonly #functions: (PciFunction | undefined)[] = [];
  readonly #bridge = new PciFunction("pcie-host", HOST_IDENTITY, []);
  /** What decodes now, by space. */
  readonly #decoded: Record<PciWindow["space"], PciMapping[]> = { io: [], memory: [] };
  interrupts: PciInterrupts = {};

  constructor(options: PciHostOptions) {
    this.#options = options;
    this.#functions[0] = this.#bridge;
    const restore = ({ config }: { config: Uint8Array }): void => this.#bridge.restore(config);
    this.snapshot = recordSection(
      this.name,
      1,
      () => ({ config: this.#bridge.config.save() }),
      restore,
    );
  }

  get windows(): readonly PciWindow[] {
    return this.#options.windows;
  }

  /** @returns the device number: `wanted`, or the first free one; null when it is taken */
  free(wanted?: number): number | null {
    if (wanted !== undefined) return this.#functions[wanted] ? null : wanted;
    for (let i = 1; i < PCI_DEVICES; i++) if (!this.#functions[i]) return i;
    return null;
  }

  /** Plugs a function in, before the machine runs. */
  add(device: number, fn: PciFunction): void {
    assert(this.free(device) !== null, `PCI device ${device} is there twice`);
    this.#functions[device] = fn;
    fn.listeners.push({ onDecode: () => this.#rebuild() });
  }

  /** The wire that INTA of `device` is routed to: swizzled as on QEMU's gpex. */
  wireOf(device: number): number {
    return this.#options.irq + (device % PINS);
  }

  /** What the CPU sees through a window: accesses that no BAR takes read all ones. */
  windowRegion({ space, busAddress }: PciWindow): MmioRegion {
    return {
      read: (offset, size) => {
        const found = this.#find(space, busAddress + offset, size);
        if (!found) return ones(size);
        return found.bar.region.read(busAddress + offset - found.base, size);
      },
      write: (offset, size, value) => {
        const found = this.#find(space, busAddress + offset, size);
        found?.bar.region.write(busAddress + offset - found.base, size, value);
      },
    };
  }

  /** The bridge itself; functions are devices of their own and reset themselves. */
  reset(): void {
    this.#bridge.reset();
  }

  fdtNode({ base, sizeBytes, interruptParent }: Placement): FdtNode {
    const { msiParent } = this.interrupts;
    return {
      name: `pci@${base.toString(16)}`,
      properties: {
        "#address-cells": [3],
        "#interrupt-cells": [1],
        "#size-cells": [2],
        compatible: "pci-host-ecam-generic",
        device_type: "pci",
        "linux,pci-domain": [0],
        "bus-range": [0, 0xff],
        "dma-coherent": true,
        ...(msiParent !== undefined && { "msi-parent": [msiParent] }),
        reg: [...cells64(base), ...cells64(sizeBytes)],
        ranges: this.windows.flatMap(range),
        "interrupt-map": this.#interruptMap(interruptParent),
        "interrupt-map-mask": [0x1800, 0, 0, 7],
      },
    };
  }

  /** Pins of four consecutive devices; the pattern repeats, which the mask says. */
  #interruptMap(parent: number): number[] {
    const flags = this.interrupts.cells === 2 ? [LEVEL_HIGH] : [];
    const cells: number[] = [];
    for (let device = 0; device < PINS; device++) {
      for (let pin = 0; pin < PINS; pin++) {
        const wire = this.#options.irq + ((device + pin) % PINS);
        cells.push(device << 11, 0, 0, pin + 1, parent, wire, ...flags);
      }
    }
    return cells;
  }

  #readConfig(offset: number, size: AccessSize): number {
    const fn = this.#functionAt(offset);
    const register = offset % 0x1000;
    // Beyond its 256 bytes a conventional function does not answer, nor does one that is not there.
    if (!fn || register >= CONFIG_BYTES || register % size !== 0) return ones(size);
    return fn.readConfig(register, size);
  }

  #writeConfig(offset: number, size: AccessSize, value: number): void {
    const register = offset % 0x1000;
    if (register >= CONFIG_BYTES || register % size !== 0) return;
    this.#functionAt(offset)?.writeConfig(register, size, value);
  }

  #functionAt(offset: number): PciFunction | undefined {
    const address = Math.floor(offset / 0x1000);
    const isRoot = address >>> 8 === 0;
    return isRoot && (address & 7) === 0 ? this.#functions[(address >>> 3) & 31] : undefined;
  }

  #rebuild(): void {
    const all = this.#functions.flatMap((fn) => fn?.mappings ?? []);
    this.#decoded.io = all.filter(({ bar }) => bar.space === "io");
    this.#decoded.memory = all.filter(({ bar }) => bar.space === "memory");
  }

  #find(space: PciWindow["space"], address: number, size: number): PciMapping | undefined {
    return this.#decoded[space].find(
      ({ base, bar }) => address >= base && address + size <= base + bar.sizeBytes,
    );
  }
}

/** Space codes of a PCI `ranges` entry: I/O, 32-bit memory, 64-bit memory. */
function range({ base, sizeBytes, space, busAddress, wide = false }: PciWindow): number[] {
  const code = space === "io" ? 0x0100_0000 : wide ? 0x0300_0000 : 0x0200_0000;
  return [code, ...cells64(busAddress), ...cells64(base), ...cells64(sizeBytes)];
}

function ones(size: AccessSize): number {
  return 2 ** (8 * size) - 1;
}
