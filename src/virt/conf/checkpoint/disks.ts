/** Which disks of a domain a checkpoint is of, and by which bitmaps (virDomainCheckpointAlignDisks). */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { element, find, type XmlElement } from "../../xml/element.ts";
import { devicesOf, diskAt, diskTarget } from "../domain/view.ts";

/**
 * A `disk` for each disk of `domain`, in its order: those that were asked for, or all that can be
 * written to where none was.
 *
 * @param asked the `disk` elements of the checkpoint
 * @param name the checkpoint's: bitmaps are called so
 * @throws VmError configUnsupported for disks that are unknown, named twice, or never change
 */
export function alignCheckpointDisks(
  asked: readonly XmlElement[],
  domain: XmlElement,
  name: string,
): XmlElement[] {
  const disks = devicesOf(domain, "disk");
  if (asked.length > disks.length) refuse("too many disk checkpoint requests for domain");
  if (disks.length === 0) refuse("domain must have at least one disk to perform checkpoints");
  const chosen = new Map<string, XmlElement>();
  for (const each of asked) {
    const wanted = each.attributes.get("name") ?? "";
    const disk = diskAt(domain, wanted) ?? refuse(`no disk named '${wanted}'`);
    const target = diskTarget(disk);
    if (chosen.has(target)) refuse(`disk '${wanted}' specified twice`);
    if (neverChanges(disk) && each.attributes.get("checkpoint") !== "no") {
      refuse(`disk '${wanted}' is empty or readonly`);
    }
    chosen.set(target, each);
  }
  return disks.map((disk) => {
    const target = diskTarget(disk);
    const given = chosen.get(target);
    const isPart = given
      ? given.attributes.get("checkpoint") !== "no"
      : asked.length === 0 && !neverChanges(disk);
    const bitmap = isPart ? (given?.attributes.get("bitmap") ?? name) : undefined;
    return element("disk", { name: target, checkpoint: isPart ? "bitmap" : "no", bitmap });
  });
}

/** The bitmaps' names where there is no domain to go by. */
export function withBitmaps(asked: readonly XmlElement[], name: string): XmlElement[] {
  return asked.map((disk) => {
    const { bitmap, ...others } = Object.fromEntries(disk.attributes);
    if (others["checkpoint"] === "no") return disk;
    return element("disk", { ...others, bitmap: bitmap ?? name });
  });
}

function neverChanges(disk: XmlElement): boolean {
  return find(disk, "source") === undefined || find(disk, "readonly") !== undefined;
}

function refuse(why: string): never {
  throw vmError("configUnsupported", why, { domain: ErrorDomain.domainCheckpoint });
}
