/** Gives an inactive pool another name. libvirt has no call for it: it is forgotten and defined anew. */
import type { Connect } from "../driver/connect.ts";
import type { StoragePoolRef } from "../driver/refs.ts";
import { draftOf, ensureChild, setText } from "../xml/draft.ts";
import { formatXml } from "../xml/format.ts";
import { parseXml } from "../xml/parse.ts";

/**
 * The pool keeps its UUID, its source, and whether it starts by itself.
 *
 * @throws VmError when the pool is active, or the name is taken or not legal; the pool is as it was then
 */
export async function renamePool(
  connect: Connect,
  pool: StoragePoolRef,
  name: string,
): Promise<StoragePoolRef> {
  const before = await connect.storagePoolGetXMLDesc(pool, 0);
  const autostart = await connect.storagePoolGetAutostart(pool);
  const renamed = draftOf(parseXml(before, "(storage_pool_definition)", "pool"));
  setText(ensureChild(renamed, "name"), name);
  await connect.storagePoolUndefine(pool);
  let made: StoragePoolRef;
  try {
    made = await connect.storagePoolDefineXML(formatXml(renamed), 0);
  } catch (error) {
    await restore(connect, before, autostart);
    throw error;
  }
  if (autostart) await connect.storagePoolSetAutostart(made, true);
  return made;
}

async function restore(connect: Connect, xml: string, autostart: boolean): Promise<void> {
  const pool = await connect.storagePoolDefineXML(xml, 0);
  if (autostart) await connect.storagePoolSetAutostart(pool, true);
}
