/** An interface's `<bandwidth>` as parameters, in KiB and KiB a second. */
import { ensurePath } from "../../../conf/domain/view.ts";
import { param, type TypedParams } from "../../../driver/typed-params.ts";
import { childrenOf, type Draft, removeChildren } from "../../../xml/draft.ts";
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

/**
 * Sets what libvirt's qemu driver sets: one way is set as a whole, and goes where its average (or floor) is
 * given as 0; a way of which nothing says how much stays as it is.
 *
 * @param at which interface of the definition
 */
export function settingBandwidth(at: number, params: TypedParams): (definition: Draft) => void {
  const named = new Set(params.map(({ field }) => field));
  return (definition) => {
    const iface = childrenOf(ensurePath(definition, "devices"), "interface")[at];
    if (!iface) return;
    for (const way of WAYS) {
      const rates = givenRates(params, way) ?? new Map<string, string>();
      const isSet = rates.has("average") || (way === "inbound" && rates.has("floor"));
      if (isSet) ensurePath(iface, "bandwidth", way).attributes = rates;
      else if (named.has(`${way}.average`) || named.has(`${way}.floor`)) {
        removeChildren(ensurePath(iface, "bandwidth"), way);
      }
    }
    removeChildren(iface, (child) => child.name === "bandwidth" && child.children.length === 0);
  };
}
