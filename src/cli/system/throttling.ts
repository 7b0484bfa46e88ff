/** `throttling.…` of `-drive`, and the older names of the same. */
import type { DriveConfig } from "../../api/types.ts";
import type { ThrottleLimits } from "../../util/throttle-limits.ts";
import { UsageError } from "./usage-error.ts";

type Limit = keyof ThrottleLimits;

/** Older names by the newer ones' middle parts. */
const OLD_SIDES = { Total: "", Read: "_rd", Write: "_wr" } as const;
const SIDES = ["Total", "Read", "Write"] as const;
const KINDS = ["bps", "iops"] as const;
const GROUP_KEYS = ["throttling.group", "group"] as const;
/** No value may be larger. */
const MOST = 1_000_000_000_000_000;

/** Every key with the limit that it sets. */
const LIMITS: ReadonlyMap<string, Limit> = new Map<string, Limit>([
  ["throttling.iops-size", "iopsSize"],
  ["iops_size", "iopsSize"],
  ...KINDS.flatMap((kind) =>
    SIDES.flatMap((side): [string, Limit][] => {
      const name = `throttling.${kind}-${side.toLowerCase()}`;
      const old = `${kind}${OLD_SIDES[side]}`;
      return [
        [name, `${kind}${side}`],
        [old, `${kind}${side}`],
        [`${name}-max`, `${kind}${side}Max`],
        [`${old}_max`, `${kind}${side}Max`],
        [`${name}-max-length`, `${kind}${side}MaxLength`],
        [`${old}_max_length`, `${kind}${side}MaxLength`],
      ];
    }),
  ),
]);

export const THROTTLE_KEYS: readonly string[] = [...LIMITS.keys(), ...GROUP_KEYS];

/** @throws UsageError in QEMU's words */
export function throttleOf(
  option: string,
  keys: ReadonlyMap<string, string>,
): Pick<DriveConfig, "throttle" | "throttleGroup"> {
  const limits: Partial<Record<Limit, number>> = {};
  for (const [key, text] of keys) {
    const limit = LIMITS.get(key);
    if (limit === undefined) continue;
    if (!/^\d+$/.test(text)) throw new UsageError(`${option}: Parameter '${key}' expects a number`);
    limits[limit] = Number(text);
  }
  const refused = refusal(limits);
  if (refused !== undefined) throw new UsageError(`${option}: ${refused}`);
  const group = GROUP_KEYS.map((key) => keys.get(key)).find((name) => name !== undefined);
  return {
    ...(Object.keys(limits).length > 0 && { throttle: limits }),
    ...(group !== undefined && { throttleGroup: group }),
  };
}

function refusal(limits: ThrottleLimits): string | undefined {
  const isSet = (limit: Limit): boolean => (limits[limit] ?? 0) > 0;
  const mixes = (["", "Max"] as const).some((end) =>
    KINDS.some(
      (kind) =>
        isSet(`${kind}Total${end}`) && (isSet(`${kind}Read${end}`) || isSet(`${kind}Write${end}`)),
    ),
  );
  if (mixes) {
    return "bps/iops/max total values and read/write values cannot be used at the same time";
  }
  if (isSet("iopsSize") && !SIDES.some((side) => isSet(`iops${side}`))) {
    return "iops size requires an iops value to be set";
  }
  for (const kind of KINDS) {
    for (const side of SIDES) {
      const refused = refusalOf(limits, `${kind}${side}`);
      if (refused !== undefined) return refused;
    }
  }
  return undefined;
}

function refusalOf(
  limits: ThrottleLimits,
  name: `${(typeof KINDS)[number]}${(typeof SIDES)[number]}`,
): string | undefined {
  const rate = limits[name] ?? 0;
  const burst = limits[`${name}Max`] ?? 0;
  const length = limits[`${name}MaxLength`];
  if (rate > MOST || burst > MOST) return `bps/iops/max values must be within [0, ${MOST}]`;
  if (length === 0) return "the burst length cannot be 0";
  if ((length ?? 1) > 1 && burst === 0) return "burst length set without burst rate";
  if (burst > 0 && rate === 0) return "bps_max/iops_max require corresponding bps/iops values";
  if (burst > 0 && burst < rate) return "bps_max/iops_max cannot be lower than bps/iops";
  return undefined;
}
