/** Which interrupt controllers the machine has: CONTROL.aia. */
import { AIA_APLIC_IMSIC, AIA_NONE, CONTROL_AIA, CONTROL_BASE } from "../generated/layout";

/** Whether the APLIC stands in the PLIC's place. */
export function hasAplic(): bool {
  return load<u32>(CONTROL_BASE + CONTROL_AIA) != AIA_NONE;
}

/** Whether harts have IMSICs, hence Smaia and Ssaia, and the APLIC sends MSIs. */
export function hasImsic(): bool {
  return load<u32>(CONTROL_BASE + CONTROL_AIA) == AIA_APLIC_IMSIC;
}
