/** `qemu-monitor-command`: QMP commands that our machines answer for real, and a few of the human monitor's. */
import { VmError, vmError } from "../../../protocol/vm-error.ts";
import { devicesOf } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { DomainPausedReason, DomainState } from "../../driver/domain-flags.ts";
import type { Storage } from "../../storage/storage.ts";
import { find } from "../../xml/element.ts";
import { checkFlags } from "../objects/flags.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { imagePath } from "./disk-image.ts";
import { runOf } from "./lifecycle-calls.ts";
import { targetOf } from "./machine-disks.ts";
import {
  humanBalloon,
  humanInfoBalloon,
  qomGet,
  qomSet,
  queryBalloon,
  setBalloon,
} from "./monitor-balloon.ts";
import { humanSendKey, inputSendEvent, sendKey } from "./monitor-keys.ts";
import { QmpError } from "./qmp-arguments.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";
import { registersText } from "./registers-text.ts";
import { demand } from "./verbs.ts";

type Calls = Pick<DomainCalls, "domainQemuMonitorCommand">;

const HMP = 1;

export function monitorCalls(state: QemuState): Calls {
  let count = 0;
  return {
    domainQemuMonitorCommand: async (ref, command, flags) => {
      checkFlags(flags, HMP, "qemuDomainQemuMonitorCommand", QEMU.domain);
      const domain = state.domains.get(ref);
      demand("monitorCommand", domain);
      if ((flags & HMP) !== 0) return humanCommand(state, domain, command);
      return qmpCommand(state, domain, command, `libvirt-${++count}`);
    },
  };
}

interface Request {
  readonly execute?: unknown;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly id?: unknown;
}

type Run = (
  state: QemuState,
  domain: DomainObject,
  args: Readonly<Record<string, unknown>>,
) => unknown;

const QMP: Readonly<Record<string, Run>> = {
  "query-status": (_state, domain) => statusOf(domain),
  "query-name": (_state, { name }) => ({ name }),
  "query-uuid": (_state, { uuid }) => ({ UUID: uuid }),
  "query-version": ({ ports }) => ({ qemu: versionOf(ports.host.version), package: "" }),
  "query-kvm": () => ({ enabled: false, present: false }),
  "query-cpus-fast": async (state, domain) => {
    const { vcpus } = await runOf(state, domain).machine.stats();
    return vcpus.map((_, at) => ({
      "cpu-index": at,
      "qom-path": `/machine/soc0/harts[${at}]`,
      target: "riscv64",
    }));
  },
  "query-block": ({ storage }, domain) => blocksOf(storage, domain),
  "query-memory-size-summary": (state, domain) => ({
    "base-memory": runOf(state, domain).machine.config.memoryBytes,
    "plugged-memory": 0,
  }),
  "query-commands": () => Object.keys(QMP).map((name) => ({ name })),
  stop: async (state, domain) => {
    if (domain.state === DomainState.running) await runOf(state, domain).machine.pause();
    return {};
  },
  cont: async (state, domain) => {
    if (domain.state === DomainState.paused) await runOf(state, domain).machine.resume();
    return {};
  },
  system_reset: async (state, domain) => {
    await runOf(state, domain).machine.reset();
    state.domainEvent(domain, { kind: "reboot" });
    return {};
  },
  system_powerdown: async (state, domain) => {
    const run = runOf(state, domain);
    if (domain.state === DomainState.paused) run.buttonPressed = true;
    else await run.machine.shutdown();
    return {};
  },
  balloon: setBalloon,
  "query-balloon": queryBalloon,
  "qom-get": qomGet,
  "qom-set": qomSet,
  "send-key": (state, domain, args) => sendKey(runOf(state, domain).machine, args),
  "input-send-event": (state, domain, args) => inputSendEvent(runOf(state, domain).machine, args),
  block_resize: async (state, domain, { device, size }) => {
    await runOf(state, domain).machine.blockResize(String(device), Number(size));
    return {};
  },
};

async function qmpCommand(
  state: QemuState,
  domain: DomainObject,
  text: string,
  ownId: string,
): Promise<string> {
  const request = parsed(text);
  const id = request.id ?? ownId;
  const name = typeof request.execute === "string" ? request.execute : "";
  const run = Object.hasOwn(QMP, name) ? QMP[name] : undefined;
  if (!run) {
    const desc = `The command ${name} has not been found`;
    return JSON.stringify({ id, error: { class: "CommandNotFound", desc } });
  }
  try {
    const answer = await run(state, domain, request.arguments ?? {});
    return jsonText({ return: answer, id });
  } catch (error) {
    if (error instanceof QmpError) {
      return JSON.stringify({ id, error: { class: error.errorClass, desc: error.message } });
    }
    const desc = error instanceof VmError ? error.detail : String(error);
    return JSON.stringify({ id, error: { class: "GenericError", desc } });
  }
}

/** Marks numbers beyond what JavaScript's JSON can write. */
const BIG = "\u{e000}";

/** JSON with big integers as the numbers that they are. */
function jsonText(value: unknown): string {
  const marked = (_: string, each: unknown): unknown =>
    typeof each === "bigint" ? `${BIG}${each}` : each;
  return JSON.stringify(value, marked).replaceAll(new RegExp(`"${BIG}(\\d+)"`, "gu"), "$1");
}

/** @throws VmError internalError */
function parsed(text: string): Request {
  try {
    const request: unknown = JSON.parse(text);
    if (typeof request === "object" && request !== null) return request;
  } catch {
    // Said below.
  }
  throw vmError("internalError", `cannot parse json ${text}`);
}

function statusOf({ state, reason }: DomainObject) {
  const running = state === DomainState.running;
  const io = state === DomainState.paused && reason === DomainPausedReason.ioerror;
  const status = running ? "running" : io ? "io-error" : "paused";
  return { status, singlestep: false, running };
}

function versionOf(version: number) {
  return {
    micro: version % 1000,
    minor: Math.floor(version / 1000) % 1000,
    major: Math.floor(version / 1_000_000),
  };
}

function blocksOf(storage: Storage, { definition }: DomainObject) {
  return devicesOf(definition, "disk").map((disk) => {
    const source = imagePath(disk, storage);
    const ro = find(disk, "readonly") !== undefined;
    const drv = find(disk, "driver")?.attributes.get("type") ?? "raw";
    return {
      device: targetOf(disk),
      qdev: find(disk, "alias")?.attributes.get("name") ?? "",
      type: "unknown",
      locked: false,
      removable: disk.attributes.get("device") === "cdrom",
      ...(source !== undefined && { inserted: { file: source, drv, ro } }),
    };
  });
}

const INFOS: Readonly<Record<string, Run>> = {
  status: (_state, domain) => {
    const { status } = statusOf(domain);
    return `VM status: ${status === "running" ? status : `paused${status === "io-error" ? " (io-error)" : ""}`}`;
  },
  balloon: humanInfoBalloon,
  name: (_state, { name }) => name,
  uuid: (_state, { uuid }) => uuid,
  registers: async (state, domain) => {
    const { harts } = await runOf(state, domain).machine.inspect();
    const [first] = harts;
    return first ? monitorText(registersText(first, 0)) : "";
  },
  version: ({ ports }) => {
    const { major, minor, micro } = versionOf(ports.host.version);
    return `${major}.${minor}.${micro}`;
  },
};

/** Commands of the human monitor that have no arguments and answer nothing. */
const HUMAN = new Set(["stop", "cont", "system_reset", "system_powerdown"]);

/** Errors of QMP's commands are printed here. */
async function humanCommand(state: QemuState, domain: DomainObject, text: string): Promise<string> {
  try {
    return await humanAnswer(state, domain, text);
  } catch (error) {
    if (error instanceof QmpError) return `Error: ${error.message}\r\n`;
    throw error;
  }
}

async function humanAnswer(state: QemuState, domain: DomainObject, text: string): Promise<string> {
  const words = text.trim().split(/\s+/);
  const [command = "", what = ""] = words;
  const short = command === "c" ? "cont" : command === "s" ? "stop" : command;
  if (HUMAN.has(short) && words.length === 1) {
    await QMP[short]?.(state, domain, {});
    return "";
  }
  if (command === "balloon") return humanBalloon(state, domain, words.slice(1));
  if (command === "sendkey") return humanSendKey(runOf(state, domain).machine, words.slice(1));
  if (command === "info" && what === "registers" && words[2] === "-a") {
    const { harts } = await runOf(state, domain).machine.inspect();
    return harts.map((hart, at) => `${monitorText(registersText(hart, at))}\r\n`).join("");
  }
  const info = command === "info" && Object.hasOwn(INFOS, what) ? INFOS[what] : undefined;
  if (info) return `${String(await info(state, domain, {}))}\r\n`;
  return `unknown command: '${command === "info" ? `info ${what}`.trim() : command}'\r\n`;
}

/** As the monitor prints it: an empty line first, and its ends of lines. */
function monitorText(text: string): string {
  return `\n${text.trimEnd()}`.replaceAll("\n", "\r\n");
}
