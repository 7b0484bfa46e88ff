/** Kernel modules for tests: ELF files that have nothing but a .modinfo section. */

const SIGNATURE_MAGIC = "~Module signature appended~\n";

/** @param info .modinfo's "key=value" strings */
export function kernelModule(info: readonly string[]): Buffer {
  const modinfo = Buffer.from(info.map((entry) => `${entry}\0`).join(""), "latin1");
  const names = Buffer.from("\0.modinfo\0.shstrtab\0", "latin1");
  const ehdr = Buffer.alloc(64);
  ehdr.write("\x7fELF\x02\x01\x01", 0, "latin1");
  ehdr.writeUInt16LE(1, 16);
  ehdr.writeUInt16LE(243, 18);
  const modinfoAt = ehdr.length;
  const namesAt = modinfoAt + modinfo.length;
  ehdr.writeBigUInt64LE(BigInt(namesAt + names.length), 0x28);
  ehdr.writeUInt16LE(64, 0x3a);
  ehdr.writeUInt16LE(3, 0x3c);
  ehdr.writeUInt16LE(2, 0x3e);
  const headers = [
    sectionHeader(0, 0, 0, 0),
    sectionHeader(1, 1, modinfoAt, modinfo.length),
    sectionHeader(10, 3, namesAt, names.length),
  ];
  return Buffer.concat([ehdr, modinfo, names, ...headers]);
}

function sectionHeader(name: number, type: number, offset: number, size: number): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32LE(name, 0);
  header.writeUInt32LE(type, 4);
  header.writeBigUInt64LE(BigInt(offset), 0x18);
  header.writeBigUInt64LE(BigInt(size), 0x20);
  return header;
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
