/**
 * Tuning: of the next start in the definition, of a running machine not at all. The host has no cgroups
 * for it, and libvirt's words for that are these.
 */
import { type VmError, vmError } from "../../../protocol/vm-error.ts";
import { interfaceAt, devicesOf } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { DomainModificationImpact as Impact } from "../../driver/domain-flags.ts";
import type { DomainRef } from "../../driver/refs.ts";
import type { TypedParams } from "../../driver/typed-params.ts";
import type { Draft } from "../../xml/draft.ts";
import type { XmlElement } from "../../xml/element.ts";
import { checkFlags, checkParams, oneScopeOf, scopeOf } from "../objects/flags.ts";
import { definitionFor } from "../objects/domain-info.ts";
import {
  BANDWIDTH_FIELDS,
  bandwidthParams,
  settingBandwidth,
} from "../objects/params/bandwidth.ts";
import { blkioParams, settingBlkio } from "../objects/params/blkio.ts";
import { memoryLimits, settingMemoryLimits } from "../objects/params/memory-limits.ts";
import { numaParams, settingNuma } from "../objects/params/numa.ts";
import { checkPerfParams, perfEventsOf, perfParams, settingPerf } from "../objects/params/perf.ts";
import { editConfig } from "./config-calls.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";
import { schedulerParams, settingScheduler } from "./scheduler-params.ts";

type Calls = Pick<
  DomainCalls,
  | "domainGetSchedulerType"
  | "domainGetSchedulerParameters"
  | "domainSetSchedulerParameters"
  | "domainGetSchedulerParametersFlags"
  | "domainSetSchedulerParametersFlags"
  | "domainGetMemoryParameters"
  | "domainSetMemoryParameters"
  | "domainGetBlkioParameters"
  | "domainSetBlkioParameters"
  | "domainGetNumaParameters"
  | "domainSetNumaParameters"
  | "domainGetPerfEvents"
  | "domainSetPerfEvents"
  | "domainGetInterfaceParameters"
  | "domainSetInterfaceParameters"
>;

const IMPACT = Impact.live | Impact.config;
/** The caller understands parameters that are strings. */
const STRING_OKAY = 4;

/** Why a running machine cannot be tuned. */
type Refusal = () => VmError;

const unmounted =
  (words: string): Refusal =>
  () =>
    vmError("operationInvalid", words);
const NO_CPU = unmounted("cgroup CPU controller is not mounted");
const NO_MEMORY = unmounted("cgroup memory controller is not mounted");
const NO_CPUSET = unmounted("cgroup cpuset controller is not mounted");
const NO_BLKIO = unmounted("blkio cgroup isn't mounted");
const NO_PERF: Refusal = () =>
  vmError("systemError", "Perf not supported on this platform: No such device or address");

export function tuningCalls(state: QemuState): Calls {
  return {
    ...schedulerCalls(state),
    domainGetMemoryParameters: stored(
      state,
      "qemuDomainGetMemoryParameters",
      NO_MEMORY,
      memoryLimits,
    ),
    domainSetMemoryParameters: setting(
      state,
      "qemuDomainSetMemoryParameters",
      NO_MEMORY,
      (definition, params) => settingMemoryLimits(definition, params, QEMU.domain),
    ),
    domainGetBlkioParameters: stored(state, "qemuDomainGetBlkioParameters", NO_BLKIO, blkioParams),
    domainSetBlkioParameters: setting(
      state,
      "qemuDomainSetBlkioParameters",
      NO_BLKIO,
      (_, params) => settingBlkio(params, QEMU.domain),
    ),
    domainGetNumaParameters: async (ref, flags) =>
      numaParams(oneDefinition(state, ref, flags, "qemuDomainGetNumaParameters")),
    domainSetNumaParameters: setting(
      state,
      "qemuDomainSetNumaParameters",
      NO_CPUSET,
      (definition, params) => settingNuma(definition, params, QEMU.domain),
    ),
    domainGetPerfEvents: async (ref, flags) => {
      const definition = oneDefinition(state, ref, flags, "qemuDomainGetPerfEvents");
      const { live } = oneScopeOf(state.domains.get(ref), flags & IMPACT, QEMU.domain);
      // Nothing is counted while it runs.
      const enabled = live ? new Set<string>() : perfEventsOf(definition);
      return perfParams((event) => enabled.has(event));
    },
    domainSetPerfEvents: setting(state, "qemuDomainSetPerfEvents", NO_PERF, (_, params) => {
      checkPerfParams(params, QEMU.domain);
      return settingPerf(params);
    }),
    ...interfaceCalls(state),
  };
}

function schedulerCalls(state: QemuState) {
  const get = stored(state, "qemuDomainGetSchedulerParametersFlags", NO_CPU, schedulerParams);
  const set = setting(state, "qemuDomainSetSchedulerParametersFlags", NO_CPU, (_, params) =>
    settingScheduler(params),
  );
  return {
    domainGetSchedulerType: async (ref: DomainRef) => {
      if (state.domains.get(ref).isActive) throw NO_CPU();
      return "posix";
    },
    domainGetSchedulerParameters: (ref: DomainRef) => get(ref, 0),
    domainSetSchedulerParameters: (ref: DomainRef, params: TypedParams) => set(ref, params, 0),
    domainGetSchedulerParametersFlags: get,
    domainSetSchedulerParametersFlags: set,
  };
}

function interfaceCalls(
  state: QemuState,
): Pick<Calls, "domainGetInterfaceParameters" | "domainSetInterfaceParameters"> {
  const known = (definition: XmlElement, device: string): XmlElement => {
    const found = interfaceAt(definition, device);
    if (found) return found;
    throw vmError("invalidArg", `'${device}' is not a known interface`, QEMU);
  };
  return {
    domainGetInterfaceParameters: async (ref, device, flags) =>
      bandwidthParams(
        known(oneDefinition(state, ref, flags, "qemuDomainGetInterfaceParameters"), device),
      ),
    domainSetInterfaceParameters: (ref, device, params, flags) =>
      state.job(ref.uuid, async () => {
        checkFlags(flags, IMPACT, "qemuDomainSetInterfaceParameters", QEMU.domain);
        checkParams(params, BANDWIDTH_FIELDS, QEMU.domain);
        const domain = state.domains.get(ref);
        const scope = scopeOf(domain, flags, QEMU.domain);
        // A running machine has no interfaces.
        if (scope.live) known(domain.definition, device);
        const config = definitionFor(domain, true);
        const at = devicesOf(config, "interface").indexOf(known(config, device));
        await editConfig(state, domain, settingBandwidth(at, params));
      }),
  };
}

/** The definition that is asked for, of two. @throws VmError */
function oneDefinition(
  { domains }: QemuState,
  ref: DomainRef,
  flags: number,
  call: string,
): XmlElement {
  checkFlags(flags, IMPACT | STRING_OKAY, call, QEMU.domain);
  const domain = domains.get(ref);
  return definitionFor(domain, oneScopeOf(domain, flags & IMPACT, QEMU.domain).config);
}

/** Reads what is set for the next start; of what runs there is nothing to read. */
function stored(
  { domains }: QemuState,
  call: string,
  refusal: Refusal,
  read: (definition: XmlElement) => TypedParams,
): (ref: DomainRef, flags: number) => Promise<TypedParams> {
  return async (ref, flags) => {
    checkFlags(flags, IMPACT | STRING_OKAY, call, QEMU.domain);
    const domain = domains.get(ref);
    const { config } = scopeOf(domain, flags & IMPACT, QEMU.domain);
    if (!config) throw refusal();
    return read(definitionFor(domain, true));
  };
}

/** Sets something for the next start. @param plan checks it, and makes the change */
function setting(
  state: QemuState,
  call: string,
  refusal: Refusal,
  plan: (definition: XmlElement, params: TypedParams) => (definition: Draft) => void,
): (ref: DomainRef, params: TypedParams, flags: number) => Promise<void> {
  return (ref, params, flags) =>
    state.job(ref.uuid, async () => {
      checkFlags(flags, IMPACT, call, QEMU.domain);
      const domain = state.domains.get(ref);
      if (scopeOf(domain, flags, QEMU.domain).live) throw refusal();
      await editConfig(state, domain, plan(definitionFor(domain, true), params));
    });
}
