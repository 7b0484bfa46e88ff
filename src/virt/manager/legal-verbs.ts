/**
 * The one table of what a user may ask of a domain, by its state: buttons are enabled by it, and a
 * driver refuses what it forbids, or has nothing to do.
 */
import { DomainState } from "../driver/domain-flags.ts";
import type { ManagedDomain } from "./objects.ts";

/** Verbs by the names of libvirt's calls; `clone` is virt-clone's. */
export type Verb =
  | "create"
  | "suspend"
  | "resume"
  | "shutdown"
  | "reboot"
  | "reset"
  | "destroy"
  | "managedSave"
  | "managedSaveRemove"
  | "clone"
  | "undefine"
  | "rename"
  | "setAutostart";

interface Row {
  /** `DomainState`s in which it has an effect. */
  readonly states: readonly number[];
  /** What it changes is the definition on disk, which a transient domain has not. */
  readonly persistent?: true;
  /** There must be a saved state (true), or none may be needed. */
  readonly saved?: true;
}

const { running, blocked, paused, shutdown, shutoff, crashed, pmsuspended, nostate } = DomainState;
const ACTIVE = [nostate, running, blocked, paused, shutdown, crashed, pmsuspended];
/** A guest is there, to be asked or to be started anew. */
const ALIVE = [running, blocked, paused];

export const LEGAL_VERBS: Readonly<Record<Verb, Row>> = {
  create: { states: [shutoff] },
  suspend: { states: [running, blocked] },
  resume: { states: [paused] },
  shutdown: { states: ALIVE },
  reboot: { states: ALIVE },
  reset: { states: ALIVE },
  destroy: { states: ACTIVE },
  managedSave: { states: ALIVE, persistent: true },
  managedSaveRemove: { states: [shutoff], persistent: true, saved: true },
  // "Domain to clone must be shutoff." (virt-clone)
  clone: { states: [shutoff], persistent: true },
  undefine: { states: [...ACTIVE, shutoff], persistent: true },
  rename: { states: [shutoff], persistent: true },
  setAutostart: { states: [...ACTIVE, shutoff], persistent: true },
};

/** What decides of verbs. */
export type Situation = Pick<ManagedDomain, "state" | "isPersistent" | "hasManagedSave">;

/** Whether the verb is legal now. What a driver does not support at all is another question. */
export function isLegal(verb: Verb, domain: Situation): boolean {
  const { states, persistent = false, saved = false } = LEGAL_VERBS[verb];
  if (persistent && !domain.isPersistent) return false;
  if (saved && !domain.hasManagedSave) return false;
  return states.includes(domain.state);
}
