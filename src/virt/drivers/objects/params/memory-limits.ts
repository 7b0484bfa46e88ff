/** `<memtune>` as parameters: limits of the memory that a domain may take, in KiB. */
import { type ErrorDomain, vmError } from "../../../../protocol/vm-error.ts";
import { ensurePath } from "../../../conf/domain/view.ts";
import type { TypedParams } from "../../../driver/typed-params.ts";
import { type Draft, setText } from "../../../xml/draft.ts";
import { textAt, type XmlElement } from "../../../xml/element.ts";
import { checkParams } from "../flags.ts";

/** libvirt's VIR_DOMAIN_MEMORY_PARAM_UNLIMITED, in KiB. */
const UNLIMITED = 9_007_199_254_740_991n;

const LIMITS = ["hard_limit", "soft_limit", "swap_hard_limit"] as const;

export function memoryLimits(definition: XmlElement): TypedParams {
  return LIMITS.map((field) => ({
    field,
    type: "ullong",
    value: BigInt(textAt(definition, "memtune", field) ?? UNLIMITED),
  }));
}

/**
 * @param definition what the limits are checked against
 * @throws VmError argumentUnsupported for other parameters, invalidArg
 */
export function settingMemoryLimits(
  definition: XmlElement,
  params: TypedParams,
  errors: ErrorDomain,
): (draft: Draft) => void {
  checkParams(params, LIMITS, errors);
  const value = (field: string): bigint =>
    BigInt(
      params.find((each) => each.field === field)?.value ??
        textAt(definition, "memtune", field) ??
        UNLIMITED,
    );
  if (value("hard_limit") > value("swap_hard_limit")) {
    throw vmError(
      "invalidArg",
      "memory hard_limit tunable value must be lower than or equal to swap_hard_limit",
      { domain: errors },
    );
  }
  return (draft) => {
    for (const { field, value: limit } of params) {
      const element = ensurePath(draft, "memtune", field);
      element.attributes.set("unit", "KiB");
      setText(element, String(limit));
    }
  };
}
