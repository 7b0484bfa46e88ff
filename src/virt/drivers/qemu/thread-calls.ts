/**
 * The CPUs that a domain's threads may run on, and its I/O threads: what the next start has. A running
 * machine's threads run where the host lets them, and it has no I/O threads.
 */
import { type VmError, vmError } from "../../../protocol/vm-error.ts";
import { vcpuCounts } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { DomainModificationImpact as Impact } from "../../driver/domain-flags.ts";
import type { DomainRef } from "../../driver/refs.ts";
import type { TypedParams } from "../../driver/typed-params.ts";
import type { Draft } from "../../xml/draft.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import { definitionFor } from "../objects/domain-info.ts";
import { checkFlags, checkParams, oneScopeOf, scopeOf } from "../objects/flags.ts";
import {
  addingIothread,
  checkIothreadId,
  iothreadIds,
  removingIothread,
} from "../objects/params/iothreads.ts";
import { cpuMap, pinOf, settingEmulatorPin, settingPin } from "../objects/params/pins.ts";
import { editConfig } from "./config-calls.ts";
import { checkPoolParams, POLL_FIELDS, POOL_FIELDS, settingPool } from "./iothread-pool.ts";
import { MAX_VCPUS } from "./machine-config.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";

type PinCalls = Pick<
  DomainCalls,
  | "domainGetVcpuPinInfo"
  | "domainPinVcpuFlags"
  | "domainGetEmulatorPinInfo"
  | "domainPinEmulator"
  | "domainPinIOThread"
>;
type IothreadCalls = Pick<
  DomainCalls,
  "domainGetIOThreadInfo" | "domainAddIOThread" | "domainDelIOThread" | "domainSetIOThreadParams"
>;

const IMPACT = Impact.live | Impact.config;

export function threadCalls(state: QemuState): PinCalls & IothreadCalls {
  return { ...pinCalls(state), ...iothreadCalls(state) };
}

/** A change of the next start's definition, once `live` has nothing against it. */
type Plan = (definition: XmlElement) => (draft: Draft) => void;

function change(
  state: QemuState,
  ref: DomainRef,
  flags: number,
  call: string,
  { live, config }: { readonly live: (definition: XmlElement) => VmError; readonly config: Plan },
): Promise<void> {
  return state.job(ref.uuid, async () => {
    checkFlags(flags, IMPACT, call, QEMU.domain);
    const domain = state.domains.get(ref);
    const scope = scopeOf(domain, flags, QEMU.domain);
    const edit = scope.config ? config(definitionFor(domain, true)) : null;
    if (scope.live) throw live(domain.definition);
    if (edit) await editConfig(state, domain, edit);
  });
}

function pinCalls(state: QemuState): PinCalls {
  const cpus = state.ports.host.node.cpus;
  const chosen = (ref: DomainRef, flags: number, call: string): XmlElement => {
    checkFlags(flags, IMPACT, call, QEMU.domain);
    const domain = state.domains.get(ref);
    return definitionFor(domain, oneScopeOf(domain, flags, QEMU.domain).config);
  };
  return {
    domainGetVcpuPinInfo: async (ref, flags) => {
      const definition = chosen(ref, flags, "qemuDomainGetVcpuPinInfo");
      const { max } = vcpuCounts(definition);
      return Array.from({ length: Math.min(max, MAX_VCPUS) }, (_, vcpu) =>
        cpuMap(pinOf(definition, "vcpu", vcpu), cpus),
      );
    },
    domainPinVcpuFlags: (ref, vcpu, cpumap, flags) =>
      change(state, ref, flags, "qemuDomainPinVcpuFlags", {
        live: () => vmError("operationInvalid", "cpu affinity is not supported"),
        config: (definition) => {
          const { max, current } = vcpuCounts(definition);
          if (vcpu >= max) {
            const words = `vcpu ${vcpu} is out of range of persistent cpu count ${current}`;
            throw vmError("invalidArg", words, QEMU);
          }
          checkCpus(cpumap, "Empty cpu list for pinning");
          return settingPin("vcpu", vcpu, cpumap);
        },
      }),
    domainGetEmulatorPinInfo: async (ref, flags) => {
      const definition = chosen(ref, flags, "qemuDomainGetEmulatorPinInfo");
      const pin = find(definition, "cputune", "emulatorpin") ?? find(definition, "vcpu");
      return cpuMap(pin?.attributes.get("cpuset"), cpus);
    },
    domainPinEmulator: (ref, cpumap, flags) =>
      change(state, ref, flags, "qemuDomainPinEmulator", {
        live: noAffinity,
        config: () => {
          checkCpus(cpumap, "Empty cpu list for pinning");
          return settingEmulatorPin(cpumap);
        },
      }),
    domainPinIOThread: (ref, id, cpumap, flags) =>
      change(state, ref, flags, "qemuDomainPinIOThread", {
        live: (definition) =>
          iothreadIds(definition).includes(id)
            ? noAffinity()
            : vmError("invalidArg", `iothread ${id} not found`, QEMU),
        config: (definition) => {
          checkCpus(cpumap, "Empty iothread cpumap list for pinning");
          if (iothreadIds(definition).includes(id)) return settingPin("iothread", id, cpumap);
          throw vmError("invalidArg", `iothreadid ${id} not found`, QEMU);
        },
      }),
  };
}

/** The words of hosts that cannot bind a process to a CPU. */
function noAffinity(): VmError {
  return vmError(
    "systemError",
    "Process CPU affinity is not supported on this platform: Function not implemented",
  );
}

function checkCpus(cpumap: readonly boolean[], words: string): void {
  if (!cpumap.includes(true)) throw vmError("invalidArg", words, QEMU);
}

function iothreadCalls(state: QemuState): IothreadCalls {
  const cpus = state.ports.host.node.cpus;
  const unsupported = (): VmError =>
    vmError("configUnsupported", "IOThreads not supported with this binary");
  return {
    domainGetIOThreadInfo: async (ref, flags) => {
      checkFlags(flags, IMPACT, "qemuDomainGetIOThreadInfo", QEMU.domain);
      const domain = state.domains.get(ref);
      if (!scopeOf(domain, flags, QEMU.domain).config) throw unsupported();
      const definition = definitionFor(domain, true);
      return iothreadIds(definition).map((id) => ({
        id,
        affinity: cpuMap(pinOf(definition, "iothread", id), cpus),
      }));
    },
    domainAddIOThread: async (ref, id, flags) => {
      checkIothreadId(id, QEMU.domain);
      await change(state, ref, flags, "qemuDomainAddIOThread", {
        live: unsupported,
        config: (definition) => addingIothread(definition, id, QEMU.domain),
      });
    },
    domainDelIOThread: async (ref, id, flags) => {
      checkIothreadId(id, QEMU.domain);
      await change(state, ref, flags, "qemuDomainDelIOThread", {
        live: unsupported,
        config: (definition) => removingIothread(definition, id, QEMU.domain),
      });
    },
    domainSetIOThreadParams: async (ref, id, params: TypedParams, flags) => {
      checkIothreadId(id, QEMU.domain);
      checkParams(params, [...POLL_FIELDS, ...POOL_FIELDS], QEMU.domain);
      checkPoolParams(params);
      await change(state, ref, flags, "qemuDomainSetIOThreadParams", {
        live: unsupported,
        config: (definition) => settingPool(definition, id, params),
      });
    },
  };
}
