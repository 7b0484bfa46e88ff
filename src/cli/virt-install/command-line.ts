/** virt-install's options: spellings, how many values, and where they are collected. */
import { type Given, type Switch, made, parseArguments } from "../virtinst/arguments.ts";
import { OPTION_TABLES } from "../virtinst/options/index.ts";

/** Spellings beside the table's own. */
const MORE_SPELLINGS: Readonly<Record<string, string>> = {
  network: " -w",
  hostdev: " --host-device",
  sound: " --soundhw",
  seclabel: " --security",
  launchSecurity: " --launchsecurity",
};

const GUEST_TYPE = { name: "guest-type", excludes: "guest-type" };

const SWITCHES: readonly Switch[] = [
  made("-h --help", "ends"),
  made("--version", "ends"),
  ...OPTION_TABLES.map(({ name, flag }) =>
    made(
      `${flag}${MORE_SPELLINGS[name] ?? ""}`,
      name === "sound" ? "manyOptional" : "many",
      name === "sound" ? { name, fixed: "default" } : { name },
    ),
  ),
  made("--connect", "one"),
  made("-n --name", "one"),
  made("-r --ram", "one", { number: "int" }),
  made("--check-cpu", "flag"),
  made("--cpuset", "one"),
  made("--xml", "many"),
  made("-u --uuid", "one"),
  made("--description", "one"),
  made("-c", "one"),
  made("--cdrom", "one"),
  made("-l --location", "one"),
  made("--pxe", "flag"),
  made("--import", "flag"),
  made("--livecd", "flag"),
  made("-x --extra-args", "many"),
  made("--initrd-inject", "many"),
  made("--unattended", "optional", { fixed: "" }),
  made("--install", "one"),
  made("--reinstall", "one"),
  made("--cloud-init", "optional", { fixed: "" }),
  made("--init", "one"),
  made("--os-variant --osinfo", "one"),
  made("--os-type", "one"),
  made("-f --file", "many"),
  made("-s --file-size", "many", { number: "float" }),
  made("--nonsparse", "flag"),
  made("--nodisks", "flag"),
  made("--nonetworks", "flag"),
  made("-b --bridge", "many"),
  made("-m --mac", "many"),
  made("--vnc", "flag"),
  made("--vncport", "one", { number: "int" }),
  made("--vnclisten", "one"),
  made("-k --keymap", "one"),
  made("--sdl", "flag"),
  made("--nographics", "flag"),
  made("-v --hvm", "flag", { ...GUEST_TYPE, fixed: "hvm" }),
  made("-p --paravirt", "flag", { ...GUEST_TYPE, fixed: "xen" }),
  made("--container", "flag", { ...GUEST_TYPE, fixed: "exe" }),
  made("--virt-type", "one"),
  made("--arch", "one"),
  made("--machine", "one"),
  made("--accelerate", "flag"),
  made("--noapic", "flag"),
  made("--noacpi", "flag"),
  made("--autostart", "flag"),
  made("--transient", "flag"),
  made("--destroy-on-exit", "flag"),
  made("--wait", "optional", { fixed: "-1", number: "int" }),
  made("--prompt", "flag"),
  made("--force", "flag"),
  made("--autoconsole", "one"),
  made("--noautoconsole", "flag", { name: "autoconsole", fixed: "none" }),
  made("--noreboot", "flag"),
  made("--print-xml", "optional", { fixed: "all" }),
  made("--print-step", "one"),
  made("--dry-run", "flag"),
  made("--check", "many"),
  made("-q --quiet", "flag"),
  made("-d --debug", "flag"),
];

/** @throws UsageError in argparse's words */
export function parseCommandLine(args: readonly string[]): Given {
  return parseArguments(args, SWITCHES);
}
