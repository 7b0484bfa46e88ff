/** What virt-install, virt-clone and virt-xml need of this process: its terminal, files, drivers. */
import { randomBytes, randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { PathKind, ToolHost } from "../../cli/virtinst/host.ts";
import { nodeVirshHost } from "./virsh-command.ts";

async function pathKind(path: string): Promise<PathKind> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return "directory";
    return found.isBlockDevice() ? "block" : "file";
  } catch {
    return undefined;
  }
}

export function nodeToolHost(): ToolHost {
  const { out, err, env, nowMs, connect, sleep } = nodeVirshHost();
  return {
    out,
    err,
    env,
    nowMs,
    columns: () => process.stdout.columns ?? 80,
    connect: (uri) => connect(uri, {}),
    pathKind,
    absolutePath: (path) => resolve(path),
    newUuid: () => randomUUID(),
    randomBytes: () => [...randomBytes(3)],
    sleep,
    interruption: () => new Promise((done) => process.once("SIGINT", () => endBy(done))),
  };
}

/** What is under way would keep the process: it ends once the last words are said. */
function endBy(done: () => void): void {
  done();
  setImmediate(() => process.exit());
}
