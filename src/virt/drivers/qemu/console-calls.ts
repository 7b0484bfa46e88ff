/** Consoles of running domains as streams. */
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { DomainConsoleFlags } from "../../driver/domain-flags.ts";
import { checkFlags } from "../objects/flags.ts";
import { runOf } from "./lifecycle-calls.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";
import { demand } from "./verbs.ts";

type Calls = Pick<DomainCalls, "domainOpenConsole">;

export function consoleCalls(state: QemuState): Calls {
  return {
    domainOpenConsole: async (ref, device, stream, flags) => {
      const known = DomainConsoleFlags.force | DomainConsoleFlags.safe;
      checkFlags(flags, known, "qemuDomainOpenConsole", QEMU.domain);
      const domain = state.domains.get(ref);
      demand("openConsole", domain);
      const line = runOf(state, domain).line(device, domain.name);
      line.open(stream, (flags & DomainConsoleFlags.force) !== 0);
    },
  };
}
