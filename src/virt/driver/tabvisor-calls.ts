/** Calls that libvirt does not have, for what a page can do and a host's terminal cannot. */
import type { DomainRef, StorageVolRef } from "./refs.ts";

/** How a domain's last run ended. */
export interface DomainEnd {
  /** One sentence; null where nothing more is known than the reason of the state. */
  readonly message: string | null;
  /** What its devices remarked, oldest first: misuse by the guest, failures. */
  readonly remarks: readonly string[];
  /** Where each processor stood when it crashed, as `info registers` prints it; empty for other ends. */
  readonly registers: string;
}

/** How far a driver is with what it does to a volume: copying, wiping, allocating, moving its bytes. */
export interface VolumeJob {
  readonly volume: Pick<StorageVolRef, "pool" | "name">;
  readonly doneBytes: number;
  /** Of all passes where it is written several times. */
  readonly totalBytes: number;
}

/** libvirt's own calls on volumes tell nothing before they are done, and cannot be given up. */
export interface VolumeJobCalls {
  /** Tells several times a second how far jobs on volumes are; resolves to what stops it. */
  connectVolumeJobs(listener: (job: VolumeJob) => void): Promise<() => void>;
  /**
   * Ends what is done to a volume: its call rejects with operationAborted soon. A volume that was being
   * made is removed, of others what was written stays written. Does nothing where no job is.
   *
   * @throws VmError noStorageVol
   */
  storageVolAbortJob(volume: StorageVolRef): Promise<void>;
}

/** How much a domain that starts has loaded of its firmware, kernel and RAM disk. */
export interface DomainLoad {
  readonly domain: Pick<DomainRef, "uuid">;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface TabvisorCalls extends VolumeJobCalls {
  /**
   * Tells the guest a terminal's size in characters. Does nothing on consoles without sizes.
   *
   * @param device alias; null is the first console
   */
  domainSetConsoleSize(
    domain: DomainRef,
    device: string | null,
    columns: number,
    rows: number,
  ): Promise<void>;
  /** Sends a break condition (Linux: the SysRq prefix). @throws VmError on consoles without breaks */
  domainSendBreak(domain: DomainRef, device: string | null): Promise<void>;
  /** Tells of domains that start; resolves to what stops it. */
  connectDomainLoads(listener: (load: DomainLoad) => void): Promise<() => void>;
  /** Null for a domain that did not run yet. */
  domainGetEnd(domain: DomainRef): Promise<DomainEnd | null>;
}
