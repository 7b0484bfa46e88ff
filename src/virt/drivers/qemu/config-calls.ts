/** vCPUs of a definition, which running machines keep, and its changes. */
import { vmError } from "../../../protocol/vm-error.ts";
import { editDomain, maxMemoryKib, setVcpus, vcpuCounts } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { DomainModificationImpact as Impact, DomainVcpuFlags } from "../../driver/domain-flags.ts";
import { type Draft, removeChildren } from "../../xml/draft.ts";
import type { DomainRef } from "../../driver/refs.ts";
import type { XmlElement } from "../../xml/element.ts";
import { checkFlags, scopeOf } from "../objects/flags.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { agentOf } from "./agent/agent-of.ts";
import { guestVcpuCount, setOnlineVcpus } from "./agent/guest-vcpus.ts";
import { definitionFor } from "../objects/domain-info.ts";
import { MAX_VCPUS } from "./machine-config.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";

type Calls = Pick<
  DomainCalls,
  "domainGetMaxMemory" | "domainGetMaxVcpus" | "domainGetVcpusFlags" | "domainSetVcpusFlags"
>;

const { maximum: MAXIMUM, guest: GUEST } = DomainVcpuFlags;
const IMPACT = 3;

export function configCalls(state: QemuState): Calls {
  const { domains } = state;
  const change = (ref: DomainRef, work: (domain: DomainObject) => Promise<void>): Promise<void> =>
    state.job(ref.uuid, () => work(domains.get(ref)));
  return {
    domainGetMaxMemory: async (ref) => maxMemoryKib(domains.get(ref).definition),
    domainGetMaxVcpus: async (ref) => vcpuCounts(domains.get(ref).definition).max,
    domainGetVcpusFlags: async (ref, flags) => {
      const domain = domains.get(ref);
      checkFlags(flags, IMPACT | MAXIMUM | GUEST, "qemuDomainGetVcpusFlags", QEMU.domain);
      if ((flags & GUEST) !== 0) {
        return guestVcpuCount(agentOf(state, domain), (flags & MAXIMUM) === 0);
      }
      const scope = scopeOf(domain, flags & IMPACT, QEMU.domain);
      const counts = vcpuCounts(definitionFor(domain, scope.config));
      return (flags & MAXIMUM) === 0 ? counts.current : counts.max;
    },
    domainSetVcpusFlags: async (ref, vcpus, flags) => {
      if ((flags & GUEST) === 0) {
        return change(ref, (domain) => setVcpuCount(state, domain, vcpus, flags));
      }
      checkFlags(flags, Impact.live | GUEST, "qemuDomainSetVcpusFlags", QEMU.domain);
      await setOnlineVcpus(agentOf(state, domains.get(ref)), vcpus);
    },
  };
}

/** Changes the definition of the next start. */
export async function editConfig(
  state: QemuState,
  domain: DomainObject,
  edit: (draft: Draft) => void,
): Promise<void> {
  if (!domain.config) {
    throw vmError("operationInvalid", "transient domains do not have any persistent config");
  }
  const config = editDomain(domain.config, edit);
  await state.domainFiles.save(domain.name, config);
  domain.config = config;
}

/** Changes of a running domain's definition, and of that of its next start; null leaves it alone. */
interface Edits {
  readonly live: ((draft: Draft) => void) | null;
  readonly config: ((draft: Draft) => void) | null;
}

/** Both are made before either counts. */
export async function editDefinitions(
  state: QemuState,
  domain: DomainObject,
  edits: Edits,
): Promise<void> {
  const live = edits.live && domain.live ? editDomain(domain.live, edits.live) : domain.live;
  if (edits.config) await editConfig(state, domain, edits.config);
  domain.live = live;
}

/** vCPUs neither come nor go while the machine runs; QEMU's machine `virt` has none that could, either. */
function checkLiveVcpuCount(definition: XmlElement, vcpus: number): void {
  const { max, current } = vcpuCounts(definition);
  if (vcpus > max) {
    const words = `requested vcpus is greater than max allowable vcpus for the live domain: ${vcpus} > ${max}`;
    throw vmError("invalidArg", words);
  }
  if (vcpus > current) throw vmError("operationUnsupported", "cpu hotplug is not supported");
  if (vcpus < current) {
    throw vmError(
      "operationUnsupported",
      "failed to find appropriate hotpluggable vcpus to reach the desired target vcpu count",
    );
  }
}

async function setVcpuCount(
  state: QemuState,
  domain: DomainObject,
  vcpus: number,
  flags: number,
): Promise<void> {
  checkFlags(flags, IMPACT | MAXIMUM, "qemuDomainSetVcpusFlags", QEMU.domain);
  const scope = scopeOf(domain, flags & IMPACT, QEMU.domain);
  if (scope.live) checkLiveVcpuCount(domain.definition, vcpus);
  if (!scope.config) return;
  const { max, current } = vcpuCounts(definitionFor(domain, true));
  if ((flags & MAXIMUM) !== 0) {
    if (vcpus > MAX_VCPUS) {
      throw vmError(
        "invalidArg",
        `requested vcpus is greater than max allowable vcpus for the domain: ${vcpus} > ${MAX_VCPUS}`,
      );
    }
    return editConfig(state, domain, (draft) => {
      removeChildren(draft, "vcpus");
      setVcpus(draft, vcpus, Math.min(current, vcpus));
    });
  }
  if (vcpus > max) {
    throw vmError(
      "invalidArg",
      `requested vcpus is greater than max allowable vcpus for the persistent domain: ${vcpus} > ${max}`,
    );
  }
  // A count says all there is to say; single vCPUs that were chosen are not any more.
  await editConfig(state, domain, (draft) => {
    removeChildren(draft, "vcpus");
    setVcpus(draft, max, vcpus);
  });
}
