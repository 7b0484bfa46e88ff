/** Keys for a machine's keyboard, and interrupts that no machine has. */
import { vmError } from "../../../protocol/vm-error.ts";
import { CODES_BY_NUMBER } from "../../../util/qemu-keys.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { KeycodeSet } from "../../driver/domain-flags.ts";
import { KEYCODE_SETS } from "../../driver/key-names.ts";
import { qnumOf } from "../../driver/keycode-sets.ts";
import { checkFlags } from "../objects/flags.ts";
import { runOf } from "./lifecycle-calls.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";

type Calls = Pick<DomainCalls, "domainSendKey" | "domainInjectNMI">;

/** `VIR_DOMAIN_SEND_KEY_MAX_KEYS`. */
const MAX_KEYS = 16;

export function keyCalls(state: QemuState): Calls {
  return {
    // Without a keyboard the keys are lost, and nobody says so: thus QEMU, and so libvirt.
    domainSendKey: async (ref, codeset, holdTimeMs, keycodes, flags) => {
      if (keycodes.length > MAX_KEYS) {
        throw vmError("invalidArg", `nkeycodes must be <= ${MAX_KEYS}`, QEMU);
      }
      checkFlags(flags, 0, "qemuDomainSendKey", QEMU.domain);
      const qnums = keycodes.map((code) => translated(codeset, code));
      const { machine } = runOf(state, state.domains.active(ref));
      await machine.sendKeys(codesOf(qnums), { holdMs: holdTimeMs });
    },
    domainInjectNMI: async (ref, flags) => {
      checkFlags(flags, 0, "qemuDomainInjectNMI", QEMU.domain);
      state.domains.active(ref);
      const words = "unable to execute QEMU command 'inject-nmi': machine does not provide NMIs";
      throw vmError("internalError", words, QEMU);
    },
  };
}

/** @throws VmError internalError for a code that the set does not have */
function translated(codeset: number, code: number): number {
  const qnum = codeset === KeycodeSet.qnum ? code : qnumOf(codeset, code);
  if (qnum !== undefined) return qnum;
  const set = KEYCODE_SETS[codeset] ?? "unknown";
  throw vmError(
    "internalError",
    `cannot translate keycode ${code} of ${set} codeset to qnum keycode`,
    QEMU,
  );
}

/** Linux's codes of QEMU's numbers; those that QEMU has no key for are left out. */
export function codesOf(qnums: readonly number[]): number[] {
  return qnums.flatMap((qnum) => CODES_BY_NUMBER.get(qnum) ?? []);
}
