/** Limits and policies of the domain as a process. */
import { type OptionRows, option } from "../option-row.ts";

export const CPUTUNE: OptionRows = [
  option("shares", "shares"),
  option("period", "period"),
  option("quota", "quota"),
  option("global_period", "global_period"),
  option("global_quota", "global_quota"),
  option("emulator_period", "emulator_period"),
  option("emulator_quota", "emulator_quota"),
  option("iothread_period", "iothread_period"),
  option("iothread_quota", "iothread_quota"),
  option("vcpupin#.vcpu", "@vcpu", { each: "vcpupin=vcpupins" }),
  option("vcpupin#.cpuset", "@cpuset", { each: "vcpupin=vcpupins", comma: true }),
  option("emulatorpin.cpuset", "emulatorpin/@cpuset", { comma: true }),
  option("iothreadpin#.iothread", "@iothread", { each: "iothreadpin=iothreadpins" }),
  option("iothreadpin#.cpuset", "@cpuset", { each: "iothreadpin=iothreadpins", comma: true }),
  option("emulatorsched.scheduler", "emulatorsched/@scheduler"),
  option("emulatorsched.priority", "emulatorsched/@priority"),
  option("vcpusched#.vcpus", "@vcpus", { each: "vcpusched=vcpuscheds", comma: true }),
  option("vcpusched#.scheduler", "@scheduler", { each: "vcpusched=vcpuscheds" }),
  option("vcpusched#.priority", "@priority", { each: "vcpusched=vcpuscheds" }),
  option("iothreadsched#.iothreads", "@iothreads", {
    each: "iothreadsched=iothreadscheds",
    comma: true,
  }),
  option("iothreadsched#.scheduler", "@scheduler", { each: "iothreadsched=iothreadscheds" }),
  option("iothreadsched#.priority", "@priority", { each: "iothreadsched=iothreadscheds" }),
  option("cachetune#.vcpus", "@vcpus", { each: "cachetune=cachetunes", comma: true }),
  option("cachetune#.cache#.id", "@id", { each: "cachetune=cachetunes cache=caches" }),
  option("cachetune#.cache#.level", "@level", { each: "cachetune=cachetunes cache=caches" }),
  option("cachetune#.cache#.type", "@type", { each: "cachetune=cachetunes cache=caches" }),
  option("cachetune#.cache#.size", "@size", { each: "cachetune=cachetunes cache=caches" }),
  option("cachetune#.cache#.unit", "@unit", { each: "cachetune=cachetunes cache=caches" }),
  option("cachetune#.monitor#.level", "@level", { each: "cachetune=cachetunes monitor=monitors" }),
  option("cachetune#.monitor#.vcpus", "@vcpus", {
    each: "cachetune=cachetunes monitor=monitors",
    comma: true,
  }),
  option("memorytune#.vcpus", "@vcpus", { each: "memorytune=memorytunes", comma: true }),
  option("memorytune#.node#.id", "@id", { each: "memorytune=memorytunes node=nodes" }),
  option("memorytune#.node#.bandwidth", "@bandwidth", {
    each: "memorytune=memorytunes node=nodes",
  }),
];

export const NUMATUNE: OptionRows = [
  option("memory.nodeset nodeset", "memory/@nodeset", { comma: true }),
  option("memory.mode mode", "memory/@mode"),
  option("memory.placement", "memory/@placement"),
  option("memnode#.cellid", "@cellid", { each: "memnode", comma: true }),
  option("memnode#.mode", "@mode", { each: "memnode" }),
  option("memnode#.nodeset", "@nodeset", { each: "memnode", comma: true }),
];

export const MEMTUNE: OptionRows = [
  option("hard_limit", "hard_limit"),
  option("soft_limit", "soft_limit"),
  option("swap_hard_limit", "swap_hard_limit"),
  option("min_guarantee", "min_guarantee"),
];

export const BLKIOTUNE: OptionRows = [
  option("weight", "weight"),
  option("device#.path device_path", "path", { each: "device=devices" }),
  option("device#.weight device_weight", "weight", { each: "device=devices" }),
  option("device#.read_bytes_sec read_bytes_sec", "read_bytes_sec", { each: "device=devices" }),
  option("device#.write_bytes_sec write_bytes_sec", "write_bytes_sec", { each: "device=devices" }),
  option("device#.read_iops_sec read_iops_sec", "read_iops_sec", { each: "device=devices" }),
  option("device#.write_iops_sec write_iops_sec", "write_iops_sec", { each: "device=devices" }),
];

export const MEMORYBACKING: OptionRows = [
  option("hugepages", "hugepages", { onOff: true }),
  option("hugepages.page#.size size", "@size", { each: "page=pages" }),
  option("hugepages.page#.unit unit", "@unit", { each: "page=pages" }),
  option("hugepages.page#.nodeset nodeset", "@nodeset", { each: "page=pages", comma: true }),
  option("nosharepages", "nosharepages", { onOff: true }),
  option("locked", "locked", { onOff: true }),
  option("access.mode access_mode", "access/@mode"),
  option("source.type source_type", "source/@type"),
  option("discard", "discard", { onOff: true }),
  option("allocation.mode", "allocation/@mode"),
  option("allocation.threads", "allocation/@threads"),
];

export const RESOURCE: OptionRows = [
  option("partition", "partition"),
  option("fibrechannel.appid", "fibrechannel/@appid", { comma: true }),
];

export const KEYWRAP: OptionRows = [
  option("cipher#.name", "@name", { each: "cipher", comma: true }),
  option("cipher#.state", "@state", { each: "cipher", comma: true }),
];

export const SECLABEL: OptionRows = [
  option("type", "@type"),
  option("model", "@model"),
  option("relabel", "@relabel", { onOff: true }),
  option("label", "label", { comma: true }),
  option("baselabel", "baselabel", { comma: true }),
];

export const IDMAP: OptionRows = [
  option("uid.start uid_start", "uid/@start"),
  option("uid.target uid_target", "uid/@target"),
  option("uid.count uid_count", "uid/@count"),
  option("gid.start gid_start", "gid/@start"),
  option("gid.target gid_target", "gid/@target"),
  option("gid.count gid_count", "gid/@count"),
];

export const IOTHREADS: OptionRows = [
  option("iothreads", "iothreads"),
  option("iothreadids.iothread#.id", "@id", { each: "iothread=iothreadids" }),
  option("iothreadids.iothread#.thread_pool_min", "@thread_pool_min", {
    each: "iothread=iothreadids",
  }),
  option("iothreadids.iothread#.thread_pool_max", "@thread_pool_max", {
    each: "iothread=iothreadids",
  }),
  option("defaultiothread.thread_pool_min", "@thread_pool_min", { each: "defaultiothread" }),
  option("defaultiothread.thread_pool_max", "@thread_pool_max", { each: "defaultiothread" }),
];

export const LAUNCH_SECURITY: OptionRows = [
  option("type", "@type"),
  option("cbitpos", "cbitpos"),
  option("reducedPhysBits", "reducedPhysBits"),
  option("policy", "policy"),
  option("session", "session"),
  option("dhCert", "dhCert"),
  option("kernelHashes", "@kernelHashes", { onOff: true }),
];
