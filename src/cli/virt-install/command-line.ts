/** virt-install's options: spellings, how many values, and where they are collected. */
import {
  type Given,
  type Switch,
  type SwitchGroup,
  made,
  parseArguments,
} from "../virtinst/arguments.ts";
import {
  GUEST_SWITCHES,
  OS_SWITCH,
  XML_SWITCH,
  deviceSwitches,
  optionSwitch,
  optionSwitches,
} from "../virtinst/options/switches.ts";

const GENERAL: readonly Switch[] = [
  made("-n --name", "one", { help: "the guest's name" }),
  ...optionSwitches("memory"),
  made("-r --ram", "one", { number: "int" }),
  ...optionSwitches("vcpus cpu"),
  made("--check-cpu", "flag"),
  made("--cpuset", "one"),
  ...optionSwitches("metadata"),
  XML_SWITCH,
  made("-u --uuid", "one"),
  made("--description", "one"),
];

const METHODS: readonly Switch[] = [
  made("-c", "one"),
  made("--cdrom", "one", { value: "PATH", help: "a CD or its image" }),
  made("-l --location", "one", { value: "URL", help: "an installation tree" }),
  made("--pxe", "flag", { help: "from the network" }),
  made("--import", "flag", { help: "a disk that has a system" }),
  made("--livecd", "flag"),
  made("-x --extra-args", "many", { value: "ARGS", help: "for the kernel of --location" }),
  made("--initrd-inject", "many", { value: "FILE", help: "a file for the initrd of --location" }),
  made("--unattended", "optional", { fixed: "", help: "answer the installer's questions" }),
  made("--install", "one", {
    value: "OPTIONS",
    help: "kernel=, initrd=, kernel_args=, bootdev=, no_install=",
  }),
  made("--reinstall", "one", { value: "DOMAIN", help: "install again into a guest that exists" }),
  made("--cloud-init", "optional", { fixed: "", value: "OPTIONS", help: "prepare a cloud image" }),
  ...optionSwitches("boot idmap"),
  made("--init", "one"),
];

const DEVICES: readonly Switch[] = [
  ...optionSwitches("disk network graphics"),
  ...deviceSwitches([
    optionSwitch("sound", { kind: "manyOptional", fixed: "default" }),
    made("--soundhw", "many", { name: "sound" }),
  ]),
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
];

const GUEST_TYPE = { name: "guest-type", excludes: "guest-type" };

const PLATFORM: readonly Switch[] = [
  made("-v --hvm", "flag", { ...GUEST_TYPE, fixed: "hvm", help: "fully virtualized" }),
  made("-p --paravirt", "flag", { ...GUEST_TYPE, fixed: "xen", help: "paravirtualized" }),
  made("--container", "flag", { ...GUEST_TYPE, fixed: "exe", help: "a container" }),
  made("--virt-type", "one", { value: "TYPE", help: "kvm, qemu, test …" }),
  made("--arch", "one", { help: "the processor's architecture" }),
  made("--machine", "one", { help: "the machine type" }),
  made("--accelerate", "flag"),
  made("--noapic", "flag"),
  made("--noacpi", "flag"),
];

const MISCELLANEOUS: readonly Switch[] = [
  made("--autostart", "flag", { help: "start the guest with its host" }),
  made("--transient", "flag", { help: "forget the guest when it ends" }),
  made("--destroy-on-exit", "flag", { help: "switch the guest off with its console" }),
  made("--wait", "optional", { fixed: "-1", number: "int", value: "MINUTES", help: "for the end" }),
  made("--prompt", "flag"),
  made("--force", "flag"),
  made("--autoconsole", "one", { value: "KIND", help: "text, graphical or none" }),
  made("--noautoconsole", "flag", { name: "autoconsole", fixed: "none", help: "no console" }),
  made("--noreboot", "flag", { help: "leave the guest off after its installation" }),
  made("--print-xml", "optional", {
    fixed: "all",
    value: "STEP",
    help: "print the XML of step 1 or 2, or all, and make nothing",
  }),
  made("--print-step", "one"),
  made("--dry-run", "flag", { help: "make nothing" }),
  made("--check", "many", { value: "NAME=off", help: "allow what is refused otherwise" }),
  made("-q --quiet", "flag", { help: "errors only" }),
  made("-d --debug", "flag", { help: "say what is done, too" }),
];

export const GROUPS: readonly SwitchGroup[] = [
  {
    switches: [
      made("-h --help", "ends", { help: "print this and end" }),
      made("--version", "ends", { help: "print the version and end" }),
      made("--connect", "one", { value: "URI", help: "the connection, as test:///default" }),
    ],
  },
  { title: "General Options", switches: GENERAL },
  { title: "Installation Method Options", switches: METHODS },
  { title: "OS options", switches: [OS_SWITCH, made("--os-type", "one")] },
  { title: "Device Options", switches: DEVICES },
  { title: "Guest Configuration Options", switches: GUEST_SWITCHES },
  { title: "Virtualization Platform Options", switches: PLATFORM },
  { title: "Miscellaneous Options", switches: MISCELLANEOUS },
];

export const USAGE = "usage: virt-install --name NAME --memory MB STORAGE INSTALL [options]";

/** @throws UsageError in argparse's words */
export function parseCommandLine(args: readonly string[]): Given {
  return parseArguments(
    args,
    GROUPS.flatMap(({ switches }) => switches),
  );
}
