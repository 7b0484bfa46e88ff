/** Opens what the page manages: the connection that the address asks for. */
import { openConnect } from "../virt/driver/connect.ts";
import type { ConnectDriver, DriverConnection } from "../virt/driver/driver.ts";
import { Manager } from "../virt/manager/manager.ts";
import { vmError } from "../protocol/vm-error.ts";

const DEFAULT_URI = "qemu:///system";

/**
 * @param query `connect`: a connection URI
 * @throws VmError when there is no such connection
 */
export async function openManager(query: URLSearchParams): Promise<Manager> {
  const uri = query.get("connect") ?? DEFAULT_URI;
  const drivers = [oneMock()];
  return Manager.open({
    open: () => openConnect(uri, drivers),
    nowMs: () => Date.now(),
    every: everyVisible,
  });
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

/** In QEMU's range. */
function randomMac(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(3));
  return ["52", "54", "00", ...[...bytes].map((each) => each.toString(16).padStart(2, "0"))].join(
    ":",
  );
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
