/** `tabvisor virt-install`: the terminal, the files and the drivers of this process. */
import { open } from "node:fs/promises";
import type { HostFile } from "../../cli/virt-install/host.ts";
import { virtInstall } from "../../cli/virt-install/main.ts";
import { systemReason } from "../../host/node/system-reason.ts";
import { fetchWeb } from "../../host/web/fetch-web.ts";
import { vmError } from "../../protocol/vm-error.ts";
import { nodeToolHost } from "./tool-host.ts";
import { nodeVirshHost } from "./virsh-command.ts";

export function virtInstallCommand(args: readonly string[]): Promise<number> {
  const { hasTerminal, console, readFile } = nodeVirshHost();
  return virtInstall(args, {
    ...nodeToolHost(),
    readFile,
    openFile,
    web: fetchWeb,
    now: () => new Date(),
    hasTerminal,
    console: (stream) => console(stream, "^]"),
    enterKey,
  });
}

/** @throws VmError systemError in the system's words */
async function openFile(path: string): Promise<HostFile> {
  const file = await open(path).catch((error: unknown) => {
    throw vmError("systemError", `Failed to open file '${path}': ${systemReason(error)}`, {
      cause: error,
    });
  });
  const { size } = await file.stat();
  return {
    sizeBytes: size,
    read: async (offset, length) => {
      const buffer = new Uint8Array(length);
      const { bytesRead } = await file.read(buffer, 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}

function enterKey(ms: number): Promise<void> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      stdin.off("data", finish);
      stdin.pause();
      resolve();
    };
    const timer = setTimeout(finish, ms);
    stdin.once("data", finish);
  });
}
