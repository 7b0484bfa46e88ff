/** What reaches a machine through devices that it does not have. */
import { vmError } from "../../../protocol/vm-error.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { checkFlags } from "../objects/flags.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";

type Calls = Pick<DomainCalls, "domainSendKey" | "domainInjectNMI">;

export function keyCalls(state: QemuState): Calls {
  return {
    domainSendKey: async (ref, _codeset, _holdTimeMs, _keycodes, flags) => {
      checkFlags(flags, 0, "qemuDomainSendKey", QEMU.domain);
      state.domains.active(ref);
      throw vmError("operationUnsupported", "this domain has no keyboard", QEMU);
    },
    domainInjectNMI: async (ref, flags) => {
      checkFlags(flags, 0, "qemuDomainInjectNMI", QEMU.domain);
      state.domains.active(ref);
      const words = "unable to execute QEMU command 'inject-nmi': machine does not provide NMIs";
      throw vmError("internalError", words, QEMU);
    },
  };
}
