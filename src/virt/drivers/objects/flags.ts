/** Checks of flags that all drivers make. */
import { type ErrorDomain, vmError, wordedVmError } from "../../../protocol/vm-error.ts";
import { DomainModificationImpact as Impact } from "../../driver/domain-flags.ts";
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
