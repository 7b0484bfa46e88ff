/** Connections to the daemon, for the tools. */
import { connect, type Socket } from "node:net";
import { socketChannel } from "../../../host/node/socket-channel.ts";
import { systemReason } from "../../../host/node/system-reason.ts";
import { ErrorDomain, vmError, wordedVmError } from "../../../protocol/vm-error.ts";
import type { ConnectDriver, ParsedUri } from "../../../virt/driver/driver.ts";
import { openRemote } from "../../../virt/remote/client.ts";
import { socketPath } from "./paths.ts";

/** The driver of the scheme `qemu`: `qemu:///system`, and `qemu+unix:///system?socket=PATH`. */
export function daemonDriver(env: Readonly<Record<string, string | undefined>>): ConnectDriver {
  return {
    scheme: "qemu",
    open: async (uri) => {
      checkUri(uri);
      const path = uri.query.get("socket") ?? socketPath(env);
      return openRemote(socketChannel(await connected(path)), uri.path);
    },
  };
}

/** @throws VmError in libvirt's words */
function checkUri({ transport, server, path }: ParsedUri): void {
  if (transport !== undefined && transport !== "unix") {
    throw vmError("invalidArg", `transport '${transport}' is not supported`, {
      domain: ErrorDomain.remote,
    });
  }
  if (server !== "") {
    throw vmError("invalidArg", `cannot connect to the host '${server}'`, {
      domain: ErrorDomain.remote,
    });
  }
  if (path === "/system") return;
  throw vmError("internalError", `unexpected QEMU URI path '${path}', try qemu:///system`);
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once("connect", () => {
      socket.off("error", failed);
      resolve(socket);
    });
    socket.once("error", failed);
    function failed(error: Error): void {
      reject(
        wordedVmError(
          "systemError",
          `Failed to connect socket to '${path}': ${systemReason(error)}`,
          { domain: ErrorDomain.rpc, cause: error },
        ),
      );
    }
  });
}
