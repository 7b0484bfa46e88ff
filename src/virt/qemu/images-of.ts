import type { DomainDefinition, ImageRef } from "../domain.ts";

/** The stored files that a definition names. */
export function imagesOf({ boot }: DomainDefinition): ImageRef[] {
  if (boot.kind !== "files") return [];
  return [boot.firmware, boot.kernel, boot.initrd].filter((ref) => ref !== undefined);
}
