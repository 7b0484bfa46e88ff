/** `tabvisor virt-install`: the terminal, the files and the drivers of this process. */
import { randomBytes, randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { InstallHost, PathKind } from "../../cli/virt-install/host.ts";
import { virtInstall } from "../../cli/virt-install/main.ts";
import { nodeVirshHost } from "./virsh-command.ts";

export function virtInstallCommand(args: readonly string[]): Promise<number> {
  return virtInstall(args, nodeInstallHost());
}

async function pathKind(path: string): Promise<PathKind> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return "directory";
    return found.isBlockDevice() ? "block" : "file";
  } catch {
    return undefined;
  }
}

function nodeInstallHost(): InstallHost {
  const { out, err, env, connect, hasTerminal, console, sleep } = nodeVirshHost();
  return {
    out,
    err,
    env,
    connect: (uri) => connect(uri, {}),
    pathKind,
    absolutePath: (path) => resolve(path),
    newUuid: () => randomUUID(),
    randomBytes: () => [...randomBytes(3)],
    hasTerminal,
    console: (stream) => console(stream, "^]"),
    sleep,
  };
}
