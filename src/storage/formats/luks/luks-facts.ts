import type { LuksVolume } from "../../crypto/luks-volume.ts";
import { STRIPES } from "../../crypto/luks-header.ts";
import type { Facts } from "../driver.ts";

/** What `info` tells of a volume. */
export function luksFacts({ header, spec, hash }: LuksVolume): Facts {
  return {
    "ivgen-alg": spec.ivGenerator,
    "hash-alg": hash,
    "cipher-alg": spec.cipher,
    "ivgen-hash-alg": spec.ivGenerator === "essiv" ? spec.ivHash : undefined,
    uuid: header.uuid,
    "cipher-mode": spec.mode,
    slots: header.slots.map(({ active, iterations, offset }) => ({
      active,
      iters: active ? iterations : undefined,
      "key-offset": offset,
      stripes: active ? STRIPES : undefined,
    })),
    "payload-offset": header.payloadOffset,
    "master-key-iters": header.digestIterations,
  };
}
