/** The options with sub-options as a command line's switches, in groups as tools list them. */
import { type Switch, made } from "../arguments.ts";
import { OPTION_TABLES } from "./index.ts";

/** Spellings beside the table's own. */
const MORE_SPELLINGS: Readonly<Record<string, string>> = {
  network: "-w ",
};

const LATER_SPELLINGS: Readonly<Record<string, string>> = {
  seclabel: " --security",
  launchSecurity: " --launchsecurity",
};

const HELP: Readonly<Record<string, string>> = {
  memory: "memory in MiB:\n--memory 1024\n--memory memory=1024,currentMemory=512",
  vcpus: "virtual processors:\n--vcpus 2\n--vcpus 2,maxvcpus=4\n--vcpus sockets=1,cores=2",
  cpu: "processor model and features:\n--cpu qemu64,+x2apic\n--cpu host-passthrough",
  metadata: "name, title, description, UUID:\n--metadata title=Web,description='A server'",
  boot: "boot order, kernel, firmware:\n--boot hd,cdrom\n--boot uefi\n--boot kernel=PATH",
  idmap: "users of a container:\n--idmap uid.start=0,uid.target=1000,uid.count=10",
  disk: "a disk:\n--disk size=10\n--disk PATH,cache=none\n--disk device=cdrom,bus=scsi",
  network: "a network card:\n--network network=default\n--network bridge=NAME,model=virtio",
  graphics: "a display:\n--graphics vnc,port=5901\n--graphics none",
  controller: "a controller:\n--controller type=scsi,model=virtio-scsi",
  input: "a keyboard, mouse or tablet:\n--input keyboard,bus=usb",
  serial: "a serial port",
  parallel: "a parallel port",
  channel: "a channel between guest and host",
  console: "a text console",
  hostdev: "a device of the host",
  filesystem: "a folder of the host:\n--filesystem /host/folder,name",
  sound: "a sound card",
  audio: "where sound goes",
  watchdog: "a watchdog",
  video: "a video card",
  smartcard: "a smart card:\n--smartcard mode=passthrough",
  redirdev: "a redirected USB device:\n--redirdev usb,type=tcp,server=HOST:PORT",
  memballoon: "the balloon:\n--memballoon model=none",
  tpm: "a TPM:\n--tpm /dev/tpm",
  rng: "a source of randomness:\n--rng /dev/urandom",
  panic: "a device that tells of the guest's panics",
  shmem: "memory shared with the host:\n--shmem name=shmem0",
  memdev: "a memory module:\n--memdev dimm,target.size=1024",
  vsock: "sockets to the host:\n--vsock cid.auto=yes",
  iommu: "an IOMMU:\n--iommu model=intel",
  iothreads: "threads for disks",
  seclabel: "security labels",
  keywrap: "wrapped keys of S390",
  cputune: "limits and pinning of processors",
  numatune: "NUMA nodes of the host",
  memtune: "limits of memory",
  blkiotune: "shares of disk throughput",
  memorybacking: "how memory is backed:\n--memorybacking hugepages=on",
  features: "features of the machine:\n--features acpi=off",
  clock: "the clock:\n--clock offset=localtime,rtc_tickpolicy=catchup",
  pm: "sleep states",
  events: "what follows on power off, reboot and crash",
  resource: "the partition of resources",
  sysinfo: "SMBIOS tables:\n--sysinfo bios.vendor=NAME,bios.version=1.2",
  qemu_commandline: "words for QEMU itself:\n--qemu-commandline='-name x'",
  launchSecurity: "encrypted memory:\n--launchSecurity sev",
};

/** Whether a use of the option may be without a value is the tool's to say. */
export function optionSwitch(name: string, extras: Partial<Switch> = {}): Switch {
  const flag = OPTION_TABLES.find((table) => table.name === name)?.flag ?? `--${name}`;
  const spellings = `${MORE_SPELLINGS[name] ?? ""}${flag}${LATER_SPELLINGS[name] ?? ""}`;
  const help = HELP[name];
  return made(spellings, "many", {
    name,
    value: name.toUpperCase(),
    ...(help === undefined ? {} : { help }),
    ...extras,
  });
}

/** Names between spaces. */
export function optionSwitches(names: string): Switch[] {
  return names.split(" ").map((name) => optionSwitch(name));
}

/** An old spelling that is not listed. */
const HOST_DEVICE = made("--host-device", "many", { name: "hostdev" });

/** Devices but disks, network cards and displays. */
export function deviceSwitches(sound: readonly Switch[]): Switch[] {
  return [
    ...optionSwitches("controller input serial parallel channel console hostdev"),
    HOST_DEVICE,
    ...optionSwitches("filesystem"),
    ...sound,
    ...optionSwitches(
      "audio watchdog video smartcard redirdev memballoon tpm rng panic shmem memdev vsock iommu",
    ),
  ];
}

/** Parts of the guest other than devices. */
export const GUEST_SWITCHES: readonly Switch[] = optionSwitches(
  "iothreads seclabel keywrap cputune numatune memtune blkiotune memorybacking features clock pm " +
    "events resource sysinfo qemu_commandline launchSecurity",
);

export const XML_SWITCH: Switch = made("--xml", "many", {
  value: "PATH=VALUE",
  help: "change the finished XML:\n--xml ./cpu/@mode=host-passthrough\n--xml xpath.delete=./clock",
});

export const OS_SWITCH: Switch = made("--os-variant --osinfo", "one", {
  value: "OS",
  help: "the operating system, which decides about defaults;\n--osinfo list prints those known",
});

export const LIST_HINT = "'--disk=?' or '--disk help' lists an option's sub-options.";
