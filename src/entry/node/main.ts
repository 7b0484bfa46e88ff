/** The command line's main program: bin/tabvisor.mjs calls it once the code is built. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MAIN_HELP } from "../../cli/system/help.ts";

/**
 * Runs one command; its code is loaded then, so that a short one does not wait for the others'.
 *
 * @param args the words after `tabvisor`
 * @returns the exit status
 */
export async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case "system":
      return (await import("./system-command.ts")).systemCommand(rest, packageVersion());
    case "guest":
      return guestCommand(rest);
    case "qemu-img":
      return (await import("./image-commands.ts")).qemuImgCommand(rest);
    case "qemu-io":
      return (await import("./image-commands.ts")).qemuIoCommand(rest);
    case "daemon":
      return (await import("./daemon/daemon-command.ts")).daemonCommand(rest, packageVersion());
    case "virsh":
      return (await import("./virsh-command.ts")).virshCommand(rest);
    case "virt-install":
      return (await import("./virt-install-command.ts")).virtInstallCommand(rest);
    case "virt-clone":
      return (await import("./virt-clone-command.ts")).virtCloneCommand(rest);
    case "virt-xml":
      return (await import("./virt-xml-command.ts")).virtXmlCommand(rest);
    case "virt-top":
      return (await import("./virt-top-command.ts")).virtTopCommand(rest);
    case undefined:
      process.stderr.write(MAIN_HELP);
      return 1;
    case "help":
    case "--help":
    case "-help":
    case "-h":
      process.stdout.write(MAIN_HELP);
      return 0;
    case "version":
    case "--version":
    case "-version":
      process.stdout.write(`tabvisor version ${packageVersion()}\n`);
      return 0;
    default:
      process.stderr.write(`tabvisor: ${command}: no such command; 'tabvisor --help' lists them\n`);
      return 1;
  }
}

/** The guest builder is a program of its own: it may as well run in a process of its own. */
function guestCommand(args: readonly string[]): number {
  const script = fileURLToPath(new URL("../../../guests/main.js", import.meta.url));
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: "inherit" });
  return status ?? 1;
}

function packageVersion(): string {
  const url = new URL("../../../../package.json", import.meta.url);
  const manifest = JSON.parse(readFileSync(url, "utf8")) as { version: string };
  return manifest.version;
}
