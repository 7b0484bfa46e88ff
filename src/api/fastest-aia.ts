import type { AiaKind } from "./types.ts";

/**
 * The interrupt controllers that Linux is fastest with, for firmware and kernels that know AIA: OpenSBI
 * 1.3 and Linux 6.11, or later. Measured by `npm run bench -- aia`; see docs/adr.
 */
export function fastestAia(vcpus: number): AiaKind {
  return vcpus > 1 ? "aplic-imsic" : "none";
}
