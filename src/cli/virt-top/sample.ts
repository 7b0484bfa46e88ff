/** What libvirt tells of all domains at one moment. */
import type { Connect } from "../../virt/driver/connect.ts";
import type { DomainStatsRecord, VcpuInfo } from "../../virt/driver/domain-calls.ts";
import type { TypedParams } from "../../virt/driver/typed-params.ts";
import { sampleDomains } from "../../virt/manager/sample.ts";
import { parseXml } from "../../virt/xml/parse.ts";

export interface BlockCounters {
  readonly readRequests: bigint;
  readonly readBytes: bigint;
  readonly writeRequests: bigint;
  readonly writeBytes: bigint;
}

export interface NetCounters {
  readonly receivedBytes: bigint;
  readonly receivedPackets: bigint;
  readonly sentBytes: bigint;
  readonly sentPackets: bigint;
}

export interface DomainSample {
  readonly uuid: string;
  readonly name: string;
  /** -1 where it is not active. */
  readonly id: number;
  /** `virDomainState`. */
  readonly state: number;
  readonly memoryKib: bigint;
  readonly cpuTimeNs: bigint;
  /** By the devices' names. */
  readonly blocks: ReadonlyMap<string, BlockCounters>;
  readonly nets: ReadonlyMap<string, NetCounters>;
  /** Where they are shown. */
  readonly vcpus: readonly VcpuInfo[];
}

export interface Sample {
  readonly timeMs: number;
  readonly domains: readonly DomainSample[];
}

const SHUT_OFF = 5;

export const isActive = ({ state }: DomainSample): boolean => state !== SHUT_OFF;

/** @throws VmError what the connection says */
export async function takeSample(
  connect: Connect,
  nowMs: number,
  { withVcpus }: { readonly withVcpus: boolean },
): Promise<Sample> {
  const records = await sampleDomains(connect, async (uuid) => {
    const ref = await connect.domainLookupByUUID(uuid).catch(() => undefined);
    if (!ref || ref.id < 0) return undefined;
    const text = await connect.domainGetXMLDesc(ref, 0).catch(() => undefined);
    return text === undefined ? undefined : { live: parseXml(text, "domain_definition") };
  });
  const domains = await Promise.all(
    records.map(async (record) => {
      const domain = domainSample(record);
      if (!withVcpus || !isActive(domain)) return domain;
      const vcpus = await connect.domainGetVcpus(record.domain).catch(() => []);
      return { ...domain, vcpus };
    }),
  );
  return { timeMs: nowMs, domains };
}

function domainSample({ domain, params }: DomainStatsRecord): DomainSample {
  const values = new Map(params.map(({ field, value }) => [field, value]));
  const integer = (field: string): bigint => toBigInt(values.get(field));
  return {
    uuid: domain.uuid,
    name: domain.name,
    id: domain.id,
    state: Number(integer("state.state")),
    memoryKib: integer("balloon.current"),
    cpuTimeNs: integer("cpu.time"),
    blocks: devices(params, values, "block", "blk", (at) => ({
      readRequests: integer(`${at}.rd.reqs`),
      readBytes: integer(`${at}.rd.bytes`),
      writeRequests: integer(`${at}.wr.reqs`),
      writeBytes: integer(`${at}.wr.bytes`),
    })),
    nets: devices(params, values, "net", "net", (at) => ({
      receivedBytes: integer(`${at}.rx.bytes`),
      receivedPackets: integer(`${at}.rx.pkts`),
      sentBytes: integer(`${at}.tx.bytes`),
      sentPackets: integer(`${at}.tx.pkts`),
    })),
    vcpus: [],
  };
}

function toBigInt(value: unknown): bigint {
  if (typeof value === "bigint") return value;
  return typeof value === "number" ? BigInt(Math.trunc(value)) : 0n;
}

/** All devices that parameters `group.NUMBER.…` speak of. */
function devices<T>(
  params: TypedParams,
  values: ReadonlyMap<string, unknown>,
  group: string,
  otherwise: string,
  counters: (at: string) => T,
): Map<string, T> {
  const pattern = new RegExp(`^${group}\\.(\\d+)\\.`);
  const numbers = new Set(params.flatMap(({ field }) => pattern.exec(field)?.[1] ?? []));
  return new Map(
    [...numbers].map((number): [string, T] => {
      const at = `${group}.${number}`;
      const name = values.get(`${at}.name`);
      return [typeof name === "string" ? name : `${otherwise}${number}`, counters(at)];
    }),
  );
}
