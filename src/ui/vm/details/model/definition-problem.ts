/** What libvirt would say of a definition, before it is asked. */
import { VmError } from "../../../../protocol/vm-error.ts";
import { canonicalQemuDomain } from "../../../../virt/conf/domain/qemu/canonical.ts";
import {
  type QemuDomainContext,
  TABVISOR_BOARD,
} from "../../../../virt/conf/domain/qemu/context.ts";
import { canonicalDomain } from "../../../../virt/conf/domain/parse.ts";
import type { XmlElement } from "../../../../virt/xml/element.ts";

/** What is filled in does not matter: the result is thrown away. */
const CONTEXT: QemuDomainContext = {
  virtTypes: [],
  defaultArch: "riscv64",
  newUuid: () => "00000000-0000-0000-0000-000000000000",
  newMac: () => "52:54:00:00:00:00",
  emulator: "",
  channelFolder: "",
  nvramFolder: "",
  board: TABVISOR_BOARD,
};

/**
 * @param make makes the definition; what it throws is a problem, too
 * @param hostType the driver's: `QEMU`, whose rules are stricter than everybody's
 * @returns the error; null where the definition is right as far as one can tell
 */
export function definitionProblem(make: () => XmlElement, hostType: string): VmError | null {
  try {
    const tree = make();
    if (hostType === "QEMU") {
      canonicalQemuDomain(tree, CONTEXT, { inactive: true, newDomain: true });
    } else canonicalDomain(tree, CONTEXT, { inactive: true });
    return null;
  } catch (error) {
    if (error instanceof VmError) return error;
    throw error;
  }
}
