/** The commands that speak to QEMU's monitor and the guest's agent in their own language. */
import type { MonitorEvent } from "../../../virt/driver/events.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { MONITOR_COMMANDS } from "../tables/domain-monitor.ts";
import { timeoutMs } from "./common.ts";
import { domainOf } from "./domain-common.ts";
import { stampOf, waitForEvents } from "./event-loop.ts";
import { jsonOf, jsonText } from "./monitor-json.ts";
import { passedFiles } from "./passed-files.ts";

type Spec<Name extends keyof typeof MONITOR_COMMANDS> = (typeof MONITOR_COMMANDS)[Name];

/** VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP. */
const HMP = 1;

/** `virDomainQemuAgentCommandTimeoutValues`. */
const AgentTimeout = { block: -2, default: -1, nowait: 0 } as const;

export const MONITOR_COMMAND_RUNS: Runs<typeof MONITOR_COMMANDS> = {
  "qemu-agent-command": (session, command) => agentCommand(session, command),
  "qemu-attach": async (session, command) => {
    const pid = command.whole("pid", "uint") ?? 0;
    const connect = await session.connect();
    const domain = await session.attempt(`Failed to attach to pid ${pid}`, () =>
      connect.domainQemuAttach(pid, 0),
    );
    session.printExtra(`Domain '${domain.name}' attached to pid ${pid}\n`);
  },
  "qemu-monitor-command": (session, command) => monitorCommand(session, command),
  "qemu-monitor-event": (session, command) => monitorEvents(session, command),
};

async function monitorCommand(
  session: Session,
  command: Command<Spec<"qemu-monitor-command">>,
): Promise<void> {
  command.exclusive("hmp", "pretty");
  command.exclusive("hmp", "return-value");
  const domain = await domainOf(session, command);
  const words = command.all("cmd");
  const hmp = command.has("hmp");
  const text = hmp ? words.join(" ") : qmpText(words);
  const files = passedFiles(command);
  const connect = await session.connect();
  const flags = hmp ? HMP : 0;
  const answer =
    files.length > 0
      ? await connect.domainQemuMonitorCommandWithFiles(domain, text, files, flags)
      : await connect.domainQemuMonitorCommand(domain, text, flags);
  const pretty = command.has("pretty");
  const returned = command.has("return-value");
  const json = pretty || returned ? jsonOf(answer) : undefined;
  if (returned && json === undefined) {
    throw new CommandError("failed to parse JSON returned by qemu");
  }
  if (json === undefined) return session.print(`${answer}\n`);
  if (!returned) return session.print(jsonText(json, pretty));
  const value = isObject(json) ? json["return"] : undefined;
  if (value === undefined) throw new CommandError("'return' member missing");
  session.print(jsonText(value, pretty));
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** A QMP command as it is, or made of a name and its arguments. @throws CommandError */
function qmpText(words: readonly string[]): string {
  const whole = words.join(" ");
  if (isObject(jsonOf(whole))) return whole;
  const [execute = "", ...rest] = words;
  const text = rest.join(" ");
  if (text === "") return JSON.stringify({ execute });
  const given = jsonOf(text);
  const args = isObject(given) ? given : jsonOf(`{${rest.join(",")}}`);
  if (args === undefined) {
    throw new CommandError(`failed to wrap arguments '${text}' into a QMP command wrapper`);
  }
  return JSON.stringify({ execute, arguments: args });
}

async function agentCommand(
  session: Session,
  command: Command<Spec<"qemu-agent-command">>,
): Promise<void> {
  const domain = await domainOf(session, command);
  const given = command.whole("timeout", "int");
  if (given !== undefined && given < 1) throw new CommandError("timeout must be positive");
  const async = command.has("async");
  const block = command.has("block");
  if ([given !== undefined, async, block].filter(Boolean).length > 1) {
    throw new CommandError("timeout, async and block options are exclusive");
  }
  const timeoutS = block
    ? AgentTimeout.block
    : async
      ? AgentTimeout.nowait
      : (given ?? AgentTimeout.default);
  const connect = await session.connect();
  const text = command.all("cmd").join(" ");
  const answer = await connect.domainQemuAgentCommand(domain, text, timeoutS, 0);
  const json = command.has("pretty") ? jsonOf(answer) : undefined;
  // What is formatted ends with a line feed of its own.
  session.print(json === undefined ? `${answer}\n` : `${jsonText(json, true)}\n\n`);
}

/** Which events `--event`, `--regex` and `--no-case` mean. @throws CommandError */
function eventFilter(command: Command<Spec<"qemu-monitor-event">>): (name: string) => boolean {
  const wanted = command.text("event");
  if (wanted === undefined) return () => true;
  const flags = command.has("no-case") ? "i" : "";
  if (command.has("regex")) {
    try {
      const pattern = new RegExp(wanted, flags);
      return (name) => pattern.test(name);
    } catch {
      throw new CommandError(`failed to compile regex '${wanted}'`);
    }
  }
  const same = (text: string): string => (flags === "" ? text : text.toLowerCase());
  return (name) => same(name) === same(wanted);
}

async function monitorEvents(
  session: Session,
  command: Command<Spec<"qemu-monitor-event">>,
): Promise<boolean> {
  const limitMs = timeoutMs(command);
  const isWanted = eventFilter(command);
  const name = command.text("domain");
  const domain = name === undefined ? null : await domainOf(session, { required: () => name });
  const connect = await session.connect();
  return waitForEvents(session, command, limitMs, (tell) =>
    connect.connectMonitorEvents((event) => {
      if (!isWanted(event.event) || (domain && event.domain.uuid !== domain.uuid)) return;
      tell(monitorEventText(event, command));
    }),
  );
}

function monitorEventText(
  { domain, event, seconds, micros, details }: MonitorEvent,
  command: Command<Spec<"qemu-monitor-event">>,
): string {
  const json = details !== null && command.has("pretty") ? jsonOf(details) : undefined;
  const shown = json === undefined ? (details ?? "<null>") : `${jsonText(json, true)}\n`;
  if (command.has("timestamp")) {
    return `${stampOf(command)}event ${event} for domain '${domain.name}': ${shown}\n`;
  }
  const at = `${seconds}.${String(micros).padStart(6, "0")}`;
  return `event ${event} at ${at} for domain '${domain.name}': ${shown}\n`;
}
