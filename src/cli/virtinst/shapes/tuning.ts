/** Limits and policies of the domain as a process. */
import { many, shape } from "../shape.ts";

export const BLKIOTUNE_DEVICE = shape("device", {
  order: "path weight",
  int: "read_bytes_sec write_bytes_sec read_iops_sec write_iops_sec",
});

export const BLKIOTUNE = shape("blkiotune", {
  order: "weight",
  int: "weight",
  parts: {
    devices: many(BLKIOTUNE_DEVICE),
  },
});

export const CACHE_TUNE_CACHE = shape("cache", {
  order: "@id @level @type @size @unit",
  int: "@id @level @size",
});

export const CACHE_TUNE_MONITOR = shape("monitor", {
  order: "@level @vcpus",
  int: "@level",
});

export const CACHE_TUNE = shape("cachetune", {
  order: "@vcpus >caches",
  parts: {
    caches: many(CACHE_TUNE_CACHE),
    monitors: many(CACHE_TUNE_MONITOR),
  },
});

export const IOTHREAD_PIN = shape("iothreadpin", {
  order: "@iothread @cpuset",
  int: "@iothread",
});

export const IOTHREAD_SCHED = shape("iothreadsched", {
  order: "@iothreads @scheduler @priority",
  int: "@priority",
});

export const MEMORY_TUNE_NODE = shape("node", {
  order: "@id @bandwidth",
  int: "@id @bandwidth",
});

export const MEMORY_TUNE = shape("memorytune", {
  order: "@vcpus >nodes",
  parts: {
    nodes: many(MEMORY_TUNE_NODE),
  },
});

export const VCPU_PIN = shape("vcpupin", {
  order: "@vcpu @cpuset",
  int: "@vcpu",
});

export const VCPU_SCHED = shape("vcpusched", {
  order: "@vcpus @scheduler @priority",
  int: "@priority",
});

export const CPUTUNE = shape("cputune", {
  order:
    "shares period quota global_period global_quota emulator_period emulator_quota iothread_period iothread_quota >vcpupins emulatorpin/@cpuset >iothreadpins emulatorsched/@scheduler emulatorsched/@priority >vcpuscheds >iothreadscheds >cachetunes >memorytunes",
  int: "shares period quota global_period global_quota emulator_period emulator_quota iothread_period iothread_quota emulatorsched/@priority",
  parts: {
    cachetunes: many(CACHE_TUNE),
    iothreadpins: many(IOTHREAD_PIN),
    iothreadscheds: many(IOTHREAD_SCHED),
    memorytunes: many(MEMORY_TUNE),
    vcpupins: many(VCPU_PIN),
    vcpuscheds: many(VCPU_SCHED),
  },
});

export const IDMAP = shape("idmap", {
  order: "uid/@start uid/@target uid/@count gid/@start gid/@target gid/@count",
  int: "uid/@start uid/@target uid/@count gid/@start gid/@target gid/@count",
});

export const KEY_WRAP_CIPHER = shape("cipher", {
  order: "@name @state",
  onOff: "@state",
});

export const KEY_WRAP = shape("keywrap", {
  parts: {
    cipher: many(KEY_WRAP_CIPHER),
  },
});

export const LAUNCH_SECURITY = shape("launchSecurity", {
  order: "@type cbitpos reducedPhysBits policy session dhCert",
  int: "cbitpos reducedPhysBits",
  yesNo: "@kernelHashes",
});

export const HUGEPAGES_PAGE = shape("page", {});

export const MEMORY_BACKING = shape("memoryBacking", {
  order: "hugepages nosharepages locked >pages",
  int: "allocation/@threads",
  present: "hugepages nosharepages locked discard",
  parts: {
    pages: many(HUGEPAGES_PAGE, "hugepages"),
  },
});

export const MEMTUNE = shape("memtune", {
  order: "hard_limit soft_limit swap_hard_limit min_guarantee",
  int: "hard_limit soft_limit swap_hard_limit min_guarantee",
});

export const NUMATUNE_ITEM = shape("memnode", {
  order: "@cellid @mode @nodeset",
  int: "@cellid",
});

export const NUMATUNE = shape("numatune", {
  order: "memory/@mode memory/@nodeset memory/@placement >memnode",
  parts: {
    memnode: many(NUMATUNE_ITEM),
  },
});

export const RESOURCE = shape("resource", {
  order: "partition fibrechannel/@appid",
});

export const SECLABEL = shape("seclabel", {
  order: "@type @model @relabel label",
  yesNo: "@relabel",
});

export const VCPU = shape("vcpu", {
  order: "@id @enabled @hotpluggable @order",
  int: "@id @order",
  yesNo: "@enabled @hotpluggable",
});

export const VCPUS = shape("vcpus", {
  parts: {
    vcpu: many(VCPU),
  },
});
