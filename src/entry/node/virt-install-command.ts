/** `tabvisor virt-install`: the terminal, the files and the drivers of this process. */
import { virtInstall } from "../../cli/virt-install/main.ts";
import { nodeToolHost } from "./tool-host.ts";
import { nodeVirshHost } from "./virsh-command.ts";

export function virtInstallCommand(args: readonly string[]): Promise<number> {
  const { hasTerminal, console } = nodeVirshHost();
  return virtInstall(args, {
    ...nodeToolHost(),
    hasTerminal,
    console: (stream) => console(stream, "^]"),
  });
}
