/**
 * What virt-install puts down for a guest's first start (`boot-scratch.ts`): a CD with the guest's
 * password, say. The driver removes it when that run has ended, since the tool may have ended long before.
 */
import { devicesOf } from "../../conf/domain/view.ts";
import { isScratch } from "../../storage/boot-scratch.ts";
import { isActive, type StoragePool } from "../../storage/pool.ts";
import { textAt, type XmlElement } from "../../xml/element.ts";
import { imagePath } from "./disk-image.ts";
import type { QemuState } from "./qemu-state.ts";

/** Those that a definition starts from. */
export function scratchOf(definition: XmlElement, { storage }: QemuState): string[] {
  return [
    textAt(definition, "os", "kernel"),
    textAt(definition, "os", "initrd"),
    ...devicesOf(definition, "disk").map((disk) => imagePath(disk, storage)),
  ].filter((path) => path !== undefined && isScratch(path)) as string[];
}

/** Removes files that no definition names any more. Whoever else uses one keeps it. */
export async function dropScratch(state: QemuState, paths: readonly string[]): Promise<void> {
  const { storage } = state;
  const kept = referred(state);
  for (const path of paths.filter((each) => !kept.has(each))) {
    try {
      const { pool, volume } = storage.volumeByPath(path);
      // eslint-disable-next-line no-await-in-loop -- one at a time is gentle on the pool
      await storage.deleteVolume(pool.definition.uuid, volume.name);
    } catch {
      // The tool has removed it, or it is in use: then it goes when the host starts.
    }
  }
}

/**
 * Removes what a crash of a tool or of the host has left, as soon as pools start. No tool has put anything
 * into a pool that is just starting.
 */
export function sweepScratch(state: QemuState): void {
  const { storage } = state;
  const sweep = ({ volumes }: StoragePool): void => {
    const paths = volumes.map(({ path }) => path).filter(isScratch);
    if (paths.length > 0) void dropScratch(state, paths);
  };
  storage.onEvent(({ uuid, event }) => {
    if (event === "started") sweep(storage.poolByUuid(uuid));
  });
  storage.pools().filter(isActive).forEach(sweep);
}

function referred(state: QemuState): Set<string> {
  const definitions = state.domains.all().flatMap(({ config, live }) => [config, live]);
  return new Set(definitions.flatMap((each) => (each ? scratchOf(each, state) : [])));
}
