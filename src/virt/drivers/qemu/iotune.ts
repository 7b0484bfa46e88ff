/** `<iotune>`: how much a disk may do in a second. */
import type { DriveConfig } from "../../../api/types.ts";
import { childElements, find, textAt, textOf, type XmlElement } from "../../xml/element.ts";

type Limits = NonNullable<DriveConfig["throttle"]>;

const SIDES = { total: "Total", read: "Read", write: "Write" } as const;

/** libvirt's element or parameter by our limit's name: `total_bytes_sec_max` is `bpsTotalMax`. */
const IO_LIMITS: ReadonlyMap<string, keyof Limits> = new Map([
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

export const GROUP = "group_name";

/** All of a disk's fields, in the order in which libvirt tells them. */
export const IO_FIELDS: readonly string[] = (() => {
  const names = [...IO_LIMITS.keys()];
  const lengths = names.filter((name) => name.endsWith("_max_length"));
  const others = names.filter((name) => !lengths.includes(name));
  return [...others, GROUP, ...lengths];
})();

/** Limits by libvirt's names, and the group that shares them. */
export interface IoTune {
  readonly limits: ReadonlyMap<string, number>;
  readonly group: string | undefined;
}

/** What a disk has; what is missing there is missing here. */
export function ioTuneOf(disk: XmlElement): IoTune {
  const iotune = find(disk, "iotune");
  const limits = new Map<string, number>();
  for (const each of iotune ? childElements(iotune) : []) {
    if (IO_LIMITS.has(each.name)) limits.set(each.name, Number(textOf(each)));
  }
  return { limits, group: iotune && textAt(iotune, GROUP) };
}

/** A disk's limits as the machine takes them. */
export function throttleOf(disk: XmlElement): Pick<DriveConfig, "throttle" | "throttleGroup"> {
  if (!find(disk, "iotune")) return {};
  const { limits, group } = ioTuneOf(disk);
  return { throttle: machineLimits(limits), ...(group !== undefined && { throttleGroup: group }) };
}

export function machineLimits(limits: ReadonlyMap<string, number>): Limits {
  const known = [...limits].map(([name, value]) => [IO_LIMITS.get(name) ?? name, value]);
  return Object.fromEntries(known) as Limits;
}
