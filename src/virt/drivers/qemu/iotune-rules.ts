/** What libvirt makes of the limits that somebody asks for, and which it refuses. */
import { vmError } from "../../../protocol/vm-error.ts";
import { IO_FIELDS, GROUP, type IoTune } from "./iotune.ts";
import { QEMU } from "./qemu-state.ts";

/** Limits of QEMU. */
const MAX_LIMIT = 1_000_000_000_000_000;

/** Fields that are set together: those that are left out then become 0. */
const FAMILIES = ["bytes_sec", "bytes_sec_max", "iops_sec", "iops_sec_max"] as const;
const SIDES = ["total", "read", "write"] as const;

/** @throws VmError invalidArg, argumentUnsupported */
export function checkIoTune({ limits }: IoTune): void {
  for (const value of limits.values()) {
    if (value <= MAX_LIMIT) continue;
    throw vmError(
      "argumentUnsupported",
      `block I/O throttle limit value must be no more than ${MAX_LIMIT}`,
      QEMU,
    );
  }
  const isSet = (field: string): boolean => (limits.get(field) ?? 0) > 0;
  for (const what of FAMILIES) {
    if (isSet(`total_${what}`) && (isSet(`read_${what}`) || isSet(`write_${what}`))) {
      const words = `total and read/write of ${what} cannot be set at the same time`;
      throw vmError("invalidArg", words, QEMU);
    }
  }
}

/**
 * The limits with those of `before` where a family is not mentioned.
 *
 * @throws VmError configUnsupported where a burst is below its limit, or there is none
 */
export function withDefaults(given: IoTune, before: IoTune): IoTune {
  const limits = new Map<string, number>();
  for (const field of IO_FIELDS) {
    if (field === GROUP) continue;
    const mentioned = familyOf(field).some((each) => given.limits.has(each));
    const value = (mentioned ? given : before).limits.get(field) ?? 0;
    limits.set(field, value);
  }
  for (const field of limits.keys()) {
    const base = field.replace(/_max_length$/, "");
    const had = (before.limits.get(field) ?? 0) > 0;
    if (base === field || !had || limits.get(field) !== 0) continue;
    // It cannot be taken from what has a limit; 1 second is what it is then.
    const isLimited = (limits.get(base) ?? 0) > 0 || (limits.get(`${base}_max`) ?? 0) > 0;
    limits.set(field, isLimited ? 1 : 0);
  }
  checkBursts(limits, given);
  return { limits, group: given.group ?? before.group };
}

/** The fields that go with one of them. */
function familyOf(field: string): readonly string[] {
  const [, unit, suffix] = /^(?:total|read|write)_(bytes|iops)_sec(.*)$/.exec(field) ?? [];
  if (unit === undefined) return [field];
  return SIDES.map((side) => `${side}_${unit}_sec${suffix ?? ""}`);
}

function checkBursts(limits: ReadonlyMap<string, number>, given: IoTune): void {
  for (const unit of ["bytes", "iops"]) {
    for (const side of SIDES) {
      const field = `${side}_${unit}_sec`;
      const [limit, burst] = [limits.get(field) ?? 0, limits.get(`${field}_max`) ?? 0];
      if (burst === 0 || burst >= limit) {
        if (burst === 0 || limit > 0) continue;
        const words = given.limits.has(field)
          ? `cannot reset '${field}' when '${field}_max' is set`
          : `value '${field}_max' cannot be set if '${field}' is not set`;
        throw vmError("configUnsupported", words, QEMU);
      }
      const words = `value '${field}_max' cannot be smaller than '${field}'`;
      throw vmError("configUnsupported", words, QEMU);
    }
  }
}

/** Without any limit a disk leaves its group. @throws VmError configUnsupported for new groups */
export function checkReset(tune: IoTune, before: IoTune): IoTune {
  if ([...tune.limits.values()].some((value) => value > 0)) return tune;
  if (tune.group === undefined || tune.group === before.group) {
    return { limits: tune.limits, group: undefined };
  }
  throw vmError(
    "configUnsupported",
    "creating a new group/updating existing with all tune parameters zero is not supported",
    QEMU,
  );
}
