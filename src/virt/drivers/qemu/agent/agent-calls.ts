/** What is asked of a guest's agent. */
import { vmError } from "../../../../protocol/vm-error.ts";
import { base64Text } from "../../../../util/base64.ts";
import { utf8Bytes } from "../../../../util/bytes.ts";
import type { DomainCalls } from "../../../driver/domain-calls.ts";
import type { DomainRef } from "../../../driver/refs.ts";
import type { DomainObject } from "../../objects/domain-objects.ts";
import { checkFlags } from "../../objects/flags.ts";
import { QEMU, type QemuState } from "../qemu-state.ts";
import { AgentTimeout, type Agent } from "./agent.ts";
import { agentOf } from "./agent-of.ts";
import { diskTarget, fileSystems, type GuestDisk } from "./file-systems.ts";
import { guestInfo, interfacesOf } from "./guest-info.ts";
import { vcpuCalls } from "./guest-vcpus.ts";

type Calls = Pick<
  DomainCalls,
  | "domainQemuAgentCommand"
  | "domainAgentSetResponseTimeout"
  | "domainGetHostname"
  | "domainGetTime"
  | "domainSetTime"
  | "domainGetFSInfo"
  | "domainFSFreeze"
  | "domainFSThaw"
  | "domainFSTrim"
  | "domainInterfaceAddresses"
  | "domainGetGuestInfo"
  | "domainSetUserPassword"
  | "domainAuthorizedSSHKeysGet"
  | "domainAuthorizedSSHKeysSet"
  | "domainGetGuestVcpus"
  | "domainSetGuestVcpus"
>;

export function agentCalls(state: QemuState): Calls {
  const domainOf = (ref: DomainRef): DomainObject => state.domains.get(ref);
  const agent = (ref: DomainRef): Agent => agentOf(state, domainOf(ref));
  const targetIn = (ref: DomainRef) => (disk: GuestDisk) => {
    const domain = domainOf(ref);
    const run = state.runs.get(domain.uuid);
    return run && diskTarget(disk, domain.definition, run.machine.config);
  };
  return {
    domainQemuAgentCommand: async (ref, command, timeoutS, flags) => {
      checkFlags(flags, 0, "qemuDomainQemuAgentCommand", QEMU.domain);
      return agent(ref).ask(command, timeoutS);
    },
    domainAgentSetResponseTimeout: async (ref, timeoutS, flags) => {
      checkFlags(flags, 0, "qemuDomainAgentSetResponseTimeout", QEMU.domain);
      if (timeoutS < AgentTimeout.block) {
        const words = "guest agent timeout '%d' is less than the minimum '%d'";
        const [given, least] = [String(timeoutS), String(AgentTimeout.block)];
        throw vmError("invalidArg", words.replace("%d", given).replace("%d", least), QEMU);
      }
      const run = state.runs.get(domainOf(ref).uuid);
      if (run?.agent) run.agent.timeoutS = timeoutS;
    },
    domainGetGuestInfo: async (ref, types, flags) => {
      checkFlags(flags, 0, "qemuDomainGetGuestInfo", QEMU.domain);
      return guestInfo({ agent: agent(ref), targetOf: targetIn(ref) }, types);
    },
    domainInterfaceAddresses: async (ref, source, flags) => {
      checkFlags(flags, 0, "qemuDomainInterfaceAddresses", QEMU.domain);
      state.domains.active(ref);
      // The networks that could tell carry nothing here: no interface of theirs has an address.
      if (source === FROM_LEASES || source === FROM_ARP) return [];
      if (source !== FROM_AGENT) {
        throw vmError("argumentUnsupported", `Unknown IP address data source ${source}`, QEMU);
      }
      return interfacesOf(await agent(ref).run("guest-network-get-interfaces"));
    },
    ...systemCalls(agent),
    ...fileSystemCalls(agent, targetIn),
    ...userCalls(agent),
    ...vcpuCalls(agent),
  };
}

/** `virDomainInterfaceAddressesSource`. */
const [FROM_LEASES, FROM_AGENT, FROM_ARP] = [0, 1, 2];
/** `virDomainGetHostnameFlags`. */
const HOSTNAME = { lease: 1, agent: 2 } as const;
/** `virDomainSetTimeFlags`. */
const SYNC = 1;
const NS = 1_000_000_000;

type AgentFor = (ref: DomainRef) => Agent;

function systemCalls(
  agent: AgentFor,
): Pick<Calls, "domainGetHostname" | "domainGetTime" | "domainSetTime"> {
  return {
    domainGetHostname: async (ref, flags) => {
      checkFlags(flags, HOSTNAME.lease | HOSTNAME.agent, "qemuDomainGetHostname", QEMU.domain);
      if ((flags & HOSTNAME.lease) !== 0) {
        throw vmError("noHostname", "no hostname found for domain", QEMU);
      }
      return (await agent(ref).run("guest-get-host-name")).text("host-name");
    },
    domainGetTime: async (ref, flags) => {
      checkFlags(flags, 0, "qemuDomainGetTime", QEMU.domain);
      const { value } = await agent(ref).run("guest-get-time");
      if (typeof value !== "number") throw vmError("internalError", "malformed return value", QEMU);
      return { seconds: BigInt(Math.floor(value / NS)), nanos: Math.floor(value % NS) };
    },
    domainSetTime: async (ref, seconds, nanos, flags) => {
      checkFlags(flags, SYNC, "qemuDomainSetTime", QEMU.domain);
      const time = Number(seconds) * NS + nanos;
      await agent(ref).run("guest-set-time", (flags & SYNC) === 0 ? { time } : undefined);
    },
  };
}

function fileSystemCalls(
  agent: AgentFor,
  targetIn: (ref: DomainRef) => (disk: GuestDisk) => string | undefined,
): Pick<Calls, "domainGetFSInfo" | "domainFSFreeze" | "domainFSThaw" | "domainFSTrim"> {
  return {
    domainGetFSInfo: async (ref, flags) => {
      checkFlags(flags, 0, "qemuDomainGetFSInfo", QEMU.domain);
      const all = fileSystems(await agent(ref).run("guest-get-fsinfo"));
      return all.map(({ mountpoint, name, fstype, disks }) => {
        const devAliases = disks.flatMap((disk) => targetIn(ref)(disk) ?? []);
        return { mountpoint, name, fstype, devAliases };
      });
    },
    domainFSFreeze: async (ref, mountpoints, flags) => {
      checkFlags(flags, 0, "qemuDomainFSFreeze", QEMU.domain);
      const reply =
        mountpoints.length > 0
          ? await agent(ref).run("guest-fsfreeze-freeze-list", { mountpoints })
          : await agent(ref).run("guest-fsfreeze-freeze");
      return Number(reply.value);
    },
    domainFSThaw: async (ref, mountpoints, flags) => {
      checkFlags(flags, 0, "qemuDomainFSThaw", QEMU.domain);
      if (mountpoints.length > 0) {
        throw vmError("argumentUnsupported", "specifying mountpoints is not supported", QEMU);
      }
      return Number((await agent(ref).run("guest-fsfreeze-thaw")).value);
    },
    domainFSTrim: async (ref, mountPoint, minimum, flags) => {
      checkFlags(flags, 0, "qemuDomainFSTrim", QEMU.domain);
      if (mountPoint !== null) {
        throw vmError(
          "argumentUnsupported",
          "Specifying mount point is not supported for now",
          QEMU,
        );
      }
      await agent(ref).run("guest-fstrim", { minimum: Number(minimum) });
    },
  };
}

/** `virDomainSetUserPasswordFlags`. */
const ENCRYPTED = 1;
/** `virDomainAuthorizedSSHKeysSetFlags`. */
const KEYS = { append: 1, remove: 2 } as const;

function userCalls(
  agent: AgentFor,
): Pick<
  Calls,
  "domainSetUserPassword" | "domainAuthorizedSSHKeysGet" | "domainAuthorizedSSHKeysSet"
> {
  return {
    domainSetUserPassword: async (ref, username, password, flags) => {
      checkFlags(flags, ENCRYPTED, "qemuDomainSetUserPassword", QEMU.domain);
      await agent(ref).run("guest-set-user-password", {
        crypted: (flags & ENCRYPTED) !== 0,
        username,
        password: base64Text(utf8Bytes(password)),
      });
    },
    domainAuthorizedSSHKeysGet: async (ref, username, flags) => {
      checkFlags(flags, 0, "qemuDomainAuthorizedSSHKeysGet", QEMU.domain);
      const reply = await agent(ref).run("guest-ssh-get-authorized-keys", { username });
      return reply.listAt("keys").map(({ value }) => String(value));
    },
    domainAuthorizedSSHKeysSet: async (ref, username, keys, flags) => {
      checkFlags(flags, KEYS.append | KEYS.remove, "qemuDomainAuthorizedSSHKeysSet", QEMU.domain);
      if ((flags & KEYS.remove) !== 0) {
        await agent(ref).run("guest-ssh-remove-authorized-keys", { username, keys });
        return;
      }
      const reset = (flags & KEYS.append) === 0;
      await agent(ref).run("guest-ssh-add-authorized-keys", { username, keys, reset });
    },
  };
}
