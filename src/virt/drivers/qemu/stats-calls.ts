/** Counters of running domains, and sizes of their disks. */
import type { BlockStats } from "../../../api/types.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import { diskAt } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { param, type TypedParams } from "../../driver/typed-params.ts";
import type { XmlElement } from "../../xml/element.ts";
import { type DomainObject, isListed } from "../objects/domain-objects.ts";
import { nanoseconds } from "./info-calls.ts";
import { imagePath } from "./disk-image.ts";
import { runOf } from "./lifecycle-calls.ts";
import { targetOf } from "./machine-disks.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";
import { domainStats, KNOWN_GROUPS } from "./stats-groups.ts";
import { demand } from "./verbs.ts";

type Calls = Pick<
  DomainCalls,
  | "connectGetAllDomainStats"
  | "domainBlockStatsFlags"
  | "domainGetBlockInfo"
  | "domainGetCPUStats"
  | "domainGetDiskErrors"
>;

const ENFORCE = 0x8000_0000;

export function statsCalls(state: QemuState): Calls {
  const { domains } = state;
  return {
    connectGetAllDomainStats: async (refs, stats, flags) => {
      const unknown = (stats & ~KNOWN_GROUPS) >>> 0;
      if ((flags & ENFORCE) !== 0 && unknown !== 0) {
        throw vmError(
          "argumentUnsupported",
          `Stats types bits 0x${unknown.toString(16)} are not supported by this daemon`,
          QEMU,
        );
      }
      const chosen = refs.length > 0 ? refs.map((ref) => domains.get(ref)) : domains.all();
      const wanted = stats === 0 ? KNOWN_GROUPS : stats;
      return Promise.all(
        chosen
          .filter((domain) => isListed(domain, flags & 0xff))
          .map(async (domain) => ({
            domain: domain.ref,
            params: await domainStats(state, domain, wanted),
          })),
      );
    },
    domainBlockStatsFlags: async (ref, disk) => {
      const domain = domains.get(ref);
      demand("blockStats", domain);
      const all = await runOf(state, domain).machine.blockStats();
      if (disk === "") return blockParams(sumOf(Object.values(all)));
      return blockParams(all[targetOf(diskOf(domain, disk))] ?? NO_BLOCK_STATS);
    },
    domainGetBlockInfo: async (ref, disk) => {
      const found = diskAt(domains.get(ref).definition, disk);
      if (!found) throw vmError("invalidArg", `invalid path ${disk} not assigned to domain`, QEMU);
      const source = imagePath(found, state.storage);
      if (source !== undefined) return state.ports.images.info(source);
      throw vmError("invalidArg", `disk '${disk}' does not currently have a source assigned`, QEMU);
    },
    domainGetCPUStats: async (ref, startCpu) => {
      const domain = domains.active(ref);
      if (startCpu >= 0) {
        throw vmError("operationUnsupported", "times of single host CPUs are not known", QEMU);
      }
      const { hartMs } = await runOf(state, domain).machine.stats();
      return [[param.ullong("cpu_time", nanoseconds(hartMs))]];
    },
    domainGetDiskErrors: async (ref) => {
      const domain = domains.active(ref);
      const stopped = state.runs.get(domain.uuid)?.diskErrors ?? new Map<string, boolean>();
      return [...stopped].map(([disk, nospace]) => ({ disk, error: nospace ? 2 : 1 }));
    },
  };
}

/** @throws VmError invalidArg */
export function diskOf(domain: DomainObject, path: string): XmlElement {
  const disk = diskAt(domain.definition, path);
  if (disk) return disk;
  throw vmError("invalidArg", `invalid path: ${path}`, QEMU);
}

const NO_BLOCK_STATS: BlockStats = {
  rdReq: 0,
  rdBytes: 0,
  wrReq: 0,
  wrBytes: 0,
  flushReq: 0,
  unmapReq: 0,
  unmapBytes: 0,
  rdTotalTimeNs: 0,
  wrTotalTimeNs: 0,
  flushTotalTimeNs: 0,
  errors: 0,
};

function sumOf(all: readonly BlockStats[]): BlockStats {
  const sum: Record<keyof BlockStats, number> = { ...NO_BLOCK_STATS };
  for (const stats of all) {
    for (const field of Object.keys(sum) as (keyof BlockStats)[]) sum[field] += stats[field];
  }
  return sum;
}

/** libvirt's names of block statistics. */
function blockParams(stats: BlockStats): TypedParams {
  const count = (field: string, value: number) => param.llong(field, BigInt(Math.round(value)));
  return [
    count("wr_bytes", stats.wrBytes),
    count("wr_operations", stats.wrReq),
    count("rd_bytes", stats.rdBytes),
    count("rd_operations", stats.rdReq),
    count("flush_operations", stats.flushReq),
    count("wr_total_times", stats.wrTotalTimeNs),
    count("rd_total_times", stats.rdTotalTimeNs),
    count("flush_total_times", stats.flushTotalTimeNs),
  ];
}
