/** Legal verbs on domains: the drivers refuse by this table, the page enables its buttons by it. */
import type { MachineState } from "../api/types.ts";
import { VERBS as MACHINE_VERBS, type VerbRow } from "../api/verbs.ts";
import { type VmError, vmError } from "../protocol/vm-error.ts";

/** libvirt's verbs on a domain, by the names of its API calls. */
export type Verb =
  | "create"
  | "suspend"
  | "resume"
  | "reset"
  | "shutdown"
  | "destroy"
  | "define"
  | "undefine";

const ACTIVE = "domain is active";

/** Changing a definition needs a machine that is off: there is no hotplug. */
const WHEN_OFF: VerbRow = { shutoff: true, running: ACTIVE, paused: ACTIVE, crashed: true };

/** `true` where the verb is legal, else what libvirt says. */
export const VERBS: Readonly<Record<Verb, VerbRow>> = {
  create: MACHINE_VERBS.start,
  suspend: MACHINE_VERBS.pause,
  resume: MACHINE_VERBS.resume,
  reset: MACHINE_VERBS.reset,
  shutdown: MACHINE_VERBS.shutdown,
  destroy: MACHINE_VERBS.forceOff,
  define: WHEN_OFF,
  undefine: WHEN_OFF,
};

/** What the page needs to know of a domain to judge a verb. */
export interface Judged {
  readonly state: MachineState;
  /** The verb in progress. */
  readonly job?: Verb;
}

/**
 * Whether to offer `verb` now: it is legal, does something, and no other verb is in progress.
 * Pulling the plug waits for no other verb.
 */
export function canDo(verb: Verb, { state, job }: Judged): boolean {
  if (job !== undefined && (verb !== "destroy" || job === "destroy")) return false;
  // Pausing a paused domain succeeds, as in libvirt, but nobody wants to.
  if (verb === "suspend" && state === "paused") return false;
  if (verb === "destroy" && job === "create") return true;
  return VERBS[verb][state] === true;
}

/** The error libvirt raises for `verb` in `state`, or null where it is legal. */
export function refusal(verb: Verb, state: MachineState): VmError | null {
  const row = VERBS[verb][state];
  return row === true ? null : vmError("operationInvalid", row);
}
