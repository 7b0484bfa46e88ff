/** `tabvisor daemon`: runs this user's virtual machines, and serves the tools over a socket. */
import { fstatSync, openSync } from "node:fs";
import { chmod, mkdir, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { lockFile } from "../../../host/node/file-locks.ts";
import { socketChannel } from "../../../host/node/socket-channel.ts";
import { systemReason } from "../../../host/node/system-reason.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import type { DriverConnection } from "../../../virt/driver/driver.ts";
import { openQemuHost, type QemuHost } from "../../../virt/drivers/qemu/driver.ts";
import type { ToClient, ToServer } from "../../../virt/remote/messages.ts";
import { serveRemote } from "../../../virt/remote/server.ts";
import { definitionsRoot, socketPath } from "./paths.ts";
import { nodeQemuPorts } from "./qemu-ports.ts";

/** How long guests may take to power off when the daemon ends. */
const GUEST_PATIENCE_MS = 30_000;

export const DAEMON_HELP = `usage: tabvisor daemon

Runs the virtual machines of qemu:///system, and those marked for autostart at once.
'tabvisor virsh' speaks to it. It ends, and powers the machines off, on SIGTERM or Ctrl-C;
a second one does not wait for their guests.

Environment:
  XDG_CONFIG_HOME  definitions are in tabvisor/libvirt below it (or TABVISOR_CONFIG)
  XDG_DATA_HOME    storage pools are in tabvisor below it (or TABVISOR_DATA)
  XDG_RUNTIME_DIR  the socket is tabvisor/virt-sock below it; without it, below XDG_STATE_HOME
`;

/** @returns the exit status, when the daemon ends */
export async function daemonCommand(args: readonly string[], version: string): Promise<number> {
  if (args.length > 0) {
    const help = ["help", "-h", "--help", "-help"].includes(args[0] ?? "");
    if (help) process.stdout.write(DAEMON_HELP);
    else process.stderr.write(`tabvisor daemon: unexpected argument '${args[0]}'\n`);
    return help ? 0 : 1;
  }
  const env = process.env;
  const release = await claim(definitionsRoot(env));
  if (!release) {
    say(`another daemon of this user is running`);
    return 1;
  }
  try {
    await run(version, socketPath(env));
    return 0;
  } finally {
    release();
  }
}

function say(text: string): void {
  process.stderr.write(`tabvisor daemon: ${text}\n`);
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

async function run(version: string, path: string): Promise<void> {
  const ports = nodeQemuPorts(version);
  const host = await openQemuHost(ports, (name, error) =>
    say(`definition '${name}' was left out: ${reasonOf(error)}`),
  );
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serveRemote(socketChannel<ToServer, ToClient>(socket), (uri) => connectionTo(host, uri));
  });
  await listen(server, path);
  say(`listening on ${path}`);
  const asked = signal();
  await host.autostart((domain, error) =>
    say(`domain '${domain}' was not autostarted: ${reasonOf(error)}`),
  );
  await asked;
  server.close();
  await host.close(
    Promise.race([signal(), setTimeout(GUEST_PATIENCE_MS, undefined, { ref: false })]),
  );
  for (const socket of sockets) socket.destroy();
  await rm(path, { force: true });
}

async function connectionTo(host: QemuHost, path: string): Promise<DriverConnection> {
  if (path === "/system") return host.connection();
  throw vmError("internalError", `unexpected QEMU URI path '${path}', try qemu:///system`);
}

/** @returns null where another process has the definitions */
async function claim(root: string): Promise<(() => void) | null> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const fd = openSync(join(root, ".lock"), "a", 0o600);
  try {
    return lockFile(fstatSync(fd, { bigint: true }), true);
  } catch (error) {
    if ((error as { code?: unknown }).code === "EAGAIN") return null;
    throw error;
  }
}

/** A socket that a daemon left behind is removed: nobody else can be there, we have the lock. */
async function listen(server: Server, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(vmError("systemError", `Failed to bind socket to '${path}': ${systemReason(error)}`)),
    );
    server.listen(path, resolve);
  });
  await chmod(path, 0o600);
}

/** Resolves at the next request to end. */
function signal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.off("SIGTERM", stop);
      process.off("SIGINT", stop);
      resolve();
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  });
}
