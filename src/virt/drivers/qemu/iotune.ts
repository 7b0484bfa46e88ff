/** `<iotune>`: how much a disk may do in a second. */
import type { DriveConfig } from "../../../api/types.ts";
import { childElements, find, textAt, textOf, type XmlElement } from "../../xml/element.ts";

type Limits = NonNullable<DriveConfig["throttle"]>;

const SIDES = { total: "Total", read: "Read", write: "Write" } as const;

/** libvirt's element or parameter by our limit's name: `total_bytes_sec_max` is `bpsTotalMax`. */
export const IO_LIMITS: ReadonlyMap<string, keyof Limits> = new Map([
  ...["", "_max", "_max_length"].flatMap((suffix) =>
    (["bytes", "iops"] as const).flatMap((unit) =>
      (["total", "read", "write"] as const).map((side): [string, keyof Limits] => {
        const what = unit === "bytes" ? "bps" : "iops";
        const end = suffix === "" ? "" : suffix === "_max" ? "Max" : "MaxLength";
        return [`${side}_${unit}_sec${suffix}`, `${what}${SIDES[side]}${end}` as keyof Limits];
      }),
    ),
  ),
  ["size_iops_sec", "iopsSize"],
]);

/** A disk's limits, and the group that shares them. */
export function throttleOf(disk: XmlElement): Pick<DriveConfig, "throttle" | "throttleGroup"> {
  const iotune = find(disk, "iotune");
  if (!iotune) return {};
  const limits: Record<string, number> = {};
  for (const each of childElements(iotune)) {
    const limit = IO_LIMITS.get(each.name);
    if (limit !== undefined) limits[limit] = Number(textOf(each));
  }
  const throttleGroup = textAt(iotune, "group_name");
  return { throttle: limits, ...(throttleGroup !== undefined && { throttleGroup }) };
}
