/** The commands that tell of a domain's state. */
import { VmError } from "../../../protocol/vm-error.ts";
import type { DomainControlInfo } from "../../../virt/driver/domain-calls.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import type { Command } from "../shell/command.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { MONITOR } from "../tables/monitor.ts";
import { keyValue, yesNo } from "./common.ts";
import { domainOf } from "./domain-common.ts";
import { reasonText, stateText } from "./domain-words.ts";

type Spec<Name extends keyof typeof MONITOR> = (typeof MONITOR)[Name];
type Names = "domcontrol" | "dominfo" | "domstate" | "domtime";

export const DOMAIN_INFO_RUNS: Pick<Runs<typeof MONITOR>, Names> = {
  domcontrol: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    session.print(`${controlText(await connect.domainGetControlInfo(domain, 0))}\n`);
  },
  dominfo: async (session, command) => domainInfo(session, command),
  domstate: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const { state, reason } = await connect.domainGetState(domain, 0);
    const text = stateText(state);
    session.print(command.has("reason") ? `${text} (${reasonText(state, reason)})\n` : `${text}\n`);
  },
  domtime: async (session, command) => domainTime(session, command),
};

/** By `virDomainControlState`. */
const CONTROL_STATES = ["ok", "background job", "occupied", "error"];
/** By `virDomainControlErrorReason`. */
const CONTROL_ERRORS = ["", "unknown", "monitor failure", "internal (locking) error"];

function controlText({ state, details, stateTimeMs }: DomainControlInfo): string {
  const text = CONTROL_STATES[state] ?? "unknown";
  if (text === "error" && details > 0) return `${text}: ${CONTROL_ERRORS[details] ?? "unknown"}`;
  if (text === "ok" || text === "error") return text;
  return `${text} (${(Number(stateTimeMs) / 1000).toFixed(3)}s)`;
}

async function domainInfo(session: Session, command: Command<Spec<"dominfo">>): Promise<void> {
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  const info = await connect.domainGetInfo(domain);
  const lines = [
    keyValue("Id", domain.id > 0 ? domain.id : "-"),
    keyValue("Name", domain.name),
    keyValue("UUID", domain.uuid),
  ];
  const osType = await connect.domainGetOSType(domain).catch(ignoreVmError);
  if (osType !== undefined) lines.push(keyValue("OS Type", osType));
  lines.push(keyValue("State", stateText(info.state)), keyValue("CPU(s)", info.vcpus));
  if (info.cpuTimeNs > 0n) {
    lines.push(keyValue("CPU time", `${(Number(info.cpuTimeNs / 100_000_000n) / 10).toFixed(1)}s`));
  }
  lines.push(
    keyValue("Max memory", `${info.maxMemKib} KiB`),
    keyValue("Used memory", `${info.memoryKib} KiB`),
    keyValue("Persistent", yesNo(await connect.domainIsPersistent(domain))),
    keyValue("Autostart", (await connect.domainGetAutostart(domain)) ? "enable" : "disable"),
    keyValue("Managed save", yesNo(await connect.domainHasManagedSaveImage(domain, 0))),
  );
  session.print(lines.join(""));
  await printSecurity(session, domain);
  const messages = await connect.domainGetMessages(domain, 0).catch(ignoreVmError);
  for (const [at, message] of (messages ?? []).entries()) {
    session.print(at === 0 ? keyValue("Messages", message) : `                ${message}\n`);
  }
}

function ignoreVmError(error: unknown): undefined {
  if (!(error instanceof VmError)) throw error;
  return undefined;
}

async function printSecurity(session: Session, domain: DomainRef): Promise<void> {
  const connect = await session.connect();
  const model = await connect.nodeGetSecurityModel().catch(ignoreVmError);
  if (!model || model.model === "") return;
  session.print(keyValue("Security model", model.model) + keyValue("Security DOI", model.doi));
  const [label] = (await connect.domainGetSecurityLabelList(domain).catch(ignoreVmError)) ?? [];
  if (!label) return;
  const mode = label.enforcing ? "enforcing" : "permissive";
  session.print(keyValue("Security label", `${label.label} (${mode})`));
}

async function domainTime(session: Session, command: Command<Spec<"domtime">>): Promise<void> {
  command.exclusive("time", "now");
  command.exclusive("time", "sync");
  command.exclusive("now", "sync");
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  const given = command.wholeBig("time", "longlong");
  if (given !== undefined || command.has("now") || command.has("sync")) {
    const now = BigInt(Math.floor(Date.now() / 1000));
    const SYNC = 1;
    const seconds = given ?? (command.has("now") ? now : 0n);
    return connect.domainSetTime(domain, seconds, 0, command.has("sync") ? SYNC : 0);
  }
  const { seconds } = await connect.domainGetTime(domain, 0);
  if (!command.has("pretty")) return session.print(`Time: ${seconds}`);
  const iso = new Date(Number(seconds) * 1000).toISOString();
  session.print(`Time: ${iso.slice(0, 10)} ${iso.slice(11, 19)}`);
}
