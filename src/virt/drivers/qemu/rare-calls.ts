/** Calls that few connections ever make: what answers them is loaded with the first one. */
import type { DomainCalls } from "../../driver/domain-calls.ts";
import type { QemuState } from "./qemu-state.ts";

const AGENT = [
  "domainQemuAgentCommand",
  "domainAgentSetResponseTimeout",
  "domainGetHostname",
  "domainGetTime",
  "domainSetTime",
  "domainGetFSInfo",
  "domainFSFreeze",
  "domainFSThaw",
  "domainFSTrim",
  "domainInterfaceAddresses",
  "domainGetGuestInfo",
  "domainSetUserPassword",
  "domainAuthorizedSSHKeysGet",
  "domainAuthorizedSSHKeysSet",
  "domainGetGuestVcpus",
  "domainSetGuestVcpus",
] as const;
const DEVICES = [
  "domainAttachDeviceFlags",
  "domainDetachDeviceFlags",
  "domainUpdateDeviceFlags",
  "domainBlockResize",
] as const;
const DUMP = ["domainCoreDumpWithFormat", "domainGetJobStats", "domainAbortJobFlags"] as const;
const KEYS = ["domainSendKey", "domainInjectNMI"] as const;
const MONITOR = ["domainQemuMonitorCommand"] as const;
const NATIVE = ["connectDomainXMLToNative"] as const;

type Name = (
  | typeof AGENT
  | typeof DEVICES
  | typeof DUMP
  | typeof KEYS
  | typeof MONITOR
  | typeof NATIVE
)[number];

export function rareCalls(state: QemuState): Pick<DomainCalls, Name> {
  return {
    ...deferred(AGENT, async () => (await import("./agent/agent-calls.ts")).agentCalls(state)),
    ...deferred(DEVICES, async () => (await import("./device-calls.ts")).deviceCalls(state)),
    ...deferred(DUMP, async () => (await import("./dump-calls.ts")).dumpCalls(state)),
    ...deferred(KEYS, async () => (await import("./key-calls.ts")).keyCalls(state)),
    ...deferred(MONITOR, async () => (await import("./monitor-calls.ts")).monitorCalls(state)),
    ...deferred(NATIVE, async () => (await import("./native-calls.ts")).nativeCalls(state)),
  };
}

type AnyCall = (...args: readonly unknown[]) => Promise<unknown>;

/** Calls of those names, which go to what `load` brings; when it fails, the next call tries again. */
function deferred<K extends Name>(
  names: readonly K[],
  load: () => Promise<Pick<DomainCalls, K>>,
): Pick<DomainCalls, K> {
  let loaded: Promise<Pick<DomainCalls, K>> | undefined;
  const calls = async (): Promise<Pick<DomainCalls, K>> => {
    loaded ??= load();
    try {
      return await loaded;
    } catch (error) {
      loaded = undefined;
      throw error;
    }
  };
  const entries = names.map((name): [K, AnyCall] => [
    name,
    async (...args) => ((await calls())[name] as AnyCall)(...args),
  ]);
  return Object.fromEntries(entries) as unknown as Pick<DomainCalls, K>;
}
