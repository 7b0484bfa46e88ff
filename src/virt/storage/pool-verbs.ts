/** Legal verbs on pools: the driver refuses by this table, the page enables its buttons by it. */
import { type VmError, ErrorDomain, vmError } from "../../protocol/vm-error.ts";
import type { PoolState } from "./words.ts";
import type { StoragePool } from "./pool.ts";

export type PoolVerb =
  | "build"
  | "start"
  | "refresh"
  | "destroy"
  | "delete"
  | "undefine"
  | "volumes";

/** `true` where the verb is legal, else what libvirt says; `%` is the pool's name. */
type Row = Readonly<Record<PoolState, true | string>>;

const ALREADY = "storage pool '%' is already active";
const STILL = "storage pool '%' is still active";
const NOT = "storage pool '%' is not active";

const whenInactive = (why: string): Row => ({
  inactive: true,
  building: why,
  running: why,
  degraded: why,
  inaccessible: why,
});

const WHEN_ACTIVE: Row = {
  inactive: NOT,
  building: NOT,
  running: true,
  degraded: true,
  inaccessible: true,
};

export const POOL_VERBS: Readonly<Record<PoolVerb, Row>> = {
  build: whenInactive(ALREADY),
  start: whenInactive(ALREADY),
  delete: whenInactive(STILL),
  undefine: whenInactive(STILL),
  refresh: WHEN_ACTIVE,
  destroy: WHEN_ACTIVE,
  volumes: WHEN_ACTIVE,
};

/** The error that libvirt raises for `verb` now, or null where it is legal. */
export function poolRefusal(verb: PoolVerb, pool: StoragePool): VmError | null {
  const { name } = pool.definition;
  const row = POOL_VERBS[verb][pool.state];
  if (row !== true)
    return vmError("operationInvalid", row.replace("%", name), { domain: ErrorDomain.storage });
  const busy = pool.job !== undefined || pool.volumes.some(({ job }) => job !== undefined);
  if (verb === "volumes" || !busy) return null;
  const what = `pool '${name}' has asynchronous jobs running.`;
  return vmError("internalError", what, { domain: ErrorDomain.storage });
}
