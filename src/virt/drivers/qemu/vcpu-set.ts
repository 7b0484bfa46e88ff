/** Single vCPUs of the next start (`virDomainSetVcpu`): those of a running machine stay. */
import { vmError } from "../../../protocol/vm-error.ts";
import { ensurePath, vcpuCounts } from "../../conf/domain/view.ts";
import { parseCpuset } from "../../conf/values.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { DomainModificationImpact as Impact } from "../../driver/domain-flags.ts";
import { type Draft, draft } from "../../xml/draft.ts";
import { childElements, find, type XmlElement } from "../../xml/element.ts";
import { definitionFor } from "../objects/domain-info.ts";
import { checkFlags, scopeOf } from "../objects/flags.ts";
import { editConfig } from "./config-calls.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";

type Calls = Pick<DomainCalls, "domainSetVcpu">;

/** Of a map of vCPUs. */
const MAX_ID = 4096;

export function vcpuSetCalls(state: QemuState): Calls {
  return {
    domainSetVcpu: (ref, vcpumap, isOnline, flags) =>
      state.job(ref.uuid, async () => {
        checkFlags(flags, Impact.live | Impact.config, "qemuDomainSetVcpu", QEMU.domain);
        const chosen = parseCpuset(vcpumap, MAX_ID);
        const last = chosen.at(-1);
        if (last === undefined) throw refusal("no vcpus selected for modification");
        const domain = state.domains.get(ref);
        const scope = scopeOf(domain, flags, QEMU.domain);
        for (const [isAsked, isConfig, where] of [
          [scope.config, true, "persistent"],
          [scope.live, false, "live"],
        ] as const) {
          if (!isAsked || last < vcpuCounts(definitionFor(domain, isConfig)).max) continue;
          throw refusal(`vcpu ${last} is not present in ${where} config`);
        }
        if (scope.live) {
          const words = "this qemu version does not support specific vCPU hotplug";
          throw vmError("operationUnsupported", words, QEMU);
        }
        const vcpus = vcpusOf(definitionFor(domain, true));
        checkChosen(vcpus, chosen);
        for (const id of chosen) vcpus[id] = { isOnline, isHotpluggable: true };
        await editConfig(state, domain, (definition) => writeVcpus(definition, vcpus));
      }),
  };
}

function refusal(words: string) {
  return vmError("invalidArg", words, QEMU);
}

interface Vcpu {
  readonly isOnline: boolean;
  readonly isHotpluggable: boolean;
}

/** Where nothing is said of them, the first ones are online, and are there for good. */
function vcpusOf(definition: XmlElement): Vcpu[] {
  const { max, current } = vcpuCounts(definition);
  const list = find(definition, "vcpus");
  const said = new Map(
    (list ? childElements(list, "vcpu") : []).map(({ attributes }) => [
      Number(attributes.get("id")),
      attributes,
    ]),
  );
  return Array.from({ length: max }, (_, id) => {
    const attributes = said.get(id);
    const enabled = attributes?.get("enabled");
    const isOnline = enabled === undefined ? id < current : enabled === "yes";
    const hotpluggable = attributes?.get("hotpluggable");
    const isHotpluggable = hotpluggable === undefined ? !isOnline : hotpluggable === "yes";
    return { isOnline, isHotpluggable };
  });
}

/** Those that are there for good come first, without a gap. */
function checkChosen(vcpus: readonly Vcpu[], chosen: readonly number[]): void {
  const [first = 0] = chosen;
  if (first === 0) throw refusal("vCPU '0' can't be modified");
  const isFollowed = vcpus.some(
    ({ isOnline, isHotpluggable }, id) =>
      id > first && !chosen.includes(id) && isOnline && !isHotpluggable,
  );
  if (!isFollowed) return;
  throw refusal(
    `vcpu '${first}' can't be modified as it is followed by non-hotpluggable online vcpus`,
  );
}

function writeVcpus(definition: Draft, vcpus: readonly Vcpu[]): void {
  const count = vcpus.filter(({ isOnline }) => isOnline).length;
  const { attributes } = ensurePath(definition, "vcpu");
  if (count < vcpus.length) attributes.set("current", String(count));
  else attributes.delete("current");
  const word = (is: boolean): string => (is ? "yes" : "no");
  ensurePath(definition, "vcpus").children = vcpus.map(({ isOnline, isHotpluggable }, id) =>
    draft("vcpu", { id, enabled: word(isOnline), hotpluggable: word(isHotpluggable) }),
  );
}
