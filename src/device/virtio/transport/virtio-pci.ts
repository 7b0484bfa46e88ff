/** A virtio device as a PCI function (virtio 1.3 §4.1), with QEMU's ids, BARs and capabilities. */
import { recordSection, type AccessSize, type MmioRegion } from "../../device-model.ts";
import { RegisterBank } from "../../bus/register-map.ts";
import { viewOf } from "../../../util/bytes.ts";
import { CapabilityId, Command, type ConfigField } from "../../pci/header.ts";
import { Msix, MSIX_BAR_BYTES, type MsixState, type MsiSink } from "../../pci/msix.ts";
import { PciFunction, type PciBar } from "../../pci/pci-function.ts";
import type { VirtioDevice } from "../virtio-device.ts";
import { commonHandlers } from "./pci-common.ts";
import { legacyRegion, legacyBytes } from "./pci-legacy.ts";
import {
  Capability,
  LegacyBar,
  ModernBar,
  MSIX_AT,
  MSIX_BAR,
  VIRTIO_PCI_COMMON,
} from "./pci-regs.ts";
import { PciVectors, type VectorState } from "./pci-vectors.ts";
import {
  VirtioTransport,
  type RingOptions,
  type TransportPorts,
  type TransportState,
} from "./transport.ts";
import { defaultVectors, hasLegacy, virtioIdentity } from "./virtio-pci-ids.ts";

/** The function's ISR status and INTA, which the interrupt controller keeps. */
export interface PciInterrupt {
  /** Ors bits into ISR status. */
  raise(bits: number): void;
  /** Reads ISR status and clears it. */
  take(): number;
  clear(): void;
  /** ISR status without side effect. */
  peek(): number;
  /**
   * Says where BAR 4 is, so that its ISR status and notifications can be answered on the spot, and
   * whether INTA may be driven.
   *
   * @param bar guest-physical address, null while it is not decoded
   */
  place(bar: number | null, intx: boolean): void;
}

export interface VirtioPciPorts extends Omit<TransportPorts, "interrupt"> {
  readonly interrupt: PciInterrupt;
  readonly msi: MsiSink;
}

export interface VirtioPciOptions extends RingOptions {
  /** The legacy interface too, where the device type has one; on when absent. */
  readonly legacy?: boolean;
  /** MSI-X vectors; as many as under QEMU when absent, 0 for none. */
  readonly vectors?: number;
}

type VirtioPciState = {
  readonly config: Uint8Array;
  readonly transport: TransportState;
  readonly vectors: VectorState;
  readonly msix: MsixState | null;
};

const CAPABILITY_BYTES = 16;
/** Of the configuration access capability (§4.1.4.9). */
const PciCap = { bar: 4, offset: 8, length: 12, data: 16 } as const;

export class VirtioPci {
  readonly name: string;
  readonly function: PciFunction;
  readonly snapshot;
  readonly #transport: VirtioTransport;
  readonly #ports: VirtioPciPorts;
  readonly #msix: Msix | null;
  readonly #vectors: PciVectors;
  readonly #modern: MmioRegion;

  /** @param id unique in the machine: its place on the bus */
  constructor(id: string, device: VirtioDevice, ports: VirtioPciPorts, options: VirtioPciOptions) {
    this.name = `${device.name}.${id}`;
    this.#ports = ports;
    const legacy = (options.legacy ?? true) && hasLegacy(device.deviceId);
    const { deviceId, queueSizes } = device;
    const vectors = options.vectors ?? defaultVectors(deviceId, queueSizes.length);
    this.#msix = vectors > 0 ? new Msix(vectors, ports.msi) : null;
    this.#vectors = new PciVectors(device.queueSizes.length, this.#msix, ports.interrupt);
    const told = { ...ports, interrupt: this.#vectors };
    this.#transport = new VirtioTransport(this.name, device, told, options);
    this.#modern = this.#modernRegion();
    const identity = virtioIdentity(deviceId, legacy, device.pciClass);
    this.function = new PciFunction(this.name, identity, this.#bars(device, legacy));
    this.#addCapabilities();
    this.#listen();
    this.snapshot = recordSection(
      `virtio-pci.${id}`,
      1,
      () => this.#save(),
      (state) => this.#restore(state),
    );
  }

  reset(): void {
    this.#transport.reset();
    this.#vectors.reset();
    this.#msix?.reset();
    this.function.reset();
  }

  /** The driver made buffers of queue `index` available. */
  notify(index: number): void {
    this.#transport.notify(index);
  }

  #bars(device: VirtioDevice, legacy: boolean): PciBar[] {
    const modern = {
      index: ModernBar.index,
      space: "memory",
      sizeBytes: ModernBar.bytes,
      wide: true,
      prefetchable: true,
      region: this.#modern,
    } as const;
    const bars: PciBar[] = [modern];
    if (this.#msix) {
      const { region } = this.#msix;
      bars.push({ index: MSIX_BAR, space: "memory", sizeBytes: MSIX_BAR_BYTES, region });
    }
    if (legacy) {
      const parts = {
        transport: this.#transport,
        vectors: this.#vectors,
        interrupt: this.#ports.interrupt,
        trace: this.#ports.trace,
      };
      const sizeBytes = legacyBytes(device.configBytes);
      bars.push({ index: LegacyBar.index, space: "io", sizeBytes, region: legacyRegion(parts) });
    }
    return bars;
  }

  #modernRegion(): MmioRegion {
    const { trace } = this.#ports;
    const handlers = commonHandlers(this.#transport, this.#vectors);
    const common = new RegisterBank(this.name, VIRTIO_PCI_COMMON, handlers, trace);
    const pages: MmioRegion[] = [
      common,
      { read: (offset) => (offset === 0 ? this.#ports.interrupt.take() : 0), write: () => {} },
      {
        read: (offset, size) => this.#transport.readConfig(offset, size),
        write: (offset, size, value) => this.#transport.writeConfig(offset, size, value),
      },
      {
        read: () => 0,
        write: (offset) => this.notify(Math.floor(offset / ModernBar.notifyMultiplier)),
      },
    ];
    const pageOf = (offset: number) => pages[Math.floor(offset / ModernBar.pageBytes)];
    return {
      read: (offset, size) => pageOf(offset)?.read(offset % ModernBar.pageBytes, size) ?? 0,
      write: (offset, size, value) =>
        pageOf(offset)?.write(offset % ModernBar.pageBytes, size, value),
    };
  }

  #addCapabilities(): void {
    const { common, isr, device, notify, pci } = Capability;
    this.#addVendor(common, ModernBar.common);
    this.#addVendor(isr, ModernBar.isr);
    this.#addVendor(device, ModernBar.device);
    this.#addVendor(notify, ModernBar.notify, ModernBar.notifyMultiplier);
    this.#addConfigAccess(pci);
    this.#msix?.attach(this.function, MSIX_AT, MSIX_BAR);
  }

  /** struct virtio_pci_cap without id and link, and what follows it. */
  #addVendor({ type, at }: { type: number; at: number }, offset: number, extra?: number): void {
    const bytes = CAPABILITY_BYTES + (extra === undefined ? 0 : 4);
    const body = new Uint8Array(bytes - 2);
    const view = viewOf(body);
    view.setUint8(0, bytes);
    view.setUint8(1, type);
    view.setUint8(2, ModernBar.index);
    view.setUint32(6, offset, true);
    view.setUint32(10, ModernBar.pageBytes, true);
    if (extra !== undefined) view.setUint32(14, extra, true);
    this.function.config.addCapability(at, CapabilityId.vendor, body);
  }

  /** A window into the BARs through configuration space, for firmware that maps nothing (§4.1.4.9). */
  #addConfigAccess({ type, at }: { type: number; at: number }): void {
    const body = new Uint8Array(CAPABILITY_BYTES + 4 - 2);
    body[0] = CAPABILITY_BYTES + 4;
    body[1] = type;
    const writable = new Uint8Array(body.length);
    writable[PciCap.bar - 2] = 0xff;
    writable.fill(0xff, PciCap.offset - 2);
    const fn = this.function;
    fn.config.addCapability(at, CapabilityId.vendor, body, writable);
    const data: ConfigField = { at: at + PciCap.data, bytes: 4 };
    const touches = (offset: number, size: number): boolean =>
      offset < data.at + 4 && offset + size > data.at;
    fn.listeners.push({
      beforeRead: (offset, size) => {
        const window = touches(offset, size) ? this.#window(at) : null;
        if (window) fn.config.set(data, this.#modern.read(window.offset, window.size));
      },
      onWrite: (offset, size) => {
        const window = touches(offset, size) ? this.#window(at) : null;
        if (window) this.#modern.write(window.offset, window.size, fn.config.get(data));
      },
    });
  }

  #window(at: number): { offset: number; size: AccessSize } | null {
    const { config } = this.function;
    const bar = config.get({ at: at + PciCap.bar, bytes: 1 });
    const offset = config.get({ at: at + PciCap.offset, bytes: 4 });
    const size = config.get({ at: at + PciCap.length, bytes: 4 });
    const isWidth = size === 1 || size === 2 || size === 4;
    if (bar !== ModernBar.index || !isWidth || offset % size !== 0) return null;
    return offset + size <= ModernBar.bytes ? { offset, size } : null;
  }

  #listen(): void {
    const fn = this.function;
    const { interrupt } = this.#ports;
    fn.interruptLevel = () => interrupt.peek() !== 0 && !(this.#msix?.enabled ?? false);
    let placed = "";
    const place = () => {
      const bar = fn.mappings.find(({ bar: { index } }) => index === ModernBar.index);
      const disabled = (fn.command & Command.interruptDisable) !== 0;
      const intx = !disabled && !(this.#msix?.enabled ?? false);
      if (placed === `${bar?.base} ${intx}`) return;
      placed = `${bar?.base} ${intx}`;
      interrupt.place(bar?.base ?? null, intx);
    };
    // MSI-X is switched by a write of its own, which does not change what is decoded.
    fn.listeners.push({ onDecode: place, onWrite: place });
  }

  #save(): VirtioPciState {
    return {
      config: this.function.config.save(),
      transport: this.#transport.save(),
      vectors: this.#vectors.save(),
      msix: this.#msix?.save() ?? null,
    };
  }

  #restore(state: VirtioPciState): void {
    this.function.restore(state.config);
    this.#vectors.restore(state.vectors);
    if (this.#msix && state.msix) this.#msix.restore(state.msix);
    this.#transport.restore(state.transport, this.snapshot.name);
  }
}
