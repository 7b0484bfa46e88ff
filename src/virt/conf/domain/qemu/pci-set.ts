/** Which places on a guest's PCI buses are taken, and which is the next free one. */
import { ErrorDomain, vmError } from "../../../../protocol/vm-error.ts";

/** What a device needs of the bus that it is on. */
export type PciPlug =
  | "pci"
  | "pcie"
  | "pci-bridge"
  | "pcie-root-port"
  | "pcie-to-pci-bridge"
  | "dmi-to-pci-bridge"
  | "pcie-switch-upstream-port"
  | "pcie-switch-downstream-port"
  | "pci-expander-bus"
  | "pcie-expander-bus";

export interface PciAddress {
  readonly bus: number;
  readonly slot: number;
  /** 0 to 7. */
  readonly function: number;
}

/** What can be plugged into the bus that a controller makes, and into which of its slots. */
interface BusKind {
  readonly accepts: readonly PciPlug[];
  /** Devices are put here unasked. */
  readonly auto: boolean;
  readonly slots: readonly [number, number];
}

const LAST_SLOT = 31;
const PORT = {
  accepts: ["pcie", "pcie-switch-upstream-port", "pcie-to-pci-bridge"],
  auto: true,
  slots: [0, 0],
} as const;
const BRIDGE = { accepts: ["pci", "pci-bridge"], auto: true, slots: [1, LAST_SLOT] } as const;

/** By the controller's model. */
const BUS_KINDS: Readonly<Record<string, BusKind>> = {
  "pci-root": {
    accepts: ["pci", "pci-bridge", "pci-expander-bus"],
    auto: true,
    slots: [1, LAST_SLOT],
  },
  // Devices of the root bus cannot be plugged in later: only what asks for it goes there.
  "pcie-root": {
    accepts: ["pcie", "pcie-root-port", "dmi-to-pci-bridge", "pcie-expander-bus"],
    auto: false,
    slots: [1, LAST_SLOT],
  },
  "pcie-root-port": PORT,
  "pcie-switch-downstream-port": PORT,
  "pcie-switch-upstream-port": {
    accepts: ["pcie-switch-downstream-port"],
    auto: false,
    slots: [0, LAST_SLOT],
  },
  "pcie-to-pci-bridge": BRIDGE,
  "pci-bridge": BRIDGE,
  "dmi-to-pci-bridge": { accepts: ["pci", "pci-bridge"], auto: false, slots: [0, LAST_SLOT] },
  "pci-expander-bus": { accepts: ["pci", "pci-bridge"], auto: true, slots: [0, LAST_SLOT] },
  "pcie-expander-bus": {
    accepts: ["pcie-root-port", "dmi-to-pci-bridge"],
    auto: false,
    slots: [0, LAST_SLOT],
  },
};

/** What libvirt calls a device that needs such a place. */
const PLUG_NAMES: Partial<Record<PciPlug, string>> = {
  pci: "standard PCI device",
  pcie: "PCI Express device",
};

/** Controllers' plugs: these have to ask for their place; devices are put where one is free. */
const AUTO: readonly PciPlug[] = ["pci", "pcie"];

/** A slot: a bit for each function in use, and whether its functions may be shared out. */
interface Slot {
  functions: number;
  shared: boolean;
}

interface Bus {
  readonly model: string;
  kind: BusKind;
  readonly slots: Map<number, Slot>;
}

export class PciSet {
  readonly #buses: Bus[];
  readonly #grows: boolean;

  /**
   * @param models the controllers' models by index
   * @param grows buses are added as they are needed
   */
  constructor(models: readonly string[], grows: boolean) {
    this.#buses = models.map(busOf);
    this.#grows = grows;
  }

  /** The models of all buses, the added ones among them. */
  get models(): string[] {
    return this.#buses.map(({ model }) => model);
  }

  /** Takes a place that the definition names. @throws VmError xmlError where it cannot be had */
  reserve(plug: PciPlug, wanted: PciAddress): void {
    let address = wanted;
    if (this.#grows && wanted.bus >= this.#buses.length) {
      const moved = this.#grow(plug, wanted.bus);
      address = { ...wanted, bus: moved };
    }
    this.#check(plug, address);
    const slot = this.#slot(address);
    if ((slot.functions & (1 << address.function)) !== 0) {
      throw fail(`Attempted double use of PCI Address ${pciText(address)}`);
    }
    if (slot.functions === 0 && plug === "pcie-root-port") slot.shared = true;
    slot.functions |= 1 << address.function;
  }

  /** Takes the next free place. @throws VmError internalError where there is none */
  take(plug: PciPlug): PciAddress {
    const address = this.#findFree(plug) ?? this.#addBus(plug);
    const slot = this.#slot(address);
    if (slot.functions === 0 && plug === "pcie-root-port") slot.shared = true;
    slot.functions |= 1 << address.function;
    return address;
  }

  /** Other functions of the slot are in use too. */
  sharesSlot(address: PciAddress): boolean {
    return (this.#slot(address).functions & ~(1 << address.function)) !== 0;
  }

  #findFree(plug: PciPlug): PciAddress | undefined {
    for (const [bus, { kind, slots }] of this.#buses.entries()) {
      if (!kind.accepts.includes(plug) || (AUTO.includes(plug) && !kind.auto)) continue;
      for (let slot = kind.slots[0]; slot <= kind.slots[1]; slot++) {
        const at = freeFunction(slots.get(slot), plug);
        if (at !== undefined) return { bus, slot, function: at };
      }
    }
    return undefined;
  }

  #addBus(plug: PciPlug): PciAddress {
    if (!this.#grows) {
      throw vmError("internalError", "No more available PCI slots", { domain: ErrorDomain.none });
    }
    const bus = this.#grow(plug, this.#buses.length);
    return { bus, slot: this.#buses[bus]?.kind.slots[0] ?? 0, function: 0 };
  }

  /** Adds buses until there is one of number `wanted` that takes the plug; the number it has. */
  #grow(plug: PciPlug, wanted: number): number {
    if (plug !== "pci") return this.#growExpress(plug, wanted);
    const bridged = this.#buses.some(({ kind }) => kind.accepts.includes("pci-bridge"));
    if (bridged) return this.#push(wanted, "pci-bridge");
    // A bridge from PCI Express to PCI, on a port of its own that nothing else may be put in.
    const last = wanted === this.#buses.length ? wanted + 1 : wanted;
    this.#buses.push({
      ...busOf("pcie-root-port"),
      kind: { ...PORT, accepts: ["pcie-to-pci-bridge"] },
    });
    this.#buses.push(busOf("pcie-to-pci-bridge"));
    return this.#push(last, "pci-bridge");
  }

  #growExpress(plug: PciPlug, wanted: number): number {
    if (plug === "pcie" || plug === "pcie-switch-upstream-port") {
      return this.#push(wanted, "pcie-root-port");
    }
    throw vmError(
      "internalError",
      `a PCI slot is needed to connect a PCI controller model='${plug}', but none is available, and it cannot be automatically added`,
      { domain: ErrorDomain.none },
    );
  }

  #push(last: number, model: string): number {
    while (this.#buses.length <= last) this.#buses.push(busOf(model));
    return last;
  }

  #check(plug: PciPlug, address: PciAddress): void {
    const bus = this.#buses[address.bus];
    const text = pciText(address);
    if (!bus) {
      throw fail(
        `Invalid PCI address ${text}. Only PCI buses up to ${this.#buses.length - 1} are available`,
      );
    }
    const { accepts, slots } = bus.kind;
    if (!fits(plug, accepts)) {
      throw fail(
        `The device at PCI address ${text} cannot be plugged into the PCI controller with index='${address.bus}'. It requires a controller that accepts a ${PLUG_NAMES[plug] ?? plug}.`,
      );
    }
    if (address.slot < slots[0]) {
      throw fail(`Invalid PCI address ${text}. slot must be >= ${slots[0]}`);
    }
    if (address.slot > slots[1]) {
      throw fail(`Invalid PCI address ${text}. slot must be <= ${slots[1]}`);
    }
  }

  #slot({ bus, slot }: PciAddress): Slot {
    const slots = this.#buses[bus]?.slots;
    const old = slots?.get(slot);
    if (old) return old;
    const made = { functions: 0, shared: false };
    slots?.set(slot, made);
    return made;
  }
}

/** Whoever names a place may put an endpoint of either kind on a bus that takes one of them. */
function fits(plug: PciPlug, accepts: readonly PciPlug[]): boolean {
  if (accepts.includes(plug)) return true;
  const endpoint = plug === "pci" || plug === "pcie" || plug === "pci-bridge";
  return endpoint && (accepts.includes("pci") || accepts.includes("pcie"));
}

function freeFunction(slot: Slot | undefined, plug: PciPlug): number | undefined {
  if (!slot || slot.functions === 0) return 0;
  if (plug !== "pcie-root-port" || !slot.shared) return undefined;
  const free = [0, 1, 2, 3, 4, 5, 6, 7].find((at) => (slot.functions & (1 << at)) === 0);
  return free;
}

function busOf(model: string): Bus {
  const kind = BUS_KINDS[model];
  if (!kind) {
    throw vmError("internalError", "PCI controller model was not set correctly", {
      domain: ErrorDomain.none,
    });
  }
  return { model, kind, slots: new Map() };
}

function pciText({ bus, slot, function: at }: PciAddress): string {
  const two = (value: number): string => value.toString(16).padStart(2, "0");
  return `0000:${two(bus)}:${two(slot)}.${at}`;
}

function fail(message: string): Error {
  return vmError("xmlError", message, { domain: ErrorDomain.none });
}
