/**
 * `qemu:///system` of all tabs: the first one holds the machines, the others reach it over messages
 * (docs/management.md).
 */
import { TabHost } from "../../host/browser/tab-host.ts";
import { vmError } from "../../protocol/vm-error.ts";
import type { ConnectDriver, DriverConnection } from "../../virt/driver/driver.ts";
import { openQemuHost, type QemuHost } from "../../virt/drivers/qemu/driver.ts";
import type { QemuPorts } from "../../virt/drivers/qemu/ports.ts";
import { openRemote } from "../../virt/remote/client.ts";
import { serveRemote } from "../../virt/remote/server.ts";

export interface SharedHostOptions {
  ports(): Promise<QemuPorts>;
  /** Called once, when there was never a host on this origin before. */
  firstVisit(connection: DriverConnection): Promise<void>;
  /** Told of what could not be read or started. */
  failed(what: string, error: unknown): void;
}

/** A host that keeps running when this page is only one of its clients. */
export interface SharedHost {
  readonly driver: ConnectDriver;
  /** Whether the machines run in this tab, and end with it. */
  isHere(): boolean;
  /** Calls back when the machines' host is another tab than before: connections are to be opened anew. */
  onMoved(listener: () => void): void;
}

/** Left at the first visit, so that who removes every domain does not get the first one back. */
const MARK = "qemu/visited";

export async function openSharedHost(options: SharedHostOptions): Promise<SharedHost> {
  const listeners = new Set<() => void>();
  let host: QemuHost | null = null;
  const begin = async (): Promise<void> => {
    host = await beginHost(options);
  };
  const connectionTo = async (path: string): Promise<DriverConnection> => {
    if (path !== "/system") {
      throw vmError("internalError", `unexpected QEMU URI path '${path}', try qemu:///system`);
    }
    if (!host) throw vmError("internalError", "the host is not open");
    return host.connection();
  };
  const tabs = await openTabs({
    begin,
    serve: (channel) => serveRemote(channel, connectionTo),
    moved: () => listeners.forEach((listener) => listener()),
  });
  return {
    driver: {
      scheme: "qemu",
      open: async ({ path }) =>
        tabs === null || tabs.isHere ? connectionTo(path) : openRemote(await tabs.connect(), path),
    },
    isHere: () => tabs === null || tabs.isHere,
    onMoved: (listener) => void listeners.add(listener),
  };
}

/** Null where tabs cannot find each other: then each is its own host. */
async function openTabs(ports: Parameters<typeof TabHost.open>[0]): Promise<TabHost | null> {
  if ("locks" in navigator && "BroadcastChannel" in globalThis) return TabHost.open(ports);
  await ports.begin();
  return null;
}

async function beginHost(options: SharedHostOptions): Promise<QemuHost> {
  const ports = await options.ports();
  const host = await openQemuHost(ports, (name, error) => options.failed(name, error));
  if ((await ports.files.read(MARK)) === null) {
    await options.firstVisit(host.connection());
    await ports.files.write(MARK, "");
  }
  // The page is there at once; who is started by itself comes when it comes.
  void host.autostart((name, error) => options.failed(name, error));
  return host;
}
