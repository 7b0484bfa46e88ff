/** A domain's agent, where it can be asked. */
import { vmError } from "../../../../protocol/vm-error.ts";
import { DomainState } from "../../../driver/domain-flags.ts";
import type { DomainObject } from "../../objects/domain-objects.ts";
import { QEMU, type QemuState } from "../qemu-state.ts";
import type { Agent } from "./agent.ts";

/** @throws VmError operationInvalid, argumentUnsupported or agentUnresponsive in libvirt's words */
export function agentOf(state: QemuState, domain: DomainObject): Agent {
  const agent = state.runs.get(domain.uuid)?.agent;
  if (domain.state !== DomainState.running || agent === undefined) {
    throw vmError("operationInvalid", "domain is not running", QEMU);
  }
  if (!agent) throw vmError("argumentUnsupported", "QEMU guest agent is not configured", QEMU);
  if (agent.isConnected) return agent;
  throw vmError("agentUnresponsive", "QEMU guest agent is not connected", QEMU);
}
