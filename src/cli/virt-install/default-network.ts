/** The network of guests for which no option names one. */
import type { Connect } from "../../virt/driver/connect.ts";
import { ErrorCode, VmError } from "../../protocol/vm-error.ts";
import type { Given } from "../virtinst/arguments.ts";

/** Options that say something about the network. */
const OPTIONS = ["network", "bridge", "mac", "nonetworks", "pxe"];

/** Whether the guest gets the default network: to be asked before old options are converted. */
export function leavesNetworkOpen(given: Given): boolean {
  return !OPTIONS.some((name) => given.has(name));
}

/**
 * Leaves the network out where `qemu:///system` has no network `default`: the guest could never be
 * started with it.
 *
 * @param warn tells the user
 */
export async function leaveOutMissingNetwork(
  given: Given,
  connect: Connect,
  warn: (message: string) => void,
): Promise<void> {
  if (!/^qemu(?:\+[a-z]+)?:\/\/[^/]*\/system/.test(connect.uri)) return;
  try {
    await connect.networkLookupByName("default");
  } catch (error) {
    if (!(error instanceof VmError) || error.code !== ErrorCode.noNetwork) throw error;
    warn("There is no network 'default' on this connection: the guest gets no network interface.");
    given.replace("network", ["none"]);
  }
}
