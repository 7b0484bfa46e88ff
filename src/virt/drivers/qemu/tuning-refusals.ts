/** Tuning that the host has nothing for is refused when a domain starts, in libvirt's words. */
import { vmError } from "../../../protocol/vm-error.ts";
import { vcpuCounts } from "../../conf/domain/view.ts";
import { childElements, find, textAt, type XmlElement } from "../../xml/element.ts";

/** Of `<cputune>`. */
const BANDWIDTHS = ["", "global_", "emulator_", "iothread_"].flatMap((who) => [
  `${who}period`,
  `${who}quota`,
]);

/** Where the elements are, and what is told of them; the first that is there is told. */
const REFUSALS: readonly (readonly [paths: readonly string[], words: string])[] = [
  [["blkiotune/weight", "blkiotune/device"], "Block I/O tuning is not available on this host"],
  [
    ["memtune/hard_limit", "memtune/soft_limit", "memtune/swap_hard_limit"],
    "Memory cgroup is not available on this host",
  ],
  [["cputune/shares"], "CPU tuning is not available on this host"],
  [BANDWIDTHS.map((name) => `cputune/${name}`), "cgroup cpu is required for scheduler tuning"],
];

/** @throws VmError configUnsupported, operationInvalid or systemError */
export function refuseTuning(domain: XmlElement): void {
  for (const [paths, words] of REFUSALS) {
    if (paths.some((path) => isSet(textAt(domain, ...path.split("/"))))) {
      throw vmError("configUnsupported", words);
    }
  }
  refusePins(domain);
}

/** libvirt's VIR_DOMAIN_MEMORY_PARAM_UNLIMITED, in KiB. */
const UNLIMITED = 9_007_199_254_740_991;

/** A number that limits something, or an element of several. */
function isSet(text: string | undefined): boolean {
  return text !== undefined && Number(text) !== 0 && Number(text) !== UNLIMITED;
}

/** Of vCPUs that run: to bind all alike is not to bind any. */
function refusePins(domain: XmlElement): void {
  const cputune = find(domain, "cputune");
  if (!cputune) return;
  const { current } = vcpuCounts(domain);
  const all = find(domain, "vcpu")?.attributes.get("cpuset");
  for (const { attributes } of childElements(cputune, "vcpupin")) {
    if (Number(attributes.get("vcpu")) >= current || attributes.get("cpuset") === all) continue;
    throw vmError("operationInvalid", "cpu affinity is not supported");
  }
  if (!find(cputune, "emulatorpin")) return;
  throw vmError(
    "systemError",
    "Process CPU affinity is not supported on this platform: Function not implemented",
  );
}
