/** Options whose values are fixed words, by the options' `completes`. */
import { DomainNumatuneMemMode, DomainProcessSignal } from "../../../virt/driver/domain-flags.ts";
import { KEYCODE_SETS } from "../../../virt/driver/key-names.ts";
import { NetworkUpdateSection } from "../../../virt/driver/network-flags.ts";
import { POOL_TYPES } from "../../../virt/conf/pool/types.ts";
import { StorageVolWipeAlgorithm } from "../../../virt/driver/storage-flags.ts";
import { DOMAIN_EVENTS } from "./domain-event.ts";
import { DUMP_FORMATS } from "./domain-save.ts";
import { OBJECT_EVENTS } from "./events.ts";

/** libvirt's words for a name of its numbers: `ipDhcpHost` is `ip-dhcp-host`. */
const words = (names: Readonly<Record<string, number>>): string[] =>
  Object.keys(names).map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));

export const WORDS: Readonly<Record<string, readonly string[]>> = {
  "domain-lifecycle": ["poweroff", "reboot", "crash"],
  "domain-lifecycle-action": [
    ...["destroy", "restart", "rename-restart", "preserve"],
    ...["coredump-destroy", "coredump-restart"],
  ],
  "domain-interface-addr-source": ["lease", "agent", "arp"],
  "domain-interface-source-mode": ["vepa", "bridge", "private", "passthrough"],
  "domain-hostname-source": ["agent", "lease"],
  "domain-numatune-mode": words(DomainNumatuneMemMode),
  "domain-core-dump-format": DUMP_FORMATS,
  "domain-dirty-rate-calc-mode": ["page-sampling", "dirty-bitmap", "dirty-ring"],
  "domain-migrate-comp-methods": ["xbzrle", "mt", "zlib", "zstd"],
  "domain-storage-file-format": ["raw", "qcow2"],
  "domain-signal": words(DomainProcessSignal).map((name) => name.replace(/-/g, "")),
  "domain-event-name": DOMAIN_EVENTS,
  "domain-virt-type": [
    ...["none", "qemu", "kqemu", "kvm", "xen", "lxc", "uml", "openvz", "test", "vmware", "hyperv"],
    ...["vbox", "phyp", "parallels", "bhyve", "vz", "hvf"],
  ],
  arch: [
    ...["none", "alpha", "armv6l", "armv7l", "armv7b", "aarch64", "cris", "i686", "ia64", "lm32"],
    ...["m68k", "microblaze", "microblazeel", "mips", "mipsel", "mips64", "mips64el", "openrisc"],
    ...["parisc", "parisc64", "ppc", "ppcle", "ppc64", "ppc64le", "ppcemb", "riscv32", "riscv64"],
    ...["s390", "s390x", "sh4", "sh4eb", "sparc", "sparc64", "unicore32", "x86_64"],
    ...["xtensa", "xtensaeb"],
  ],
  "codeset-name": KEYCODE_SETS,
  "pool-type": Object.keys(POOL_TYPES),
  "node-suspend-target": ["mem", "disk", "hybrid"],
  "node-device-p-c-i-backend": ["none", "kvm", "vfio", "xen"],
  "network-update-command": ["add", "add-last", "add-first", "delete", "modify"],
  "network-update-section": words(NetworkUpdateSection),
  "network-event-name": OBJECT_EVENTS.network,
  "pool-event-name": OBJECT_EVENTS.pool,
  "secret-event-name": OBJECT_EVENTS.secret,
  "node-device-event-name": OBJECT_EVENTS.nodedev,
  "storage-vol-wipe-algorithm": words(StorageVolWipeAlgorithm),
};

/** Options that take several words, separated by commas; any word but those that are there already. */
export const WORD_LISTS: Readonly<Record<string, readonly string[]>> = {
  "domain-shutdown-mode": ["acpi", "agent", "initctl", "signal", "paravirt"],
};
