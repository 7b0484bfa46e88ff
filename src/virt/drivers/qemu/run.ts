/** One run of a domain on one machine. */
import type { Machine } from "../../../api/machine.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import { DomainPausedReason } from "../../driver/domain-flags.ts";
import type { DomainEnd } from "../../driver/tabvisor-calls.ts";
import { devicesOf } from "../../conf/domain/view.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import { Agent, AGENT_CHANNEL } from "./agent/agent.ts";
import { ConsoleLine } from "./console-line.ts";
import type { Job } from "./job.ts";

export class Run {
  readonly machine: Machine;
  /** The program that answers for the guest; null where the domain has no channel for it. */
  readonly agent: Agent | null;
  /** By alias: `serial0`, `console1`. */
  readonly #lines: ReadonlyMap<string, ConsoleLine>;
  readonly #stops: (() => void)[] = [];
  /** The guest's next power-off is a reboot (libvirt's fakeReboot). */
  rebooting = false;
  /** The power button was pressed while the machine was paused. */
  buttonPressed = false;
  /** The end was asked for by the host: what the machine tells of it counts no more. */
  muted = false;
  /** A host's shutdown was asked for: the event says so. */
  hostShutdown = false;
  /** What is under way that takes a while. */
  job: Job | null = null;
  /** The last of them that came to its end. */
  completed: Job | null = null;
  /** Why the driver pauses the machine: `virDomainPausedReason`. */
  #pausing: number | null = null;
  /** Disks whose errors stopped the machine, and whether for want of room. */
  readonly diskErrors = new Map<string, boolean>();
  /** Disks whose thresholds are told by the numbers of their images alone. */
  readonly indexedThresholds = new Set<string>();
  /** Guests' misuse of devices and other remarks, newest last. */
  readonly messages: string[] = [];
  /** Why it ended or failed, if that was said. */
  endMessage: string | null = null;
  /** Where its harts stood when it crashed; empty where that is not known. */
  endRegisters = "";

  /** Bytes of memory that the guest was asked to do with; null without a balloon. */
  memoryTarget: number | null = null;

  /** Files that were put down for this run alone. */
  readonly scratch: readonly string[];

  /** @param domain the live definition, with aliases */
  constructor(
    machine: Machine,
    domain: XmlElement,
    nowMs: () => number,
    scratch: readonly string[],
  ) {
    this.machine = machine;
    this.scratch = scratch;
    const channel = machine.channels.find(({ name }) => name === AGENT_CHANNEL);
    this.agent = channel ? new Agent(channel, nowMs) : null;
    this.#lines = linesOf(machine, domain);
  }

  get end(): DomainEnd {
    const { endMessage: message, endRegisters: registers } = this;
    return { message, remarks: [...this.messages], registers };
  }

  /** Asks the guest to do with that many bytes of memory, also after the machine's next start. */
  async setMemoryTarget(bytes: number): Promise<void> {
    await this.machine.setBalloon(bytes);
    this.memoryTarget = bytes;
  }

  /** Pauses the machine, for a reason of `virDomainPausedReason`. */
  async pause(reason: number): Promise<void> {
    this.#pausing = reason;
    try {
      await this.machine.pause();
    } finally {
      this.#pausing = null;
    }
  }

  /** Why the machine is being paused. */
  get pausedReason(): number {
    return this.#pausing ?? DomainPausedReason.user;
  }

  /** Calls back when the run is closed. */
  whenClosed(stop: () => void): void {
    this.#stops.push(stop);
  }

  /** @param alias null takes the first console. @throws VmError internalError */
  line(alias: string | null, domain: string): ConsoleLine {
    const found = alias === null ? [...this.#lines.values()][0] : this.#lines.get(alias);
    if (found) return found;
    throw alias === null
      ? vmError("internalError", `cannot find console device '<default>'`)
      : vmError("invalidArg", `cannot find console device '${alias}' of domain '${domain}'`);
  }

  /** The domain's consoles, the first one first. */
  get consoles(): readonly ConsoleLine[] {
    return [...new Set(this.#lines.values())];
  }

  /** Nothing more is heard of the machine; sessions on its consoles end. */
  close(): void {
    this.muted = true;
    for (const stop of this.#stops.splice(0)) stop();
    this.agent?.close();
    for (const line of this.consoles) line.close();
  }
}

/** The first `<console>` first: that is what `console` without a device opens. */
function linesOf(machine: Machine, domain: XmlElement): Map<string, ConsoleLine> {
  const lines = new Map<string, ConsoleLine>();
  const serial = new ConsoleLine(machine.serial);
  const virtio = machine.consoles.map((port) => new ConsoleLine(port));
  const hasSerial = devicesOf(domain, "serial").length > 0;
  for (const console of devicesOf(domain, "console")) {
    const isVirtio = find(console, "target")?.attributes.get("type") === "virtio";
    const line = isVirtio ? virtio.shift() : serial;
    const alias = find(console, "alias")?.attributes.get("name");
    if (line && alias !== undefined) lines.set(alias, line);
  }
  if (hasSerial) lines.set("serial0", serial);
  return lines;
}
