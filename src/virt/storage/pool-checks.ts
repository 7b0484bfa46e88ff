/** What a pool's definition may say. */
import type { ErrorName } from "../../protocol/error-table.ts";
import { ErrorDomain, type VmError, vmError } from "../../protocol/vm-error.ts";
import { StoragePoolBuildFlags } from "../driver/storage-flags.ts";
import { type PoolDefinition, type StoragePool, isActive } from "./pool.ts";

const error = (name: ErrorName, detail: string): VmError =>
  vmError(name, detail, { domain: ErrorDomain.storage });

/** @throws VmError xmlError, with libvirt's words where it has some */
export function checkPool({ name, type, targetPath, source }: PoolDefinition): void {
  if (name === "") throw error("xmlError", "missing storage pool name");
  if (name.includes("/")) throw error("xmlError", `name ${name} cannot contain '/'`);
  if (/[\r\n]/.test(name)) throw error("xmlError", `name ${name} cannot contain '\\n'`);
  if (type === "http") {
    if (source.url === undefined && (source.urls ?? []).length === 0)
      throw error("xmlError", "missing storage pool source address");
    return;
  }
  if (targetPath === "") throw error("xmlError", "missing storage pool target path");
  if (type === "logical" && (source.devices ?? []).length === 0)
    throw error("xmlError", "missing storage pool source device path");
}

/**
 * Looks at a definition beside those that are there.
 *
 * @throws VmError operationFailed when it has another pool's name or source; operationInvalid when
 * the pool of its UUID is another one, or is active and must not be (`transient`)
 */
export function checkUnique(
  definition: PoolDefinition,
  pools: readonly StoragePool[],
  transient: boolean,
): void {
  const { uuid, name } = definition;
  const same = pools.find((pool) => pool.definition.uuid === uuid);
  if (same && same.definition.name !== name) {
    const what = `pool '${same.definition.name}' is already defined with uuid ${uuid}`;
    throw error("operationFailed", what);
  }
  if (same && transient && isActive(same))
    throw error("operationInvalid", `pool is already active as '${name}'`);
  const namesake = pools.find((pool) => pool.definition.name === name);
  if (namesake && namesake !== same) {
    const other = namesake.definition.uuid;
    throw error("operationFailed", `pool '${name}' already exists with uuid ${other}`);
  }
  const rival = pools.find((pool) => pool !== same && sharesSource(pool.definition, definition));
  if (rival)
    throw error("operationFailed", `Storage source conflict with pool: '${rival.definition.name}'`);
}

/** Two pools over the same bytes would take them from each other. */
function sharesSource(a: PoolDefinition, b: PoolDefinition): boolean {
  if (a.type !== b.type || a.type === "http") return false;
  if (trimmed(a.targetPath) === trimmed(b.targetPath)) return true;
  const devices = new Set(a.source.devices ?? []);
  return (b.source.devices ?? []).some((device) => devices.has(device));
}

const trimmed = (path: string): string => path.replace(/\/+$/, "");

/** @throws VmError invalidArg for flags that exclude each other; operationInvalid where a type has none */
export function checkBuildFlags(definition: PoolDefinition, flags: number): void {
  const overwrite = (flags & StoragePoolBuildFlags.overwrite) !== 0;
  const noOverwrite = (flags & StoragePoolBuildFlags.noOverwrite) !== 0;
  if (overwrite && noOverwrite) {
    const what =
      "Flags 'VIR_STORAGE_POOL_BUILD_OVERWRITE' and 'VIR_STORAGE_POOL_BUILD_NO_OVERWRITE' are mutually exclusive";
    throw error("invalidArg", what);
  }
  if (definition.type === "dir" && (overwrite || noOverwrite)) {
    const what = `No source device specified when formatting pool '${definition.name}'`;
    throw error("operationInvalid", what);
  }
}
