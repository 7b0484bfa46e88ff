/** ELF-64 executables (System V gABI chapters 4 and 5; RISC-V ELF psABI). */
import { hex, latin1, viewOf } from "../../util/bytes.ts";
import { elfMachine } from "./identify.ts";
import { imageError, type Chunk, type Image, type ImageRole, type PlacedImage } from "./image.ts";

const ELFCLASS64 = 2;
const ELFDATA2LSB = 1;
const ET_EXEC = 2;
const ET_DYN = 3;
const EM_RISCV = 243;
const PT_LOAD = 1;
const PT_INTERP = 3;
const SHT_SYMTAB = 2;
const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const SECTION_HEADER_BYTES = 64;
const SYMBOL_BYTES = 24;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly vaddr: number;
  readonly paddr: number;
  readonly fileBytes: number;
  readonly memoryBytes: number;
}

/**
 * Loads an ELF file at its physical addresses; a position-independent one linked at 0 (as some
 * firmware) at `base`.
 *
 * @throws VmError saying what is wrong with the file
 */
export function loadElf(role: ImageRole, image: Image, base: number): PlacedImage {
  checkHeader(role, image);
  const view = viewOf(image.bytes);
  const segments = segmentsOf(role, image, view);
  const loads = segments.filter(({ type, memoryBytes }) => type === PT_LOAD && memoryBytes > 0);
  if (segments.some(({ type }) => type === PT_INTERP)) {
    throw imageError(role, image, "is a dynamically linked program, which cannot run by itself");
  }
  if (loads.length === 0) throw imageError(role, image, "is an ELF file with nothing to load");
  const lowest = Math.min(...loads.map(({ paddr }) => paddr));
  const bias = view.getUint16(16, true) === ET_DYN && lowest < base ? base - lowest : 0;
  const chunks = loads.map((segment) => chunkOf(image, segment, bias));
  return {
    chunks,
    entry: physicalEntry(loads, number64(view, 24)) + bias,
    base: lowest + bias,
    end: Math.max(...chunks.map(({ gpa, sizeBytes }) => gpa + sizeBytes)),
  };
}

function checkHeader(role: ImageRole, image: Image): void {
  const { bytes } = image;
  if (bytes.length < HEADER_BYTES) throw imageError(role, image, "is an ELF file cut short");
  const view = viewOf(bytes);
  const little = bytes[5] === ELFDATA2LSB;
  if (!little || view.getUint16(18, true) !== EM_RISCV || bytes[4] !== ELFCLASS64) {
    throw imageError(role, image, `is an ELF file for ${elfMachine(bytes)}, not for 64-bit RISC-V`);
  }
  const type = view.getUint16(16, true);
  if (type !== ET_EXEC && type !== ET_DYN) {
    throw imageError(role, image, "is an ELF object file or core dump, not an executable");
  }
}

function segmentsOf(role: ImageRole, image: Image, view: DataView): Segment[] {
  const table = number64(view, 32);
  const count = view.getUint16(56, true);
  if (table + count * PROGRAM_HEADER_BYTES > image.bytes.length) {
    throw imageError(role, image, "is an ELF file cut short");
  }
  return Array.from({ length: count }, (_, i) => {
    const at = table + i * PROGRAM_HEADER_BYTES;
    const segment = {
      type: view.getUint32(at, true),
      offset: number64(view, at + 8),
      vaddr: number64(view, at + 16),
      paddr: number64(view, at + 24),
      fileBytes: number64(view, at + 32),
      memoryBytes: number64(view, at + 40),
    };
    if (segment.type === PT_LOAD) checkSegment(role, image, segment);
    return segment;
  });
}

function checkSegment(role: ImageRole, image: Image, segment: Segment): void {
  if (segment.offset + segment.fileBytes > image.bytes.length) {
    throw imageError(role, image, "is an ELF file cut short");
  }
  if (segment.fileBytes > segment.memoryBytes) {
    const where = hex(segment.paddr);
    throw imageError(role, image, `has a segment at ${where} with more data than memory`);
  }
}

function chunkOf(image: Image, segment: Segment, bias: number): Chunk {
  const { offset, fileBytes, memoryBytes, paddr } = segment;
  const bytes = image.bytes.subarray(offset, offset + fileBytes);
  return { gpa: paddr + bias, bytes, sizeBytes: memoryBytes };
}

/** e_entry is a virtual address; the hart starts untranslated. */
function physicalEntry(segments: readonly Segment[], entry: number): number {
  const home = segments.find(
    ({ vaddr, memoryBytes }) => entry >= vaddr && entry < vaddr + memoryBytes,
  );
  return home ? entry - home.vaddr + home.paddr : entry;
}

/**
 * Values of the named symbols that the file defines, as tests use `tohost`, `begin_signature` and
 * `end_signature`. Malformed tables yield nothing.
 */
export function elfSymbols(bytes: Uint8Array, names: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  if (bytes.length < HEADER_BYTES) return found;
  const view = viewOf(bytes);
  const table = number64(view, 40);
  const count = view.getUint16(60, true);
  if (table + count * SECTION_HEADER_BYTES > bytes.length) return found;
  for (let i = 0; i < count; i++) {
    const at = table + i * SECTION_HEADER_BYTES;
    if (view.getUint32(at + 4, true) !== SHT_SYMTAB) continue;
    const strings = table + view.getUint32(at + 40, true) * SECTION_HEADER_BYTES;
    if (strings + SECTION_HEADER_BYTES > bytes.length) continue;
    const range = { start: number64(view, at + 24), sizeBytes: number64(view, at + 32) };
    collect(bytes, range, number64(view, strings + 24), names, found);
  }
  return found;
}

function collect(
  bytes: Uint8Array,
  { start, sizeBytes }: { start: number; sizeBytes: number },
  strings: number,
  names: readonly string[],
  found: Map<string, number>,
): void {
  const view = viewOf(bytes);
  const end = Math.min(start + sizeBytes, bytes.length);
  for (let at = start; at + SYMBOL_BYTES <= end; at += SYMBOL_BYTES) {
    const nameAt = strings + view.getUint32(at, true);
    const name = latin1(bytes.subarray(nameAt, nameAt + 64), true);
    // Section index 0: the file only refers to the symbol.
    if (names.includes(name) && view.getUint16(at + 6, true) !== 0) {
      found.set(name, number64(view, at + 8));
    }
  }
}

/** A u64 as a number; beyond 2^53 it is no address or size of ours and stays larger than all. */
function number64(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}
