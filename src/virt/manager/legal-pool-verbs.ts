/** Legal verbs on pools and networks, for the page's buttons: the same tables that drivers refuse by. */
import { StoragePoolState } from "../driver/storage-flags.ts";
import { POOL_VERBS, type PoolVerb } from "../storage/pool-verbs.ts";
import type { PoolState } from "../storage/words.ts";
import type { ManagedNetwork, ManagedPool } from "./objects.ts";

const STATES = Object.keys(StoragePoolState) as readonly PoolState[];

/** The state's word; `inaccessible` for a number that is new. */
export function poolState({ state }: Pick<ManagedPool, "state">): PoolState {
  return STATES[state] ?? "inaccessible";
}

export function isActivePool(pool: Pick<ManagedPool, "state">): boolean {
  return canDoPool("volumes", pool);
}

export function canDoPool(verb: PoolVerb, pool: Pick<ManagedPool, "state">): boolean {
  return POOL_VERBS[verb][poolState(pool)] === true;
}

export type NetworkVerb = "start" | "destroy" | "undefine" | "autostart";

/** A running network that is undefined would live on as a transient one, which nobody means. */
export function canDoNetwork(
  verb: NetworkVerb,
  { isActive, isPersistent }: Pick<ManagedNetwork, "isActive" | "isPersistent">,
): boolean {
  if (verb === "destroy") return isActive;
  if (verb === "autostart") return isPersistent;
  return !isActive && isPersistent;
}
