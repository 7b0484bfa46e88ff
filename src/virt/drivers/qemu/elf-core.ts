/**
 * Guest memory as an ELF core, in the shape that QEMU's `dump-guest-memory` gives it:
 *
 *     ELF header │ section headers (none, and names) │ program headers │ notes │ memory │ names
 *
 * Each hart is a note NT_PRSTATUS, as of a thread; each range of memory a segment whose virtual
 * address is its physical one. ELF-64 gABI, and Linux's elf_prstatus of riscv64.
 */
import type { HartRegisters } from "../../../protocol/hart-registers.ts";
import type { GuestInspection } from "../../../api/types.ts";
import { asciiBytes, viewOf } from "../../../util/bytes.ts";

const EHDR_BYTES = 64;
const SHDR_BYTES = 64;
const PHDR_BYTES = 56;
const SECTIONS = 2;
const PHDRS_AT = EHDR_BYTES + SECTIONS * SHDR_BYTES;
const NAMES = asciiBytes("\0.shstrtab\0");

const NOTE_HEADER_BYTES = 12;
const NOTE_OWNER = asciiBytes("CORE\0\0\0\0");
const NT_PRSTATUS = 1;
/** Linux's elf_prstatus: pr_pid, pr_reg (pc, then x1 to x31), and the whole of it. */
const PRSTATUS = { pid: 32, registers: 112, bytes: 376 } as const;
const NOTE_BYTES = NOTE_HEADER_BYTES + NOTE_OWNER.length + PRSTATUS.bytes;

const ET_CORE = 4;
const EM_RISCV = 243;
const PT_LOAD = 1;
const PT_NOTE = 4;
const SHT_STRTAB = 3;

interface CoreContents extends Pick<GuestInspection, "memory"> {
  readonly harts: readonly Pick<HartRegisters, "pc" | "x">[];
}

/** The file but for the memory, which is between the two in the order of the ranges. */
export interface CoreFrame {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

export function coreFrame({ memory, harts }: CoreContents): CoreFrame {
  const notesAt = PHDRS_AT + (1 + memory.length) * PHDR_BYTES;
  const notesBytes = harts.length * NOTE_BYTES;
  const memoryAt = notesAt + notesBytes;
  const memoryBytes = memory.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const head = new Uint8Array(memoryAt);
  fillHeader(head, 1 + memory.length);
  fillNames(head.subarray(EHDR_BYTES + SHDR_BYTES), memoryAt + memoryBytes);
  fillSegment(head.subarray(PHDRS_AT), { type: PT_NOTE, at: notesAt, sizeBytes: notesBytes });
  let at = memoryAt;
  memory.forEach(({ start, sizeBytes }, i) => {
    const segment = { type: PT_LOAD, at, address: start, sizeBytes };
    fillSegment(head.subarray(PHDRS_AT + (1 + i) * PHDR_BYTES), segment);
    at += sizeBytes;
  });
  harts.forEach((hart, i) => fillNote(head.subarray(notesAt + i * NOTE_BYTES), hart, i + 1));
  return { head, tail: NAMES };
}

function fillHeader(head: Uint8Array, segments: number): void {
  const view = viewOf(head);
  // 64 bits, little-endian, version 1.
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, ET_CORE, true);
  view.setUint16(18, EM_RISCV, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(32, BigInt(PHDRS_AT), true);
  view.setBigUint64(40, BigInt(EHDR_BYTES), true);
  const sizes = [EHDR_BYTES, PHDR_BYTES, segments, SHDR_BYTES, SECTIONS, SECTIONS - 1];
  sizes.forEach((size, i) => view.setUint16(52 + 2 * i, size, true));
}

/** The section header of the names. */
function fillNames(header: Uint8Array, at: number): void {
  const view = viewOf(header);
  view.setUint32(0, 1, true);
  view.setUint32(4, SHT_STRTAB, true);
  view.setBigUint64(24, BigInt(at), true);
  view.setBigUint64(32, BigInt(NAMES.length), true);
}

interface Segment {
  readonly type: number;
  readonly at: number;
  readonly address?: number;
  readonly sizeBytes: number;
}

function fillSegment(header: Uint8Array, { type, at, address = 0, sizeBytes }: Segment): void {
  const view = viewOf(header);
  view.setUint32(0, type, true);
  const fields = [at, address, address, sizeBytes, sizeBytes];
  fields.forEach((field, i) => view.setBigUint64(8 + 8 * i, BigInt(field), true));
}

function fillNote(note: Uint8Array, { pc, x }: CoreContents["harts"][number], pid: number): void {
  const view = viewOf(note);
  // The owner's length is without its padding.
  [5, PRSTATUS.bytes, NT_PRSTATUS].forEach((word, i) => view.setUint32(4 * i, word, true));
  note.set(NOTE_OWNER, NOTE_HEADER_BYTES);
  const status = viewOf(note.subarray(NOTE_HEADER_BYTES + NOTE_OWNER.length));
  status.setUint32(PRSTATUS.pid, pid, true);
  [pc, ...x.slice(1)].forEach((value, i) =>
    status.setBigUint64(PRSTATUS.registers + 8 * i, value, true),
  );
}
