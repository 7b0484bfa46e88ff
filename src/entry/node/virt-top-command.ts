/** `tabvisor virt-top`: the terminal, the files and the drivers of this process. */
import { open, readFile } from "node:fs/promises";
import type { TopHost, TopTerminal } from "../../cli/virt-top/host.ts";
import { virtTop } from "../../cli/virt-top/main.ts";
import { systemReason } from "../../host/node/system-reason.ts";
import { nodeToolHost } from "./tool-host.ts";
import { nodeVirshHost } from "./virsh-command.ts";

export function virtTopCommand(args: readonly string[]): Promise<number> {
  return virtTop(args, nodeTopHost());
}

function nodeTopHost(): TopHost {
  const { out, err, env, interruption } = nodeToolHost();
  const { connect } = nodeVirshHost();
  return {
    ...{ out, err, env, interruption, terminal },
    nowMs: () => Date.now(),
    after: (ms, run) => {
      const timer = setTimeout(run, Math.min(ms, 2 ** 31 - 1));
      return () => clearTimeout(timer);
    },
    connect: (uri) => connect(uri, { readOnly: true }),
    readText: (path) => readFile(path, "utf8").catch(() => undefined),
    createText: async (path) => {
      const file = await open(path, "w").catch((error: unknown) => {
        throw new Error(`${path}: ${systemReason(error)}`, { cause: error });
      });
      return {
        write: async (text) => void (await file.write(text)),
        close: () => file.close(),
      };
    },
  };
}

function terminal(): TopTerminal | undefined {
  const { stdin, stdout } = process;
  if (!stdout.isTTY) return undefined;
  return {
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    onKeys: (listener) => {
      if (!stdin.isTTY) return () => undefined;
      const heard = (bytes: Buffer): void => listener(bytes.toString("utf8"));
      stdin.setRawMode(true);
      stdin.on("data", heard);
      return () => {
        stdin.off("data", heard);
        stdin.setRawMode(false);
        stdin.pause();
      };
    },
  };
}
