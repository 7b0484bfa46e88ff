/** Opens what the page manages: the connection that the address asks for. */
import { openConnect } from "../virt/driver/connect.ts";
import type { ConnectDriver, DriverConnection } from "../virt/driver/driver.ts";
import type { GuestManifest } from "../virt/guest-manifest.ts";
import { Manager } from "../virt/manager/manager.ts";
import { folderPicker, type PickFolder } from "../entry/browser/folder-picker.ts";
import { browserQemuPorts, randomMac } from "../entry/browser/qemu-ports.ts";
import { openSharedHost, type SharedHost } from "../entry/browser/shared-host.ts";
import { defineFirstDomain } from "./first-domain.ts";
import { servedGuests } from "./served-guests.ts";
import type { RunTerminal } from "../ui/terminal/terminal-port.ts";
import { vmError } from "../protocol/vm-error.ts";

const DEFAULT_URI = "qemu:///system";

export interface OpenManager {
  readonly manager: Manager;
  /** The guests that are served beside the page. @throws VmError */
  guests(): Promise<readonly GuestManifest[]>;
  /** Lets the terminal's commands talk on a screen. */
  readonly runTerminal: RunTerminal;
  /** Whether machines end when this page is closed. */
  holdsMachines(): boolean;
  /** Tells when the tab that ran the machines is gone; returns a function that stops it. */
  onHostMoved(listener: () => void): () => void;
  /** Asks the user for a folder to be a pool's directory; null where no folder can be had. */
  readonly pickFolder: PickFolder | null;
}

/**
 * @param query `connect`: a connection URI
 * @param version of the program
 * @throws VmError when there is no such connection
 */
export async function openManager(query: URLSearchParams, version: string): Promise<OpenManager> {
  const uri = query.get("connect") ?? DEFAULT_URI;
  const host = lazyHost(version);
  const drivers = [oneMock(), host.driver];
  const manager = await Manager.open({
    open: () => openConnect(uri, drivers),
    nowMs: () => Date.now(),
    every: everyVisible,
  });
  const followers = new Set<() => void>();
  host.onMoved(() => {
    for (const follower of followers) follower();
    // A host that cannot be opened is told by the calls that need it.
    void manager.reopen().catch(() => {});
  });
  const runTerminal: RunTerminal = async (screen, services) => {
    const terminal = await import("../entry/browser/terminal/terminal.ts");
    await terminal.runTerminal(screen, { ...services, uri, drivers });
  };
  return {
    manager,
    guests: servedGuests,
    runTerminal,
    holdsMachines: host.isHere,
    onHostMoved: (listener) => {
      followers.add(listener);
      return () => followers.delete(listener);
    },
    pickFolder: folderPicker(),
  };
}

/** The machines' host, opened with the first connection to it. */
function lazyHost(version: string): SharedHost {
  let opening: Promise<SharedHost> | undefined;
  let opened: SharedHost | null = null;
  const listeners: (() => void)[] = [];
  const open = async (): Promise<SharedHost> => {
    opened = await openSharedHost({
      ports: () => browserQemuPorts(version),
      firstVisit: defineFirstDomain,
      failed: (what, error) => console.warn(`${what}: ${String(error)}`),
    });
    for (const listener of listeners) opened.onMoved(listener);
    return opened;
  };
  return {
    driver: { scheme: "qemu", open: async (uri) => (await (opening ??= open())).driver.open(uri) },
    isHere: () => opened?.isHere() ?? false,
    onMoved: (listener) => {
      listeners.push(listener);
      opened?.onMoved(listener);
    },
  };
}

/** libvirt's mock: all that open it in this page share its objects. */
function oneMock(): ConnectDriver {
  const opened = new Map<string, Promise<DriverConnection>>();
  return {
    scheme: "test",
    open: async (uri) => {
      const known = opened.get(uri.path);
      if (known) return known;
      const { testDriver } = await import("../virt/drivers/test/driver.ts");
      const connection = testDriver({
        nowMs: () => Date.now(),
        newUuid: () => crypto.randomUUID(),
        newMac: randomMac,
        hostname: () => location.hostname,
        readFile: servedFile,
        writeFile: async (path) => {
          throw vmError("systemError", `Failed to create file '${path}': Read-only file system`);
        },
      }).open(uri);
      opened.set(uri.path, connection);
      return connection;
    },
  };
}

/** A file beside the page: `test:///lab.xml` is a mock of the objects that the page's own `lab.xml` tells. */
async function servedFile(path: string): Promise<Uint8Array> {
  const answer = await fetch(new URL(`.${path}`, document.baseURI));
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  throw vmError("systemError", `Failed to open file '${path}': No such file or directory`);
}

/** Not while the page is hidden: nobody sees what it would find. */
function everyVisible(ms: number, work: () => Promise<void>): () => void {
  let busy = false;
  const timer = setInterval(() => {
    if (document.hidden || busy) return;
    busy = true;
    void work().finally(() => {
      busy = false;
    });
  }, ms);
  return () => clearInterval(timer);
}
