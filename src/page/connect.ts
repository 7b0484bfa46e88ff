/** Opens the connection that the address asks for. */
import type { Connection } from "../virt/connection.ts";
import { browserStorage } from "../entry/browser/storage.ts";
import { qemuDriver } from "../virt/qemu/driver.ts";
import { FIRST_DOMAINS } from "../virt/qemu/first-domains.ts";
import { ServedGuests } from "../virt/qemu/served-guests.ts";
import { openStores } from "../virt/qemu/stores.ts";
import { type Driver, openConnection } from "../virt/registry.ts";

const DEFAULT_URI = "qemu:///system";

/**
 * @param query `connect`: a connection URI; `latency`: milliseconds that the test driver's verbs take
 * @throws VmError when there is no such connection
 */
export async function connect(query: URLSearchParams): Promise<Connection> {
  const uri = query.get("connect") ?? DEFAULT_URI;
  const driver = uri.startsWith("test:") ? await testConnections(query) : await qemuConnections();
  return openConnection(uri, [driver]);
}

async function testConnections(query: URLSearchParams): Promise<Driver> {
  const { testDriver } = await import("../virt/test/driver.ts");
  const { sessionStorageOf } = await import("../entry/browser/storage.ts");
  return testDriver({
    nowMs: () => Date.now(),
    delay: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    latencyMs: Number(query.get("latency")) || 0,
    openStorage: (first) => sessionStorageOf([first]),
  });
}

async function qemuConnections(): Promise<Driver> {
  return qemuDriver({
    ...(await openStores()),
    createMachine: async (config) => {
      // The list does not need it; the first Run does.
      const { Machine } = await import("../entry/browser/tabvisor.ts");
      return Machine.create(config);
    },
    guests: new ServedGuests(new URL("guests/", document.baseURI).href),
    firstDomains: FIRST_DOMAINS,
    claim: claimDomain,
    openStorage: browserStorage,
    nowMs: () => Date.now(),
  });
}

/** A Web Lock on the domain: held until it is released or the page is gone. */
async function claimDomain(uuid: string): Promise<(() => void) | null> {
  if (!("locks" in navigator)) return () => {};
  return new Promise((resolve, reject) => {
    const hold = (lock: Lock | null): Promise<void> | void => {
      if (!lock) return resolve(null);
      return new Promise<void>((release) => resolve(release));
    };
    navigator.locks.request(`domain ${uuid}`, { ifAvailable: true }, hold).catch(reject);
  });
}
