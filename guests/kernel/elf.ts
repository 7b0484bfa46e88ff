/** ELF-64 little-endian fields used here (System V gABI, chapter 4): offsets in their structures. */
const MAGIC = 0x7f454c46;
const CLASS_64 = 2;
const DATA_LITTLE = 1;
const EHDR_BYTES = 64;
const SHDR_BYTES = 64;
const Ehdr = { class: 4, data: 5, shoff: 0x28, shentsize: 0x3a, shnum: 0x3c, shstrndx: 0x3e };
const Shdr = { name: 0, type: 4, offset: 0x18, size: 0x20 };
const SHT_NOBITS = 8;

/**
 * Contents of the section `name` of a little-endian 64-bit ELF file; null when the file is no such
 * ELF, has no such section, or is cut off.
 */
export function elfSection(file: Uint8Array, name: string): Uint8Array | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (!isElf64(view)) {
    return null;
  }
  const table = Number(view.getBigUint64(Ehdr.shoff, true));
  const count = view.getUint16(Ehdr.shnum, true);
  const isTableInside = table + count * SHDR_BYTES <= file.length;
  if (view.getUint16(Ehdr.shentsize, true) !== SHDR_BYTES || !isTableInside) {
    return null;
  }
  const section = (index: number): Uint8Array | null =>
    index < count ? sectionBytes(file, view, table + index * SHDR_BYTES) : null;
  const names = section(view.getUint16(Ehdr.shstrndx, true));
  if (names === null) {
    return null;
  }
  for (let index = 0; index < count; index++) {
    const at = view.getUint32(table + index * SHDR_BYTES + Shdr.name, true);
    if (stringAt(names, at) === name) {
      return section(index);
    }
  }
  return null;
}

function isElf64(view: DataView): boolean {
  return (
    view.byteLength >= EHDR_BYTES &&
    view.getUint32(0, false) === MAGIC &&
    view.getUint8(Ehdr.class) === CLASS_64 &&
    view.getUint8(Ehdr.data) === DATA_LITTLE
  );
}

function sectionBytes(file: Uint8Array, view: DataView, header: number): Uint8Array | null {
  if (view.getUint32(header + Shdr.type, true) === SHT_NOBITS) {
    return null;
  }
  const offset = Number(view.getBigUint64(header + Shdr.offset, true));
  const size = Number(view.getBigUint64(header + Shdr.size, true));
  return offset + size <= file.length ? file.subarray(offset, offset + size) : null;
}

function stringAt(strings: Uint8Array, at: number): string {
  const end = strings.indexOf(0, at);
  return end < 0 ? "" : Buffer.from(strings.subarray(at, end)).toString("latin1");
}
