/** The processor model, its topology and NUMA cells. */
import { many, one, shape } from "../shape.ts";

export const NUMA_BANDWIDTH = shape("bandwidth", {
  order: "@initiator @target @cache @type @value @unit",
  int: "@initiator @target @cache @value",
});

export const CPU_CACHE = shape("cache", {
  order: "@level @mode",
  int: "@level",
});

export const NUMA_CELL_CACHE = shape("cache", {
  order: "@level @associativity @policy size/@value size/@unit line/@value line/@unit",
  int: "@level size/@value line/@value",
});

export const NUMA_CELL_SIBLING = shape("sibling", {
  order: "@id @value",
  int: "@id @value",
});

export const NUMA_CELL = shape("cell", {
  order: "@id @cpus @memory @unit @memAccess @discard >siblings >caches",
  int: "@id @memory",
  yesNo: "@discard",
  parts: {
    caches: many(NUMA_CELL_CACHE),
    siblings: many(NUMA_CELL_SIBLING, "distances"),
  },
});

export const CPU_FEATURE = shape("feature", {
  order: "@policy @name",
});

export const NUMA_LATENCY = shape("latency", {
  order: "@initiator @target @cache @type @value @unit",
  int: "@initiator @target @cache @value",
});

export const CPU_TOPOLOGY = shape("topology", {
  order: "@sockets @dies @cores @threads",
  int: "@sockets @dies @cores @threads",
});

export const CPU = shape("cpu", {
  order:
    "@mode @match @check @migratable model model/@fallback model/@vendor_id vendor >topology >cache >features >cells >latencies >bandwidths",
  onOff: "@migratable",
  parts: {
    bandwidths: many(NUMA_BANDWIDTH, "numa/interconnects"),
    cache: one(CPU_CACHE),
    cells: many(NUMA_CELL, "numa"),
    features: many(CPU_FEATURE),
    latencies: many(NUMA_LATENCY, "numa/interconnects"),
    topology: one(CPU_TOPOLOGY),
  },
});
