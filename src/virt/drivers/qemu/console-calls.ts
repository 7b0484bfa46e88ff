/** Consoles of running domains as streams. */
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { DomainConsoleFlags } from "../../driver/domain-flags.ts";
import type { TabvisorCalls } from "../../driver/tabvisor-calls.ts";
import { checkFlags } from "../objects/flags.ts";
import { runOf } from "./lifecycle-calls.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";
import { demand } from "./verbs.ts";

type Calls = Pick<DomainCalls, "domainOpenConsole"> & TabvisorCalls;

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
    domainSetConsoleSize: async (ref, device, columns, rows) => {
      const domain = state.domains.get(ref);
      demand("openConsole", domain);
      runOf(state, domain).line(device, domain.name).resize(columns, rows);
    },
    domainSendBreak: async (ref, device) => {
      const domain = state.domains.get(ref);
      demand("openConsole", domain);
      await runOf(state, domain).line(device, domain.name).sendBreak();
    },
    domainGetEnd: async (ref) => {
      const { uuid } = state.domains.get(ref);
      return state.runs.get(uuid)?.end ?? state.ends.get(uuid) ?? null;
    },
  };
}
