/** The whole domain. */
import { many, one, shape } from "../shape.ts";
import { CPU } from "./cpu.ts";
import { DEVICES } from "./devices.ts";
import {
  CLOCK,
  DEFAULT_IOTHREAD,
  FEATURES,
  IOTHREAD_ID,
  METADATA,
  OS,
  PM,
  QEMU_COMMANDLINE,
  SYSINFO,
} from "./guest.ts";
import {
  BLKIOTUNE,
  CPUTUNE,
  IDMAP,
  KEY_WRAP,
  LAUNCH_SECURITY,
  MEMORY_BACKING,
  MEMTUNE,
  NUMATUNE,
  RESOURCE,
  SECLABEL,
  VCPUS,
} from "./tuning.ts";

export const DOMAIN = shape("domain", {
  order:
    "@type name uuid genid genid title description >metadata iothreads >iothreadids >defaultiothread maxMemory maxMemory/@slots memory currentMemory >blkiotune >memtune >memoryBacking vcpu vcpu/@current vcpu/@placement vcpu/@cpuset >vcpulist >numatune >resource >sysinfo bootloader bootloader_args >os >idmap >features >cpu >clock on_poweroff on_reboot on_crash >pm devices/emulator >devices >launchSecurity >seclabels >keywrap",
  int: "iothreads currentMemory memory maxMemory maxMemory/@slots vcpu vcpu/@current @id",
  present: "genid",
  parts: {
    metadata: one(METADATA),
    blkiotune: one(BLKIOTUNE),
    clock: one(CLOCK),
    cpu: one(CPU),
    cputune: one(CPUTUNE),
    defaultiothread: many(DEFAULT_IOTHREAD),
    devices: one(DEVICES),
    features: one(FEATURES),
    idmap: one(IDMAP),
    iothreadids: many(IOTHREAD_ID, "iothreadids"),
    keywrap: one(KEY_WRAP),
    launchSecurity: one(LAUNCH_SECURITY),
    memoryBacking: one(MEMORY_BACKING),
    memtune: one(MEMTUNE),
    numatune: one(NUMATUNE),
    os: one(OS),
    pm: one(PM),
    resource: one(RESOURCE),
    seclabels: many(SECLABEL),
    sysinfo: many(SYSINFO),
    vcpulist: one(VCPUS),
    xmlns_qemu: one(QEMU_COMMANDLINE),
  },
});
