/** The one table of verbs by state: what libvirt's QEMU driver allows, and its words where it does not. */
import { type VmError, vmError } from "../../../protocol/vm-error.ts";
import { DomainState } from "../../driver/domain-flags.ts";
import type { DomainObject } from "../objects/domain-objects.ts";

/** States that our domains are in. `crashed` is one that `on_crash` preserves: its machine is gone. */
export type QemuState = "running" | "paused" | "shutoff" | "crashed";

/** `true` where the verb is legal, else why not. */
type Row = Readonly<Record<QemuState, true | string>>;

const NOT_RUNNING = "domain is not running";
const IS_RUNNING = "domain is already running";
const WHILE_ACTIVE: Row = {
  running: true,
  paused: true,
  shutoff: NOT_RUNNING,
  crashed: NOT_RUNNING,
};
const ALWAYS: Row = { running: true, paused: true, shutoff: true, crashed: true };

export const QEMU_VERBS = {
  define: ALWAYS,
  undefine: ALWAYS,
  create: { running: IS_RUNNING, paused: IS_RUNNING, shutoff: true, crashed: IS_RUNNING },
  suspend: WHILE_ACTIVE,
  resume: { running: IS_RUNNING, paused: true, shutoff: NOT_RUNNING, crashed: NOT_RUNNING },
  // The button of a paused machine is pressed too: its guest sees that when it goes on.
  shutdown: WHILE_ACTIVE,
  reboot: WHILE_ACTIVE,
  reset: WHILE_ACTIVE,
  destroy: { running: true, paused: true, shutoff: NOT_RUNNING, crashed: true },
  rename: {
    running: "cannot rename active domain",
    paused: "cannot rename active domain",
    shutoff: true,
    crashed: "cannot rename active domain",
  },
  setMaxMemory: {
    running: "cannot resize the maximum memory on an active domain",
    paused: "cannot resize the maximum memory on an active domain",
    shutoff: true,
    crashed: "cannot resize the maximum memory on an active domain",
  },
  openConsole: WHILE_ACTIVE,
  screenshot: WHILE_ACTIVE,
  coreDump: WHILE_ACTIVE,
  monitorCommand: WHILE_ACTIVE,
  blockStats: WHILE_ACTIVE,
  memoryStats: WHILE_ACTIVE,
  blockResize: WHILE_ACTIVE,
  vcpuInfo: WHILE_ACTIVE,
} as const satisfies Readonly<Record<string, Row>>;

export type QemuVerb = keyof typeof QEMU_VERBS;

export function stateOf({ state }: Pick<DomainObject, "state">): QemuState {
  if (state === DomainState.running) return "running";
  if (state === DomainState.paused) return "paused";
  return state === DomainState.crashed ? "crashed" : "shutoff";
}

/** @throws VmError operationInvalid where the domain's state forbids the verb */
export function demand(verb: QemuVerb, domain: DomainObject): void {
  const error = refusal(verb, stateOf(domain));
  if (error) throw error;
}

/** The error for `verb` in `state`, or null where it is legal. */
export function refusal(verb: QemuVerb, state: QemuState): VmError | null {
  const row = QEMU_VERBS[verb][state];
  return row === true ? null : vmError("operationInvalid", row);
}
