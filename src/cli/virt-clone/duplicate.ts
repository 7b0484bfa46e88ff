/** The clone is made: its definition first, which may be refused, then its disks. */
import type { Connect } from "../../virt/driver/connect.ts";
import { ToolError, messageOf } from "../virtinst/errors.ts";
import { createVolume } from "../virtinst/new-volume.ts";
import type { Meter } from "../virtinst/progress.ts";
import type { NewDisk } from "./clone-disk.ts";
import { copyLocally } from "./local-copy.ts";
import type { Cloning } from "./prepare.ts";

/** @throws VmError, Error; no clone is left then */
export async function duplicate(cloning: Cloning, meter: Meter): Promise<void> {
  const { guest, disks, nvram, replaces } = cloning;
  const { connect } = guest.around;
  if (replaces) await removeOld(connect, guest.get("name") ?? "");
  const domain = await connect.domainDefineXMLFlags(guest.toXml(), 0);
  try {
    for (const disk of [...disks, ...(nvram ? [nvram] : [])]) {
      // eslint-disable-next-line no-await-in-loop -- one after the other, as they are told
      if (disk.action === "clone" && disk.new) await build(cloning, disk.new, meter);
    }
  } catch (error) {
    await connect.domainUndefineFlags(domain, 0);
    throw error;
  }
}

async function build(
  { guest, host, isSparse }: Cloning,
  { source, copy }: NewDisk,
  meter: Meter,
): Promise<void> {
  if (source.creates) await createVolume(guest.around, source.creates, meter);
  else if (copy) await copyLocally(host, copy, isSparse, meter);
}

/** @throws ToolError */
async function removeOld(connect: Connect, name: string): Promise<void> {
  const old = await connect.domainLookupByName(name).catch(() => undefined);
  if (!old) return;
  try {
    if (await connect.domainIsActive(old)) await connect.domainDestroyFlags(old, 0);
    await connect.domainUndefineFlags(old, 0);
  } catch (error) {
    throw new ToolError(`Could not remove old vm '${name}': ${messageOf(error)}`, {
      cause: error,
    });
  }
}
