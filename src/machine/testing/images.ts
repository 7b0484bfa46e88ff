/** Images made of nothing, for tests of the loaders. */
import { asciiBytes, concatBytes, viewOf } from "../../util/bytes.ts";
import type { Image } from "../loaders/image.ts";

export interface SegmentSpec {
  readonly paddr: number;
  readonly vaddr?: number;
  readonly bytes: Uint8Array;
  readonly memoryBytes?: number;
  /** PT_LOAD when absent. */
  readonly type?: number;
}

export interface ElfSpec {
  readonly segments: readonly SegmentSpec[];
  readonly entry: number;
  readonly machine?: number;
  readonly elfClass?: number;
  readonly type?: number;
  readonly symbols?: Readonly<Record<string, number>>;
}

/** An ELF-64 file as the gABI draws it: header, program headers, data, symbols, sections. */
export function elfFile(spec: ElfSpec): Uint8Array {
  const { segments, symbols = {} } = spec;
  const header = new Uint8Array(64);
  const table = new Uint8Array(56 * segments.length);
  const parts: Uint8Array[] = [header, table];
  let at = 64 + table.length;
  segments.forEach((segment, i) => {
    writeSegment(viewOf(table), 56 * i, segment, at);
    parts.push(segment.bytes);
    at += segment.bytes.length;
  });
  const names = Object.keys(symbols);
  const strings = asciiBytes(`\0${names.map((name) => `${name}\0`).join("")}`);
  const symtab = symbolTable(symbols);
  const sections = new Uint8Array(64 * 3);
  writeSection(viewOf(sections), 64, 2, at, symtab.length, 2);
  writeSection(viewOf(sections), 128, 3, at + symtab.length, strings.length, 0);
  parts.push(symtab, strings, sections);
  writeHeader(header, spec, at + symtab.length + strings.length);
  return concatBytes(parts);
}

function writeHeader(header: Uint8Array, spec: ElfSpec, sectionsAt: number): void {
  header.set([0x7f, 0x45, 0x4c, 0x46, spec.elfClass ?? 2, 1, 1]);
  const view = viewOf(header);
  view.setUint16(16, spec.type ?? 2, true);
  view.setUint16(18, spec.machine ?? 243, true);
  view.setBigUint64(24, BigInt(spec.entry), true);
  view.setBigUint64(32, 64n, true);
  view.setBigUint64(40, BigInt(sectionsAt), true);
  view.setUint16(54, 56, true);
  view.setUint16(56, spec.segments.length, true);
  view.setUint16(58, 64, true);
  view.setUint16(60, 3, true);
}

function writeSegment(view: DataView, at: number, segment: SegmentSpec, offset: number): void {
  const { paddr, vaddr = paddr, bytes, memoryBytes = bytes.length, type = 1 } = segment;
  view.setUint32(at, type, true);
  const fields = [offset, vaddr, paddr, bytes.length, memoryBytes, 0x1000];
  fields.forEach((value, i) => view.setBigUint64(at + 8 + 8 * i, BigInt(value), true));
}

function symbolTable(symbols: Readonly<Record<string, number>>): Uint8Array {
  const entries = Object.entries(symbols);
  const table = new Uint8Array(24 * (entries.length + 1));
  const view = viewOf(table);
  let name = 1;
  entries.forEach(([text, value], i) => {
    const at = 24 * (i + 1);
    view.setUint32(at, name, true);
    view.setUint16(at + 6, 1, true);
    view.setBigUint64(at + 8, BigInt(value), true);
    name += text.length + 1;
  });
  return table;
}

function writeSection(
  view: DataView,
  at: number,
  type: number,
  offset: number,
  size: number,
  link: number,
): void {
  view.setUint32(at + 4, type, true);
  view.setBigUint64(at + 24, BigInt(offset), true);
  view.setBigUint64(at + 32, BigInt(size), true);
  view.setUint32(at + 40, link, true);
}

/** A RISC-V Linux Image with an EFI header, of `bytes` in the file and `memoryBytes` in memory. */
export function linuxImage(bytes: number, memoryBytes: number, peMachine = 0x5064): Uint8Array {
  const file = new Uint8Array(bytes);
  const view = viewOf(file);
  file.set(asciiBytes("MZ"));
  view.setUint32(4, 0x0000_006f, true);
  view.setBigUint64(8, 0x20_0000n, true);
  view.setBigUint64(16, BigInt(memoryBytes), true);
  view.setUint32(32, 2, true);
  file.set(asciiBytes("RISCV\0\0\0RSC\x05"), 48);
  view.setUint32(60, 64, true);
  file.set(asciiBytes("PE\0\0"), 64);
  view.setUint16(68, peMachine, true);
  view.setUint16(70, 1, true);
  view.setUint16(84, 0, true);
  // One section that takes the rest of the file.
  view.setUint32(88 + 16, bytes - 0x1000, true);
  view.setUint32(88 + 20, 0x1000, true);
  return file;
}

/** A newc archive of files by name. */
export function cpioArchive(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries = [...Object.entries(files), ["TRAILER!!!", new Uint8Array(0)] as const];
  return concatBytes(entries.map(([name, bytes]) => cpioEntry(name, bytes)));
}

function cpioEntry(name: string, bytes: Uint8Array): Uint8Array {
  const fields = Array.from({ length: 13 }, () => 0);
  fields[1] = 0o100644;
  fields[6] = bytes.length;
  fields[11] = name.length + 1;
  const text = fields.map((value) => value.toString(16).padStart(8, "0")).join("");
  const head = pad4(asciiBytes(`070701${text}${name}\0`));
  return concatBytes([head, pad4(bytes)]);
}

function pad4(bytes: Uint8Array): Uint8Array {
  return concatBytes([bytes, new Uint8Array(-bytes.length & 3)]);
}

/** A few instructions that any plausibility check takes: an endless loop. */
export const CODE = words(0x0000_0013, 0x0000_0297, 0x0000_006f);

export function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  values.forEach((value, i) => viewOf(bytes).setUint32(4 * i, value, true));
  return bytes;
}

export function image(name: string, bytes: Uint8Array): Image {
  return { name, bytes };
}
