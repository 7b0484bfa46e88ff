/** How the guest boots, its features, clock, firmware tables and metadata. */
import { many, one, shape } from "../shape.ts";

export const LIBOSINFO = shape("libosinfo:libosinfo", {});

export const METADATA = shape("metadata", {
  parts: {
    libosinfo: one(LIBOSINFO),
  },
});

export const CLOCK_TIMER = shape("timer", {
  int: "@frequency catchup/@threshold catchup/@slew catchup/@limit",
  yesNo: "@present",
});

export const CLOCK = shape("clock", {
  parts: {
    timers: many(CLOCK_TIMER),
  },
});

export const DEFAULT_IOTHREAD = shape("defaultiothread", {
  int: "@thread_pool_min @thread_pool_max",
});

export const FEATURES = shape("features", {
  order: "acpi apic pae gic/@version",
  int: "hyperv/spinlocks/@retries",
  onOff:
    "pmu/@state apic/@eoi hyperv/reset/@state hyperv/vapic/@state hyperv/relaxed/@state hyperv/spinlocks/@state hyperv/synic/@state vmport/@state kvm/hidden/@state kvm/hint-dedicated/@state kvm/poll-control/@state pvspinlock/@state smm/@state vmcoreinfo/@state",
  present: "acpi apic pae hap viridian privnet",
});

export const IOTHREAD_ID = shape("iothread", {
  order: "@id @thread_pool_min @thread_pool_max",
  int: "@id @thread_pool_min @thread_pool_max",
});

export const BOOT_DEVICE = shape("boot", {});

export const FIRMWARE_FEATURE = shape("feature", {
  order: "@enabled @name",
  yesNo: "@enabled",
});

export const INIT_ARG = shape("initarg", {});

export const INIT_ENV = shape("initenv", {});

export const OS = shape("os", {
  order:
    "@firmware type type/@arch type/@machine >firmware_features loader loader/@readonly loader/@secure loader/@type nvram nvram/@template init >initargs >initenvs initdir inituser initgroup kernel initrd cmdline dtb acpi/table acpi/table/@type >bootdevs bootmenu/@enable bootmenu/@timeout bios/@useserial bios/@rebootTimeout smbios/@mode",
  int: "bootmenu/@timeout bios/@rebootTimeout",
  yesNo: "loader/@readonly loader/@secure bootmenu/@enable bios/@useserial",
  absolute: "nvram kernel initrd dtb acpi/table",
  parts: {
    bootdevs: many(BOOT_DEVICE),
    firmware_features: many(FIRMWARE_FEATURE, "firmware"),
    initargs: many(INIT_ARG),
    initenvs: many(INIT_ENV),
  },
});

export const PM = shape("pm", {
  yesNo: "suspend-to-mem/@enabled suspend-to-disk/@enabled",
});

export const SYSINFO_ENTRY = shape("entry", {});

export const SYSINFO_OEM_STRING = shape("entry", {});

export const SYSINFO = shape("sysinfo", {
  order:
    "@type bios/entry[@name='vendor'] bios/entry[@name='version'] bios/entry[@name='date'] bios/entry[@name='release'] system/entry[@name='manufacturer'] system/entry[@name='product'] system/entry[@name='version'] system/entry[@name='serial'] system/entry[@name='uuid'] system/entry[@name='sku'] system/entry[@name='family'] baseBoard/entry[@name='manufacturer'] baseBoard/entry[@name='product'] baseBoard/entry[@name='version'] baseBoard/entry[@name='serial'] baseBoard/entry[@name='asset'] baseBoard/entry[@name='location'] chassis/entry[@name='manufacturer'] chassis/entry[@name='version'] chassis/entry[@name='serial'] chassis/entry[@name='asset'] chassis/entry[@name='sku'] >oemStrings",
  parts: {
    entries: many(SYSINFO_ENTRY),
    oemStrings: many(SYSINFO_OEM_STRING, "oemStrings"),
  },
});

export const QEMU_ARG = shape("qemu:arg", {});

export const QEMU_ENV = shape("qemu:env", {});

export const QEMU_COMMANDLINE = shape("qemu:commandline", {
  order: ">args >envs",
  parts: {
    args: many(QEMU_ARG),
    envs: many(QEMU_ENV),
  },
});
