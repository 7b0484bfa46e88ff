/** One sample of all domains' counters: by one bulk call, or by single calls where that tells little. */
import type { Connect } from "../driver/connect.ts";
import type { DomainStatsRecord } from "../driver/domain-calls.ts";
import { param, typedParam, type TypedParam, type TypedParams } from "../driver/typed-params.ts";
import { devicesOf } from "../conf/domain/view.ts";
import { find, type XmlElement } from "../xml/element.ts";
import type { ManagedDomain } from "./objects.ts";

/** What is known of a domain. */
type Known = Pick<ManagedDomain, "live"> | undefined;

/** @param known the domain of a UUID, for the devices that single calls are about. @throws VmError */
export async function sampleDomains(
  connect: Connect,
  known: (uuid: string) => Known | Promise<Known>,
): Promise<readonly DomainStatsRecord[]> {
  const records = await connect.connectGetAllDomainStats([], 0, 0);
  return Promise.all(
    records.map(async ({ domain, params }) => {
      if (typedParam(params, "cpu.time")) return { domain, params };
      const live = (await known(domain.uuid))?.live;
      if (!live) return { domain, params };
      return { domain, params: [...params, ...(await singleCalls(connect, { domain, live }))] };
    }),
  );
}

interface Active {
  readonly domain: DomainStatsRecord["domain"];
  readonly live: XmlElement;
}

/** What libvirt's mock leaves out of the bulk call, under the bulk call's names. */
async function singleCalls(connect: Connect, { domain, live }: Active): Promise<TypedParams> {
  const targets = (device: string): string[] =>
    devicesOf(live, device).map((each) => find(each, "target")?.attributes.get("dev") ?? "");
  const counters = async (
    prefix: string,
    names: readonly string[],
    read: (target: string) => Promise<TypedParams>,
  ): Promise<TypedParams[]> =>
    Promise.all(
      names.map(async (target, at) => {
        const found = await read(target).catch(() => []);
        const counted = found.flatMap((each) => renamed(each, `${prefix}.${at}`));
        return [param.string(`${prefix}.${at}.name`, target), ...counted];
      }),
    );
  const [info, blocks, nets] = await Promise.all([
    connect.domainGetInfo(domain).catch(() => null),
    counters("block", targets("disk"), (disk) =>
      connect
        .domainBlockStatsFlags(domain, disk, 0)
        .catch(() => connect.domainBlockStats(domain, disk)),
    ),
    counters("net", targets("interface"), (dev) => connect.domainInterfaceStats(domain, dev)),
  ]);
  const general = info && [
    param.ullong("cpu.time", info.cpuTimeNs),
    param.ullong("balloon.current", BigInt(info.memoryKib)),
    param.ullong("balloon.maximum", BigInt(info.maxMemKib)),
    param.uint("vcpu.current", info.vcpus),
  ];
  return [...(general ?? []), ...blocks.flat(), ...nets.flat()];
}

const BULK_NAMES: Readonly<Record<string, string>> = {
  rd_bytes: "rd.bytes",
  rd_operations: "rd.reqs",
  wr_bytes: "wr.bytes",
  wr_operations: "wr.reqs",
  rx_bytes: "rx.bytes",
  rx_packets: "rx.pkts",
  tx_bytes: "tx.bytes",
  tx_packets: "tx.pkts",
};

function renamed(counter: TypedParam, prefix: string): TypedParam[] {
  const name = BULK_NAMES[counter.field];
  return name === undefined ? [] : [{ ...counter, field: `${prefix}.${name}` }];
}
