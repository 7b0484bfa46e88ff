/** Which pools a list shows: the same in all drivers. */
import {
  ConnectListAllStoragePoolsFlags as List,
  POOL_TYPE_FLAGS,
} from "../../driver/storage-flags.ts";

export interface ListedPool {
  /** As in XML; no flag asks for our own type of web servers' images. */
  readonly type: string;
  readonly active: boolean;
  readonly persistent: boolean;
  readonly autostart: boolean;
}

const ALL_TYPES = Object.values(POOL_TYPE_FLAGS).reduce((sum, bit) => sum | bit, 0);

/** Whether a pool is in each group of `virConnectListAllStoragePoolsFlags` that has bits in `flags`. */
export function isPoolListed(pool: ListedPool, flags: number): boolean {
  const groups: readonly (readonly [number, number, boolean])[] = [
    [List.active, List.inactive, pool.active],
    [List.persistent, List.transient, pool.persistent],
    [List.autostart, List.noAutostart, pool.autostart],
  ];
  const states = groups.every(
    ([yes, no, is]) => (flags & (yes | no)) === 0 || (flags & (is ? yes : no)) !== 0,
  );
  const type = POOL_TYPE_FLAGS[pool.type] ?? 0;
  return states && ((flags & ALL_TYPES) === 0 || (flags & type) !== 0);
}
