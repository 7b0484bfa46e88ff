/** Handlers of the common configuration structure (virtio 1.3 §4.1.4.3). */
import type { PciVectors } from "./pci-vectors.ts";
import { NO_VECTOR } from "./pci-regs.ts";
import type { QueueArea } from "./queue-config.ts";
import type { VirtioTransport } from "./transport.ts";

export function commonHandlers(transport: VirtioTransport, vectors: PciVectors) {
  return {
    ...featureHandlers(transport),
    config_msix_vector: {
      read: () => vectors.configVector,
      write: (value: number) => void (vectors.configVector = value),
    },
    num_queues: { read: () => transport.queues.length },
    device_status: {
      read: () => transport.status,
      write: (value: number) => transport.setStatus(value),
    },
    config_generation: { read: () => transport.configGeneration },
    ...queueHandlers(transport, vectors),
    ...addressHandlers(transport),
  };
}

function featureHandlers(transport: VirtioTransport) {
  return {
    device_feature_select: {
      read: () => transport.deviceFeaturesSel,
      write: (value: number) => void (transport.deviceFeaturesSel = value),
    },
    device_feature: { read: () => transport.deviceFeatures },
    driver_feature_select: {
      read: () => transport.driverFeaturesSel,
      write: (value: number) => void (transport.driverFeaturesSel = value),
    },
    driver_feature: {
      read: () => transport.driverFeatures,
      write: (value: number) => transport.setDriverFeatures(value),
    },
  };
}

function queueHandlers(transport: VirtioTransport, vectors: PciVectors) {
  return {
    queue_select: {
      read: () => transport.queueSel,
      write: (value: number) => void (transport.queueSel = value),
    },
    // Size 0 says that there is no such queue.
    queue_size: {
      read: () => transport.selected?.size ?? 0,
      write: (value: number) => transport.setSize(value),
    },
    queue_msix_vector: {
      read: () => (transport.selected ? vectors.queueVector(transport.queueSel) : NO_VECTOR),
      write: (value: number) => vectors.setQueueVector(transport.queueSel, value),
    },
    // A driver must not write 0 here (§4.1.4.3.2); queue_reset is how it stops one.
    queue_enable: {
      read: () => Number(transport.selected?.ready ?? false),
      write: (value: number) => (value === 1 ? transport.enableQueue() : undefined),
    },
    queue_notify_off: { read: () => transport.queueSel },
    queue_notify_data: { read: () => transport.queueSel },
    queue_reset: {
      read: () => 0,
      write: (value: number) => (value === 1 ? transport.resetQueue() : undefined),
    },
  };
}

function addressHandlers(transport: VirtioTransport) {
  const area = (name: QueueArea, high: boolean) => ({
    read: () => transport.selected?.address(name, high) ?? 0,
    write: (value: number) => transport.setAddress(name, high, value),
  });
  return {
    queue_desc_low: area("desc", false),
    queue_desc_high: area("desc", true),
    queue_driver_low: area("driver", false),
    queue_driver_high: area("driver", true),
    queue_device_low: area("device", false),
    queue_device_high: area("device", true),
  };
}
