/** Starting domains, ending them, and following what their machines tell. */
import type { MachineConfig, StateEvent } from "../../../api/types.ts";
import { crashTrace } from "./registers-text.ts";
import { VmError, vmError } from "../../../protocol/vm-error.ts";
import { editDomain, ensurePath } from "../../conf/domain/view.ts";
import {
  DomainCrashedReason,
  DomainEventCrashedDetailType as Crashed,
  DomainEventResumedDetailType as Resumed,
  DomainEventShutdownDetailType as Shutdown,
  DomainEventStartedDetailType as Started,
  DomainEventStoppedDetailType as Stopped,
  DomainEventSuspendedDetailType as Suspended,
  DomainEventType as Type,
  DomainPausedReason,
  DomainRunningReason,
  DomainShutoffReason,
  DomainState,
} from "../../driver/domain-flags.ts";
import { childAt, childrenOf, type Draft } from "../../xml/draft.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { AGENT_CHANNEL } from "./agent/agent.ts";
import { balloonChanged, firstTarget, setUpBalloon, withAllMemory } from "./balloon.ts";
import { ioError, thresholdPassed } from "./disk-events.ts";
import { chooseFirmware } from "./firmware.ts";
import { actionOf, crashAction, machineConfig } from "./machine-config.ts";
import { liveDefinition, type QemuState } from "./qemu-state.ts";
import { Run } from "./run.ts";
import { dropScratch, scratchOf } from "./scratch-files.ts";

/** Messages that are kept of one run. */
const MAX_MESSAGES = 100;

/**
 * Builds the domain's machine and lets it run.
 *
 * @throws VmError and leaves the domain shut off (failed); libvirt has no event for that
 */
export async function startDomain(
  state: QemuState,
  domain: DomainObject,
  paused: boolean,
): Promise<void> {
  let run: Run | undefined;
  try {
    run = await prepare(state, domain);
    await run.machine.start({ paused });
    // It was destroyed before the machine could know.
    if (run.muted) {
      await run.machine.forceOff();
      await run.machine.released;
      throw vmError("operationAborted", "the machine was forced off");
    }
    await setUpBalloon(run, domain.definition);
  } catch (error) {
    // Who destroyed the domain meanwhile has seen to the rest.
    if (run?.muted !== true) {
      await stopDomain(state, domain, DomainShutoffReason.failed);
      const message = error instanceof VmError ? error.message : String(error);
      state.ends.set(domain, { message, remarks: run?.messages ?? [], registers: "" });
    }
    throw error;
  }
}

/** Makes the domain active, with a machine that is about to start. */
async function prepare(state: QemuState, domain: DomainObject): Promise<Run> {
  const definition = chooseFirmware(domain.definition, state.ports.host);
  crashAction(definition);
  actionOf(definition, "on_poweroff");
  const held: (() => void)[] = [];
  let config: MachineConfig;
  try {
    config = await machineConfig(definition, state.diskPlaces, (release) => held.push(release));
  } catch (error) {
    for (const release of held) release();
    throw error;
  }
  state.domains.activate(domain, DomainState.paused, DomainPausedReason.startingUp);
  domain.live = withAllMemory(liveDefinition(state, domain, definition));
  const scratch = scratchOf(definition, state);
  const run = new Run(state.ports.createMachine(config), domain.live, state.ports.nowMs, scratch);
  run.memoryTarget = firstTarget(definition);
  for (const release of held) run.whenClosed(release);
  state.runs.set(domain.uuid, run);
  follow(state, domain, run);
  return run;
}

/** Pulls the plug, and waits until nothing of the machine is left. */
export async function stopDomain(
  state: QemuState,
  domain: DomainObject,
  reason: number,
): Promise<void> {
  const run = state.runs.get(domain.uuid);
  run?.close();
  if (run && run.machine.state !== "shutoff") {
    state.monitorEvent(domain, "SHUTDOWN", { guest: false, reason: "host-signal" });
    await run.machine.forceOff();
  } else if (run && isStarting(domain)) {
    // A machine is off until its images are there. One that knows of no start yet refuses: see `startDomain`.
    await run.machine.forceOff().catch(() => {});
  }
  await run?.machine.released;
  endRun(state, domain, reason);
}

/** The domain is inactive; a transient one is gone. */
function endRun(state: QemuState, domain: DomainObject, reason: number): void {
  const run = state.runs.get(domain.uuid);
  run?.close();
  state.runs.delete(domain.uuid);
  if (run) state.ends.set(domain, run.end);
  if (domain.isActive) state.domains.deactivate(domain, DomainState.shutoff, reason);
  else {
    if (domain.isPersistent) domain.live = null;
    else state.domains.remove(domain);
    domain.setState(DomainState.shutoff, reason);
  }
  if (run && run.scratch.length > 0) {
    void run.machine.released.then(() => dropScratch(state, run.scratch));
  }
}

function follow(state: QemuState, domain: DomainObject, run: Run): void {
  const { machine } = run;
  run.whenClosed(machine.onState((event) => heard(state, domain, run, event)));
  run.whenClosed(machine.onGuestError((text) => remark(run, text)));
  run.whenClosed(machine.onIoError((error) => ioError(state, domain, run, error)));
  const { uuid } = domain;
  run.whenClosed(machine.onLoad((progress) => state.tellLoad({ domain: { uuid }, ...progress })));
  run.whenClosed(machine.onBalloon((bytes) => balloonChanged(state, domain, bytes)));
  run.whenClosed(machine.onWriteThreshold((passed) => thresholdPassed(state, domain, run, passed)));
  run.whenClosed(machine.onReboot(() => rebooted(state, domain)));
  for (const channel of machine.channels) {
    run.whenClosed(channel.onOpen((isOpen) => channelOpened(state, domain, channel.name, isOpen)));
  }
  if (run.agent) run.whenClosed(run.agent.follow());
}

/** The guest has restarted the machine by its own doing. */
function rebooted(state: QemuState, domain: DomainObject): void {
  state.domainEvent(domain, { kind: "reboot" });
  state.monitorEvent(domain, "RESET", { guest: true, reason: "guest-reset" });
}

/** `virConnectDomainEventAgentLifecycleState` and its reason. */
const AGENT_STATE = { connected: 1, disconnected: 2 } as const;
const BY_CHANNEL = 2;

function channelOpened(
  state: QemuState,
  domain: DomainObject,
  name: string,
  isOpen: boolean,
): void {
  const word = isOpen ? "connected" : "disconnected";
  const isMeant = (target: Draft): boolean => target.attributes.get("name") === name;
  let alias = "";
  domain.live &&= editDomain(domain.live, (draft) => {
    for (const channel of childrenOf(ensurePath(draft, "devices"), "channel")) {
      const target = childrenOf(channel, "target").find(isMeant);
      if (!target) continue;
      target.attributes.set("state", word);
      alias = childAt(channel, "alias")?.attributes.get("name") ?? "";
    }
  });
  state.monitorEvent(domain, "VSERPORT_CHANGE", { open: isOpen, id: alias });
  if (name !== AGENT_CHANNEL) return;
  state.domainEvent(domain, {
    kind: "agent-lifecycle",
    state: AGENT_STATE[word],
    reason: BY_CHANNEL,
  });
}

function remark(run: Run, text: string): void {
  run.messages.push(text);
  if (run.messages.length > MAX_MESSAGES) run.messages.shift();
}

function heard(state: QemuState, domain: DomainObject, run: Run, event: StateEvent): void {
  if (run.muted) return;
  if (event.message !== undefined) {
    remark(run, event.message);
    run.endMessage = event.message;
  }
  switch (event.state) {
    case "running":
      run.diskErrors.clear();
      if (event.reason === "unpaused") resumed(state, domain);
      else booted(state, domain);
      return;
    case "paused":
      return wasPaused(state, domain, run, event);
    case "shutoff":
      // Of a start that failed, whoever started it tells.
      if (event.reason !== "failed") void poweredOff(state, domain, run);
      return;
    case "crashed":
      run.endRegisters = crashTrace(event.harts ?? []);
      void crashed(state, domain, run);
  }
}

function booted(state: QemuState, domain: DomainObject): void {
  const isNew = isStarting(domain);
  domain.setState(DomainState.running, DomainRunningReason.booted);
  state.monitorEvent(domain, "RESUME");
  if (!isNew) return;
  // libvirt hears QEMU's RESUME before it is done with the start.
  state.lifecycle(domain, Type.resumed, Resumed.unpaused);
  state.lifecycle(domain, Type.started, Started.booted);
}

function isStarting({ state, reason }: DomainObject): boolean {
  return state === DomainState.paused && reason === DomainPausedReason.startingUp;
}

function resumed(state: QemuState, domain: DomainObject): void {
  state.monitorEvent(domain, "RESUME");
  domain.setState(DomainState.running, DomainRunningReason.unpaused);
  state.lifecycle(domain, Type.resumed, Resumed.unpaused);
}

function wasPaused(
  state: QemuState,
  domain: DomainObject,
  { pausedReason }: Run,
  { reason }: StateEvent,
): void {
  state.monitorEvent(domain, "STOP");
  if (isStarting(domain)) state.lifecycle(domain, Type.started, Started.booted);
  const io = reason === "ioerror";
  domain.setState(DomainState.paused, io ? DomainPausedReason.ioerror : pausedReason);
  state.lifecycle(domain, Type.suspended, io ? Suspended.ioerror : Suspended.paused);
}

/** The guest is off by its own doing: what is next says `on_poweroff`, or a reboot that was asked for. */
async function poweredOff(state: QemuState, domain: DomainObject, run: Run): Promise<void> {
  state.monitorEvent(domain, "SHUTDOWN", { guest: true, reason: "guest-shutdown" });
  const restarts = run.rebooting || actionOf(domain.definition, "on_poweroff") === "restart";
  if (restarts && (await restart(state, domain, run))) return;
  if (run.muted) return;
  const who = run.hostShutdown ? Shutdown.host : Shutdown.guest;
  state.lifecycle(domain, Type.shutdown, who);
  endRun(state, domain, DomainShutoffReason.shutdown);
  state.lifecycle(domain, Type.stopped, Stopped.shutdown);
}

async function crashed(state: QemuState, domain: DomainObject, run: Run): Promise<void> {
  state.lifecycle(domain, Type.crashed, Crashed.panicked);
  const action = crashAction(domain.definition);
  if (action === "restart" && (await restart(state, domain, run))) return;
  if (run.muted) return;
  if (action === "preserve") {
    domain.setState(DomainState.crashed, DomainCrashedReason.panicked);
    return;
  }
  await stopDomain(state, domain, DomainShutoffReason.crashed);
  state.lifecycle(domain, Type.stopped, Stopped.crashed);
}

/** Boots the same machine again. @returns false where that failed */
async function restart(state: QemuState, domain: DomainObject, run: Run): Promise<boolean> {
  run.rebooting = false;
  run.hostShutdown = false;
  try {
    await run.machine.start();
    if (run.muted) return true;
    domain.live &&= withAllMemory(domain.live);
    await setUpBalloon(run, domain.definition);
    domain.setState(DomainState.running, DomainRunningReason.booted);
    state.domainEvent(domain, { kind: "reboot" });
    return true;
  } catch (error) {
    remark(run, error instanceof VmError ? error.message : String(error));
    return false;
  }
}
