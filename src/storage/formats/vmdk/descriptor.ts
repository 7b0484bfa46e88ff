/** The text of a VMDK descriptor (Virtual Disk Format 5.0, "The Descriptor File"). */
import { latin1, viewOf } from "../../../util/bytes.ts";
import type { Entropy } from "../../../device/ports.ts";
import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { readPadded } from "../../padded.ts";
import type { Task } from "../../task.ts";

/** Bytes of an embedded descriptor, and of what is looked at of one in a file of its own. */
export const DESCRIPTOR_BYTES = 20 * 512;
/** A descriptor of more extents than this is not read further. */
const MAX_TEXT = (1 << 20) - 1;
const MAX_EXTENTS = 4096;

export type ExtentType = "FLAT" | "SPARSE" | "VMFS" | "VMFSSPARSE" | "SESPARSE";
const TYPES: ReadonlySet<string> = new Set<ExtentType>([
  "FLAT",
  "SPARSE",
  "VMFS",
  "VMFSSPARSE",
  "SESPARSE",
]);

const CREATE_TYPES: ReadonlySet<string> = new Set([
  "monolithicFlat",
  "vmfs",
  "vmfsSparse",
  "seSparse",
  "twoGbMaxExtentSparse",
  "twoGbMaxExtentFlat",
]);

export interface ExtentLine {
  readonly type: ExtentType;
  readonly sectors: number;
  readonly name: string;
  /** Where a flat extent starts in its file, in sectors. */
  readonly start: number;
}

/** The text at the start of a file, or at `offset` of it, up to a NUL. */
export function* readText(file: BlockNode, offset: number): Task<string> {
  if (file.sizeBytes < 4) throw new StorageError("EINVAL", "File is too small, not a valid image");
  const bytes = new Uint8Array(Math.min(file.sizeBytes, MAX_TEXT));
  yield* readPadded(file, offset, bytes);
  return latin1(bytes, true);
}

/** The value of `name="value"`. */
function valueOf(text: string, name: string): string | undefined {
  const at = text.indexOf(name);
  const from = at + name.length + 2;
  const end = text.indexOf('"', from);
  return at < 0 || end < 0 ? undefined : text.slice(from, end);
}

/** @throws StorageError with QEMU's words */
export function createTypeOf(text: string): string {
  const type = valueOf(text, "createType");
  if (type === undefined || type.length > 127)
    throw new StorageError("EINVAL", "invalid VMDK image descriptor");
  if (!CREATE_TYPES.has(type))
    throw new StorageError("ENOTSUP", `Unsupported image type '${type}'`);
  return type;
}

/** @throws StorageError EINVAL when the name does not end, or is too long */
export function parentNameOf(text: string): string | undefined {
  if (!text.includes("parentFileNameHint")) return undefined;
  const name = valueOf(text, "parentFileNameHint");
  if (name === undefined || name.length > 1023) throw new StorageError("EINVAL");
  return name;
}

const LINE = /^\s*(\S{1,10})\s*(-?\d+)\s*(\S{1,10})\s*"([^\n\r"]{1,511})"\s*(-?\d+)?/;

/**
 * The extents of a descriptor, in their order; lines that are not about them are passed over.
 *
 * @throws StorageError with QEMU's words
 */
export function extentLines(text: string): ExtentLine[] {
  const out: ExtentLine[] = [];
  for (const line of text.split("\n")) {
    const found = LINE.exec(line);
    if (found === null || found[1] !== "RW") continue;
    const [, , sectors, type, name, start] = found as unknown as string[];
    const wantsStart = type === "FLAT";
    const isBad = wantsStart ? start === undefined || Number(start) < 0 : start !== undefined;
    if (isBad) throw new StorageError("EINVAL", `Invalid extent line: ${line}`);
    if (Number(sectors) <= 0 || !TYPES.has(type as string)) continue;
    if (out.length === MAX_EXTENTS) throw new StorageError("EINVAL");
    out.push({
      type: type as ExtentType,
      sectors: Number(sectors),
      name: name as string,
      start: Number(start ?? 0),
    });
  }
  return out;
}

function hexAfter(text: string, name: string): number {
  const at = text.indexOf(name);
  const found = /^\s*(?:0x)?([\da-f]{1,8})/i.exec(text.slice(at + name.length + 1));
  if (at < 0 || found === null) throw new StorageError("EINVAL");
  return Number.parseInt(found[1] as string, 16);
}

/** The content IDs of an image and of its parent, which change with the contents. */
export function contentIds(text: string): { readonly own: number; readonly parent: number } {
  return { own: hexAfter(text, "CID"), parent: hexAfter(text, "parentCID") };
}

/** A new content ID. */
export function drawContentId(entropy: Entropy): number {
  const bytes = new Uint8Array(4);
  entropy.fill(bytes.subarray());
  return viewOf(bytes).getUint32(0);
}

/**
 * A descriptor with another content ID. What lay behind its end stays there.
 *
 * @param bytes all that is kept for it
 */
export function withContentId(bytes: Uint8Array, id: number): Uint8Array {
  const text = latin1(bytes.subarray(0, bytes.length - 1), true);
  const parentAt = text.indexOf("parentCID");
  if (parentAt < 0) throw new StorageError("EINVAL");
  const at = text.indexOf("CID") + "CID=".length;
  const changed = `${text.slice(0, at)}${id.toString(16)}\n${text.slice(parentAt)}\0`;
  const out = bytes.slice();
  for (let i = 0; i < Math.min(changed.length, out.length); i++) out[i] = changed.charCodeAt(i);
  return out;
}
