/** The calls of all drivers, and what a driver of one URI scheme is. */
import type { DomainCalls } from "./domain-calls.ts";
import type { HostCalls } from "./host-calls.ts";
import type { NetworkCalls } from "./network-calls.ts";
import type { SnapshotCalls } from "./snapshot-calls.ts";
import type { StorageCalls } from "./storage-calls.ts";
import type { TabvisorCalls } from "./tabvisor-calls.ts";

/** Every call that libvirt's tools make, by libvirt's names without `vir`, and ours. */
export interface Calls
  extends HostCalls, DomainCalls, SnapshotCalls, StorageCalls, NetworkCalls, TabvisorCalls {}

/** What a driver answers of them for one connection; the rest is not supported. */
export type DriverConnection = Partial<Calls> & { close(): Promise<void> };

/** Opens connections of one URI scheme. */
export interface ConnectDriver {
  /** The scheme: `qemu`, `test`. */
  readonly scheme: string;
  /** @throws VmError when the rest of the URI names nothing of the driver's */
  open(uri: ParsedUri): Promise<DriverConnection>;
}

/** A connection URI: `scheme[+transport]://[server]/path[?query]`. */
export interface ParsedUri {
  readonly text: string;
  readonly scheme: string;
  readonly transport?: string;
  readonly server: string;
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
}
