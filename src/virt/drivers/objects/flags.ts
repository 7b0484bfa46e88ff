/** Checks of flags that all drivers make. */
import { type ErrorDomain, vmError, wordedVmError } from "../../../protocol/vm-error.ts";
import { exclusiveFlags } from "../../driver/call-checks.ts";
import { DomainModificationImpact as Impact } from "../../driver/domain-flags.ts";
import type { TypedParams } from "../../driver/typed-params.ts";
import type { DomainObject } from "./domain-objects.ts";

/** Refuses bits that a call does not know (virCheckFlags). @throws VmError invalidArg */
export function checkFlags(flags: number, known: number, call: string, domain: ErrorDomain): void {
  // Bit operations are 32-bit; flags never are more.
  const unknown = (flags & ~known) >>> 0;
  if (unknown !== 0) {
    throw wordedVmError(
      "invalidArg",
      `unsupported flags (0x${unknown.toString(16)}) in function ${call}`,
      {
        domain,
      },
    );
  }
}

/** Which definitions a change is for. */
export interface Scope {
  readonly live: boolean;
  readonly config: boolean;
}

/**
 * Resolves `current`, `live` and `config` for a domain (virDomainObjUpdateModificationImpact).
 * @throws VmError operationInvalid
 */
export function scopeOf(domain: DomainObject, flags: number, errors: ErrorDomain): Scope {
  let live = (flags & Impact.live) !== 0;
  let config = (flags & Impact.config) !== 0;
  if (!live && !config) {
    live = domain.isActive;
    config = !domain.isActive;
  }
  if (live && !domain.isActive) {
    throw vmError("operationInvalid", "domain is not running", { domain: errors });
  }
  if (config && !domain.isPersistent) {
    throw vmError("operationInvalid", "transient domains do not have any persistent config", {
      domain: errors,
    });
  }
  return { live, config };
}

/**
 * As `scopeOf`, for what is of one definition only (virDomainObjGetOneDef).
 * @throws VmError invalidArg where both were asked for, operationInvalid
 */
export function oneScopeOf(domain: DomainObject, flags: number, errors: ErrorDomain): Scope {
  if ((flags & Impact.live) !== 0 && (flags & Impact.config) !== 0) {
    throw exclusiveFlags("VIR_DOMAIN_AFFECT_LIVE", "VIR_DOMAIN_AFFECT_CONFIG", { domain: errors });
  }
  return scopeOf(domain, flags, errors);
}

/** Refuses parameters that a call does not know (virTypedParamsValidate). @throws VmError */
export function checkParams(
  params: TypedParams,
  known: readonly string[],
  errors: ErrorDomain,
): void {
  const unknown = params.find(({ field }) => !known.includes(field));
  if (unknown) {
    throw vmError("argumentUnsupported", `parameter '${unknown.field}' not supported`, {
      domain: errors,
    });
  }
}
