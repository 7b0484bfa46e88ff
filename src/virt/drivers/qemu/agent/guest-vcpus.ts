/** Processors that the guest itself switches on and off. */
import { vmError } from "../../../../protocol/vm-error.ts";
import { formatCpuset, parseCpuset } from "../../../conf/values.ts";
import type { DomainCalls } from "../../../driver/domain-calls.ts";
import type { DomainRef } from "../../../driver/refs.ts";
import { param } from "../../../driver/typed-params.ts";
import { checkFlags } from "../../objects/flags.ts";
import { QEMU } from "../qemu-state.ts";
import type { Agent } from "./agent.ts";

interface GuestVcpu {
  readonly id: number;
  readonly online: boolean;
  readonly offlinable: boolean;
}

type Calls = Pick<DomainCalls, "domainGetGuestVcpus" | "domainSetGuestVcpus">;

export function vcpuCalls(agent: (ref: DomainRef) => Agent): Calls {
  return {
    domainGetGuestVcpus: async (ref, flags) => {
      checkFlags(flags, 0, "qemuDomainGetGuestVcpus", QEMU.domain);
      const all = await guestVcpus(agent(ref));
      const set = (test: (vcpu: GuestVcpu) => boolean): string =>
        formatCpuset(all.filter(test).map(({ id }) => id));
      return [
        param.string(
          "vcpus",
          set(() => true),
        ),
        param.string(
          "online",
          set(({ online }) => online),
        ),
        param.string(
          "offlinable",
          set(({ offlinable }) => offlinable),
        ),
      ];
    },
    domainSetGuestVcpus: async (ref, cpumap, online, flags) => {
      checkFlags(flags, 0, "qemuDomainSetGuestVcpus", QEMU.domain);
      const wanted = parseCpuset(cpumap);
      const all = await guestVcpus(agent(ref));
      const chosen = all.filter(({ id }) => wanted.includes(id));
      const fixed = chosen.find(({ offlinable }) => !online && !offlinable);
      if (fixed) {
        throw vmError("operationUnsupported", `vCPU '${fixed.id}' is not offlinable`, QEMU);
      }
      const missing = wanted.filter((id) => !chosen.some((each) => each.id === id));
      if (missing.length > 0) {
        throw vmError("invalidArg", `guest is missing vCPUs '${formatCpuset(missing)}'`, QEMU);
      }
      await switchVcpus(agent(ref), chosen, online);
    },
  };
}

/** How many processors the guest has, or has switched on. @throws VmError */
export async function guestVcpuCount(agent: Agent, onlyOnline: boolean): Promise<number> {
  return (await guestVcpus(agent)).filter(({ online }) => online || !onlyOnline).length;
}

/** Switches processors so that `count` are on. @throws VmError invalidArg, operationFailed */
export async function setOnlineVcpus(agent: Agent, count: number): Promise<void> {
  const all = await guestVcpus(agent);
  if (count > all.length) {
    throw vmError(
      "invalidArg",
      "requested vcpu count is greater than the count of enabled vcpus in the domain",
      QEMU,
    );
  }
  const on = all.filter(({ online }) => online);
  const off = all.filter(({ online }) => !online);
  const removable = on.filter(({ offlinable }) => offlinable).toReversed();
  const change =
    count >= on.length ? off.slice(0, count - on.length) : removable.slice(0, on.length - count);
  if (change.length < Math.abs(count - on.length)) {
    throw vmError("internalError", "failed to set guest cpu count", QEMU);
  }
  await switchVcpus(agent, change, count >= on.length);
}

async function guestVcpus(agent: Agent): Promise<GuestVcpu[]> {
  const reply = await agent.run("guest-get-vcpus");
  const all = reply.list().map((vcpu) => ({
    id: vcpu.number("logical-id"),
    online: vcpu.isTrue("online"),
    offlinable: vcpu.isTrue("can-offline"),
  }));
  // The agent gives them in any order.
  return all.toSorted((a, b) => a.id - b.id);
}

/** The agent says how many it has switched before one refused. */
async function switchVcpus(
  agent: Agent,
  chosen: readonly GuestVcpu[],
  online: boolean,
): Promise<void> {
  let left = chosen;
  while (left.length > 0) {
    const vcpus = left.map(({ id }) => ({ "logical-id": id, online }));
    const done = Number((await agent.run("guest-set-vcpus", { vcpus })).value);
    if (!(done > 0)) throw vmError("internalError", "guest agent returned invalid value", QEMU);
    left = left.slice(done);
  }
}
