/** Kernel modules for tests: ELF files that have nothing but a .modinfo section. */
import { forgeElf } from "./forge-elf.ts";

const SIGNATURE_MAGIC = "~Module signature appended~\n";

/** @param info .modinfo's "key=value" strings */
export function kernelModule(info: readonly string[]): Buffer {
  const modinfo = info.map((entry) => `${entry}\0`).join("");
  return forgeElf({ ".modinfo": Buffer.from(modinfo, "latin1") });
}

/** The module with something in the place of a signature after it. */
export function signedModule(module: Buffer, signatureBytes: number): Buffer {
  const info = Buffer.alloc(12);
  info.writeUInt32BE(signatureBytes, 8);
  return Buffer.concat([
    module,
    Buffer.alloc(signatureBytes, 0xaa),
    info,
    Buffer.from(SIGNATURE_MAGIC),
  ]);
}
