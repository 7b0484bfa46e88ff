/**
 * The signature that the kernel's build appends to a module (Linux, Documentation/admin-guide/
 * module-signing.rst):
 *
 *     module | PKCS#7 signature | 12 bytes, the last 4 its length, big-endian | magic
 */
const MAGIC = Buffer.from("~Module signature appended~\n", "latin1");
const INFO_BYTES = 12;

/** The module without its signature; `module` itself when it has none. */
export function withoutSignature(module: Uint8Array): Uint8Array {
  const infoEnd = module.length - MAGIC.length;
  const end = infoEnd - INFO_BYTES;
  if (end < 0 || !MAGIC.equals(module.subarray(infoEnd))) {
    return module;
  }
  const view = new DataView(module.buffer, module.byteOffset, module.byteLength);
  const signatureBytes = view.getUint32(infoEnd - 4, false);
  return signatureBytes <= end ? module.subarray(0, end - signatureBytes) : module;
}
