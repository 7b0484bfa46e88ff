/** `virsh pool-list`. */
import type { StoragePoolRef } from "../../../virt/driver/refs.ts";
import {
  ConnectListAllStoragePoolsFlags as List,
  POOL_TYPE_FLAGS,
} from "../../../virt/driver/storage-flags.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import { capacityText } from "../shell/numbers.ts";
import { byName } from "../shell/order.ts";
import type { Session } from "../shell/session.ts";
import { formatTable } from "../shell/table.ts";
import type { POOL } from "../tables/pool.ts";
import { splitCommas } from "./comma-lists.ts";
import { flagBits, yesNo } from "./common.ts";

/** `virStoragePoolState` in words. */
const STATES = ["inactive", "building", "running", "degraded", "inaccessible"];

export function poolStateText(state: number): string {
  return STATES[state] ?? "unknown";
}

export async function listPools(
  session: Session,
  command: Command<(typeof POOL)["pool-list"]>,
): Promise<void> {
  const uuid = command.has("uuid");
  const name = command.has("name");
  const details = command.has("details");
  command.exclusive("all", "inactive");
  const types = command.text("type");
  command.exclusive("details", "uuid");
  command.exclusive("details", "name");
  let flags: number = command.has("inactive") ? List.inactive : List.active;
  if (command.has("all")) flags = List.active | List.inactive;
  flags |= flagBits(command, {
    autostart: List.autostart,
    "no-autostart": List.noAutostart,
    persistent: List.persistent,
    transient: List.transient,
  });
  for (const type of types === undefined ? [] : splitCommas(types)) {
    const bit = Object.hasOwn(POOL_TYPE_FLAGS, type) ? POOL_TYPE_FLAGS[type] : undefined;
    if (bit === undefined) throw new CommandError(`Invalid pool type '${type}'`);
    flags |= bit;
  }
  const connect = await session.connect();
  const pools = (
    await session.attempt("Failed to list pools", () => connect.connectListAllStoragePools(flags))
  ).toSorted(byName);
  if (uuid || name) {
    const columns = (pool: StoragePoolRef): string[] => [
      ...(uuid ? [pool.uuid] : []),
      ...(name ? [pool.name.padEnd(20)] : []),
    ];
    return session.print(pools.map((pool) => `${columns(pool).join(" ")}\n`).join(""));
  }
  const rows = await Promise.all(pools.map((pool) => poolRow(session, pool, details)));
  const titles = details
    ? ["Name", "State", "Autostart", "Persistent", "Capacity", "Allocation", "Available"]
    : ["Name", "State", "Autostart"];
  session.print(formatTable(titles, rows, !session.options.quiet));
}

async function poolRow(
  session: Session,
  pool: StoragePoolRef,
  details: boolean,
): Promise<string[]> {
  const connect = await session.connect();
  const info = await connect.storagePoolGetInfo(pool);
  const autostart = yesNo(await connect.storagePoolGetAutostart(pool));
  if (!details) return [pool.name, info.state === 0 ? "inactive" : "active", autostart];
  const persistent = yesNo(await connect.storagePoolIsPersistent(pool));
  const sizes =
    info.state === 2 || info.state === 3
      ? [info.capacity, info.allocation, info.available].map(capacityText)
      : ["-", "-", "-"];
  return [pool.name, poolStateText(info.state), autostart, persistent, ...sizes];
}
