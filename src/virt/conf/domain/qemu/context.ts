/** What the qemu driver's defaults depend on, besides what every driver's do. */
import type { DomainContext, DomainParseOptions } from "../context.ts";

export interface QemuDomainContext extends DomainContext {
  /** What stands in `<emulator>` where none is given. */
  readonly emulator: string;
  /** Where channels' sockets are, without a slash at its end. */
  readonly channelFolder: string;
  /** Where a domain's EFI variables are kept, without a slash at its end. */
  readonly nvramFolder: string;
  /** The board's buses; see `TABVISOR_BOARD`. */
  readonly board: QemuBoard;
}

/** What the machine `virt` can be made of: what libvirt asks an emulator's capabilities for. */
export interface QemuBoard {
  /** There is a PCI Express host bridge. */
  readonly pcie: boolean;
  /** Root ports can be added to it, so that devices can be plugged in while the domain runs. */
  readonly rootPorts: boolean;
  /** There are places for virtio devices that are not on PCI. */
  readonly virtioMmio: boolean;
  /** The SCSI controller that a disk without one gets. */
  readonly scsiModel: "virtio-scsi" | "lsilogic";
}

/** Our own machine. */
export const TABVISOR_BOARD: QemuBoard = {
  pcie: true,
  rootPorts: true,
  virtioMmio: true,
  scsiModel: "virtio-scsi",
};

export interface QemuDomainOptions extends DomainParseOptions {
  /**
   * The definition is a new one, not one that was stored before: what changes the guest's hardware may
   * still be chosen (libvirt's VIR_DOMAIN_DEF_PARSE_ABI_UPDATE).
   */
  readonly newDomain: boolean;
}
