/** The one table of verbs by state: the machine refuses by it, a page enables its buttons by it. */
import { type VmError, vmError } from "../protocol/vm-error.ts";
import type { MachineState } from "./types.ts";

/** The verbs of `Machine`. */
export type MachineVerb =
  | "start"
  | "pause"
  | "resume"
  | "reset"
  | "shutdown"
  | "forceOff"
  | "inspect"
  | "changeDisks"
  | "sendKeys"
  | "balloon";

/** `true` where the verb is legal, else why not, in libvirt's words. */
export type VerbRow = Readonly<Record<MachineState, true | string>>;

const NOT_RUNNING = "domain is not running";
const RUNNING = "domain is already running";
const WHILE_ACTIVE: VerbRow = {
  shutoff: NOT_RUNNING,
  running: true,
  paused: true,
  crashed: NOT_RUNNING,
};

/**
 * As in libvirt's QEMU driver: pausing a paused machine succeeds and does nothing, a paused machine
 * can be reset and stays paused. Here a crashed machine has released its memory, so that nothing
 * but starting it again or putting it to `shutoff` is left.
 */
export const VERBS: Readonly<Record<MachineVerb, VerbRow>> = {
  start: { shutoff: true, running: RUNNING, paused: RUNNING, crashed: true },
  pause: WHILE_ACTIVE,
  resume: { shutoff: NOT_RUNNING, running: RUNNING, paused: true, crashed: NOT_RUNNING },
  reset: WHILE_ACTIVE,
  // It needs the guest's help, which a paused guest cannot give.
  shutdown: {
    shutoff: NOT_RUNNING,
    running: true,
    paused: NOT_RUNNING,
    crashed: NOT_RUNNING,
  },
  inspect: WHILE_ACTIVE,
  changeDisks: WHILE_ACTIVE,
  sendKeys: WHILE_ACTIVE,
  balloon: WHILE_ACTIVE,
  forceOff: { shutoff: NOT_RUNNING, running: true, paused: true, crashed: true },
};

/** Whether `verb` is legal in `state`. */
export function isLegal(verb: MachineVerb, state: MachineState): boolean {
  return VERBS[verb][state] === true;
}

/** The error for `verb` in `state`, or null where it is legal. */
export function refusal(verb: MachineVerb, state: MachineState): VmError | null {
  const row = VERBS[verb][state];
  return row === true ? null : vmError("operationInvalid", row);
}
