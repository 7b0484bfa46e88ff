/** Calls that libvirt does not have, for what a page can do and a host's terminal cannot. */
import type { DomainRef } from "./refs.ts";

/** How a domain's last run ended. */
export interface DomainEnd {
  /** One sentence; null where nothing more is known than the reason of the state. */
  readonly message: string | null;
  /** What its devices remarked, oldest first: misuse by the guest, failures. */
  readonly remarks: readonly string[];
  /** Where each processor stood when it crashed, as `info registers` prints it; empty for other ends. */
  readonly registers: string;
}

export interface TabvisorCalls {
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
  /** Null for a domain that did not run yet. */
  domainGetEnd(domain: DomainRef): Promise<DomainEnd | null>;
}
