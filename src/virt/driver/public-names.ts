/** The names by which libvirt's own API knows the calls. */
import type { Calls } from "./driver.ts";

/**
 * Calls that got flags later on: with no flags given, callers still make the call of the older name.
 * The real tools do, and so its name is what they say is not supported.
 */
const WITHOUT_FLAGS: Partial<Record<keyof Calls, string>> = {
  domainAttachDeviceFlags: "virDomainAttachDevice",
  domainDetachDeviceFlags: "virDomainDetachDevice",
  domainCreateWithFlags: "virDomainCreate",
  domainDefineXMLFlags: "virDomainDefineXML",
  domainUndefineFlags: "virDomainUndefine",
  domainDestroyFlags: "virDomainDestroy",
  domainShutdownFlags: "virDomainShutdown",
  domainSetVcpusFlags: "virDomainSetVcpus",
  domainSaveFlags: "virDomainSave",
  domainRestoreFlags: "virDomainRestore",
  domainGetJobStats: "virDomainGetJobInfo",
  domainAbortJobFlags: "virDomainAbortJob",
  domainCoreDumpWithFormat: "virDomainCoreDump",
  networkCreateXMLFlags: "virNetworkCreateXML",
  networkDefineXMLFlags: "virNetworkDefineXML",
  storageVolWipePattern: "virStorageVolWipe",
  storageVolGetInfoFlags: "virStorageVolGetInfo",
  nodeDeviceDetachFlags: "virNodeDeviceDettach",
  connectListAllNWFilters: "virConnectNumOfNWFilters",
  connectListAllSecrets: "virConnectNumOfSecrets",
};

/** Calls whose name of ours is shorter than libvirt's. */
const OTHER_NAMES: Partial<Record<keyof Calls, string>> = {
  connectMonitorEvents: "virConnectDomainQemuMonitorEventRegister",
};

/** `virDomainCreate`; `args` are those of the call, the flags last. */
export function publicName(call: keyof Calls, args: readonly unknown[]): string {
  const older = WITHOUT_FLAGS[call];
  const flags = args.at(-1);
  const plain = call === "nodeDeviceDetachFlags" ? args[1] === null : flags === 0;
  if (older !== undefined && (plain || call.startsWith("connectListAll"))) return older;
  const other = OTHER_NAMES[call];
  if (other !== undefined) return other;
  const name = `vir${call[0]?.toUpperCase() ?? ""}${call.slice(1)}`;
  return name.replace("virNwfilter", "virNWFilter");
}
