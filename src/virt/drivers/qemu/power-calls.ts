/** Asking guests to power off or to restart: by their agent, or by the power button. */
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { DomainRebootFlags, DomainShutdownFlags, DomainState } from "../../driver/domain-flags.ts";
import type { DomainRef } from "../../driver/refs.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { checkFlags } from "../objects/flags.ts";
import { agentOf } from "./agent/agent-of.ts";
import { runOf } from "./lifecycle-calls.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";
import { demand } from "./verbs.ts";

type Calls = Pick<DomainCalls, "domainShutdownFlags" | "domainReboot">;
type Verb = "shutdown" | "reboot";

const BUTTON = DomainShutdownFlags.acpiPowerBtn;
const AGENT = DomainRebootFlags.guestAgent;
/** How long the agent may take to obey. */
const AGENT_S = 60;

export function powerCalls(state: QemuState): Calls {
  return {
    domainShutdownFlags: async (ref, flags) => {
      checkFlags(flags, BUTTON | AGENT, "qemuDomainShutdownFlags", QEMU.domain);
      await ask(state, ref, "shutdown", flags);
    },
    domainReboot: async (ref, flags) => {
      checkFlags(flags, BUTTON | AGENT, "qemuDomainReboot", QEMU.domain);
      await ask(state, ref, "reboot", flags);
    },
  };
}

/** As libvirt: where nothing is said, the agent is asked first, and the button is pressed if it does not obey. */
async function ask(state: QemuState, ref: DomainRef, verb: Verb, flags: number): Promise<void> {
  const domain = state.domains.get(ref);
  demand(verb, domain);
  const isForced = flags === AGENT;
  const hasAgent = domain.state === DomainState.running && runOf(state, domain).agent?.isConnected;
  if (isForced || (flags & AGENT) !== 0 || (flags === 0 && hasAgent === true)) {
    try {
      return await askAgent(state, domain, verb);
    } catch (error) {
      if (isForced) throw error;
    }
  }
  await state.job(ref.uuid, () => pressButton(state, state.domains.get(ref), verb));
}

/** The guest ends or restarts by its own doing. @throws VmError */
async function askAgent(state: QemuState, domain: DomainObject, verb: Verb): Promise<void> {
  const agent = agentOf(state, domain);
  const run = runOf(state, domain);
  run.rebooting = false;
  run.hostShutdown = false;
  const mode = verb === "reboot" ? "reboot" : "powerdown";
  await agent.runUntil("guest-shutdown", { mode }, run.machine.ended, AGENT_S);
}

async function pressButton(state: QemuState, domain: DomainObject, verb: Verb): Promise<void> {
  demand(verb, domain);
  const run = runOf(state, domain);
  run.rebooting = verb === "reboot";
  run.hostShutdown = verb === "shutdown";
  state.monitorEvent(domain, "POWERDOWN");
  if (domain.state === DomainState.paused) run.buttonPressed = true;
  else await run.machine.shutdown();
}
