/** The legacy interface of a transitional device, in I/O space (virtio 1.3 §4.1.4.8). */
import type { AccessSize, MmioRegion } from "../../device-model.ts";
import { RegisterBank } from "../../bus/register-map.ts";
import type { Trace } from "../../ports.ts";
import { LegacyBar, NO_VECTOR, VIRTIO_PCI_LEGACY } from "./pci-regs.ts";
import type { PciVectors } from "./pci-vectors.ts";
import type { VirtioTransport } from "./transport.ts";

export interface LegacyParts {
  readonly transport: VirtioTransport;
  readonly vectors: PciVectors;
  readonly interrupt: { take(): number };
  readonly trace: Trace;
}

/** Size of the BAR: registers with vectors, then the device's configuration. */
export function legacyBytes(configBytes: number): number {
  return 2 ** Math.ceil(Math.log2(LegacyBar.endWithMsix + configBytes));
}

export function legacyRegion(parts: LegacyParts): MmioRegion {
  const { transport, vectors, trace } = parts;
  const bank = new RegisterBank(transport.name, VIRTIO_PCI_LEGACY, handlers(parts), trace);
  const end = () => (vectors.msixEnabled ? LegacyBar.endWithMsix : LegacyBar.end);
  return {
    read: (offset, size) => {
      if (offset < LegacyBar.end) return bank.read(offset, size);
      if (offset < end()) return readVector(parts, offset, size);
      return transport.readConfig(offset - end(), size);
    },
    write: (offset, size, value) => {
      if (offset < LegacyBar.end) bank.write(offset, size, value);
      else if (offset < end()) writeVector(parts, offset, value);
      else transport.writeConfig(offset - end(), size, value);
    },
  };
}

function readVector({ transport, vectors }: LegacyParts, offset: number, size: AccessSize): number {
  if (size !== 2) return 0;
  if (offset === LegacyBar.configVector) return vectors.configVector;
  return transport.selected ? vectors.queueVector(transport.queueSel) : NO_VECTOR;
}

function writeVector({ transport, vectors }: LegacyParts, offset: number, value: number): void {
  if (offset === LegacyBar.configVector) vectors.configVector = value;
  else if (offset === LegacyBar.queueVector) vectors.setQueueVector(transport.queueSel, value);
}

function handlers({ transport, interrupt }: LegacyParts) {
  return {
    device_features: { read: () => transport.legacyFeatures },
    driver_features: {
      read: () => transport.legacyDriverFeatures,
      write: (value: number) => transport.setLegacyFeatures(value),
    },
    queue_address: {
      read: () => Math.floor((transport.selected?.legacyAddress ?? 0) / LegacyBar.queuePageBytes),
      write: (value: number) => transport.setLegacyQueue(value * LegacyBar.queuePageBytes),
    },
    queue_size: { read: () => transport.selected?.sizeMax ?? 0 },
    queue_select: {
      read: () => transport.queueSel,
      write: (value: number) => void (transport.queueSel = value),
    },
    queue_notify: { read: () => 0, write: (value: number) => transport.notify(value) },
    device_status: {
      read: () => transport.status,
      write: (value: number) => transport.setLegacyStatus(value),
    },
    isr_status: { read: () => interrupt.take() },
  };
}
