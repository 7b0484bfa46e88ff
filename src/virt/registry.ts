/** Connection URIs to drivers, as libvirt's `virConnectOpen`. */
import { vmError } from "../protocol/vm-error.ts";
import type { Connection } from "./connection.ts";

/** Opens connections of one URI scheme. */
export interface Driver {
  /** The scheme: `qemu`, `test`. */
  readonly scheme: string;
  open(uri: string): Promise<Connection>;
}

/**
 * Opens `uri` with the driver of its scheme.
 *
 * @throws VmError invalidArg for a malformed URI, noSupport for a scheme without a driver
 */
export async function openConnection(uri: string, drivers: readonly Driver[]): Promise<Connection> {
  const scheme = /^([a-z][a-z0-9]*):\/\/\//.exec(uri)?.[1];
  if (scheme === undefined) throw vmError("invalidArg", `'${uri}' is no connection URI`);
  const driver = drivers.find((each) => each.scheme === scheme);
  if (!driver) throw vmError("noSupport", `no driver for the connection URI '${uri}'`);
  return driver.open(uri);
}
