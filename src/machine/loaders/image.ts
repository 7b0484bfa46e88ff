import { vmError, type VmError } from "../../protocol/vm-error.ts";

/** A file to boot from. */
export interface Image {
  /** Shown in messages: the file's name. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type ImageRole = "firmware" | "kernel" | "initrd";

/** Bytes at a place in guest memory, followed by zeros up to `sizeBytes`. */
export interface Chunk {
  readonly gpa: number;
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
}

/** An image with its place. */
export interface PlacedImage {
  readonly chunks: readonly Chunk[];
  readonly entry: number;
  /** Lowest address and first address behind, zero-filled memory included. */
  readonly base: number;
  readonly end: number;
}

/** The image at one place, zero-filled to `sizeBytes`. */
export function placedAt(gpa: number, bytes: Uint8Array, sizeBytes = bytes.length): PlacedImage {
  return { chunks: [{ gpa, bytes, sizeBytes }], entry: gpa, base: gpa, end: gpa + sizeBytes };
}

/** `kernel 'Image'`, as every message names it. */
export function nameOf(role: ImageRole, image: Image): string {
  return `${role} '${image.name}'`;
}

/** An image that cannot be booted; `what` completes a sentence that begins with its name. */
export function imageError(role: ImageRole, image: Image, what: string): VmError {
  return vmError("configUnsupported", `${nameOf(role, image)} ${what}`);
}
