/** An interface's `<bandwidth>` as parameters, in KiB and KiB a second. */
import { param, type TypedParams } from "../../../driver/typed-params.ts";
import { find, type XmlElement } from "../../../xml/element.ts";

const RATES = {
  inbound: ["average", "peak", "burst", "floor"],
  outbound: ["average", "peak", "burst"],
};

export const WAYS = ["inbound", "outbound"] as const;

/** `inbound.average` and the like, in libvirt's order. */
export const BANDWIDTH_FIELDS: readonly string[] = WAYS.flatMap((way) =>
  RATES[way].map((rate) => `${way}.${rate}`),
);

export function bandwidthParams(iface: XmlElement): TypedParams {
  return WAYS.flatMap((way) =>
    RATES[way].map((rate) =>
      param.uint(
        `${way}.${rate}`,
        Number(find(iface, "bandwidth", way)?.attributes.get(rate) ?? 0),
      ),
    ),
  );
}

/** The rates of one way that are given and not 0, as attributes; null where none is given. */
export function givenRates(
  params: TypedParams,
  way: (typeof WAYS)[number],
): Map<string, string> | null {
  const given = params.filter(({ field }) => field.startsWith(`${way}.`));
  if (given.length === 0) return null;
  return new Map(
    given
      .filter(({ value }) => Number(value) !== 0)
      .map(({ field, value }) => [field.slice(way.length + 1), String(value)]),
  );
}
