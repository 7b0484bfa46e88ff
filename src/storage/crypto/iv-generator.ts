import { ecb } from "@noble/ciphers/aes.js";
import { viewOf } from "../../util/bytes.ts";
import type { CipherSpec } from "./algorithms.ts";
import { digest } from "./hashes.ts";

export const IV_BYTES = 16;

/** Writes the initialization vectors of sectors, 16 bytes each, one after the other. */
export type IvSource = (sector: number, out: Uint8Array) => void;

/** @param key the image's key, which ESSIV makes a second one of */
export function ivSource({ ivGenerator, ivHash }: CipherSpec, key: Uint8Array): IvSource {
  if (ivGenerator === "plain") return plainIvs;
  if (ivGenerator === "plain64") return plain64Ivs;
  const salted = digest(ivHash ?? "sha256", key);
  return (sector, out) => {
    plain64Ivs(sector, out);
    ecb(salted, { disablePadding: true }).encrypt(out, out);
  };
}

/** The number's lower 32 bits only: as in old versions of dm-crypt. */
function plainIvs(sector: number, out: Uint8Array): void {
  out.fill(0);
  const view = viewOf(out);
  for (let at = 0; at < out.length; at += IV_BYTES)
    view.setUint32(at, (sector + at / IV_BYTES) % 2 ** 32, true);
}

function plain64Ivs(sector: number, out: Uint8Array): void {
  plainIvs(sector, out);
  const view = viewOf(out);
  for (let at = 0; at < out.length; at += IV_BYTES)
    view.setUint32(at + 4, Math.floor((sector + at / IV_BYTES) / 2 ** 32), true);
}
