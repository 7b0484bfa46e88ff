/** ELF files for tests: 64-bit, little-endian, RISC-V, with nothing but sections. */

const EHDR_BYTES = 64;
const SHDR_BYTES = 64;

/** @param sections contents by name */
export function forgeElf(sections: Readonly<Record<string, Buffer>>): Buffer {
  const names = ["", ...Object.keys(sections), ".shstrtab"];
  const strings = Buffer.from(names.map((name) => `${name}\0`).join(""), "latin1");
  const contents = [...Object.values(sections), strings];
  const headers: Buffer[] = [Buffer.alloc(SHDR_BYTES)];
  let [nameAt, offset] = [1, EHDR_BYTES];
  for (const [i, data] of contents.entries()) {
    headers.push(sectionHeader(nameAt, data === strings ? 3 : 1, offset, data.length));
    nameAt += (names[i + 1] ?? "").length + 1;
    offset += data.length;
  }
  return Buffer.concat([elfHeader(offset, headers.length), ...contents, ...headers]);
}

/** The section names' section is the last one. */
function elfHeader(sectionsAt: number, sections: number): Buffer {
  const header = Buffer.alloc(EHDR_BYTES);
  header.write("\x7fELF\x02\x01\x01", 0, "latin1");
  header.writeUInt16LE(1, 16);
  header.writeUInt16LE(243, 18);
  header.writeBigUInt64LE(BigInt(sectionsAt), 0x28);
  header.writeUInt16LE(SHDR_BYTES, 0x3a);
  header.writeUInt16LE(sections, 0x3c);
  header.writeUInt16LE(sections - 1, 0x3e);
  return header;
}

function sectionHeader(name: number, type: number, offset: number, size: number): Buffer {
  const header = Buffer.alloc(SHDR_BYTES);
  header.writeUInt32LE(name, 0);
  header.writeUInt32LE(type, 4);
  header.writeBigUInt64LE(BigInt(offset), 0x18);
  header.writeBigUInt64LE(BigInt(size), 0x20);
  return header;
}

/** A program that is linked with libraries. */
export function linkedProgram(libraries: readonly string[]): Buffer {
  const strings = Buffer.from(`\0${libraries.map((name) => `${name}\0`).join("")}`, "latin1");
  const tags = libraries.map((name) => [1, strings.indexOf(`\0${name}\0`) + 1] as const);
  const dynamic = [...tags, [0, 0] as const].map(([tag, value]) => {
    const entry = Buffer.alloc(16);
    entry.writeBigUInt64LE(BigInt(tag), 0);
    entry.writeBigUInt64LE(BigInt(value), 8);
    return entry;
  });
  return forgeElf({ ".dynstr": strings, ".dynamic": Buffer.concat(dynamic) });
}
