/** Files added to the root directory of an initial RAM disk. */
import { concatBytes } from "../util/bytes.ts";
import { FileType, newcEnd, newcRecord } from "./newc.ts";

export interface InjectedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The RAM disk with an archive of `files` behind it: the kernel unpacks one archive after another, each
 * compressed or not, and later files take the place of earlier ones.
 */
export function injectFiles(
  initrd: Uint8Array,
  files: readonly InjectedFile[],
  mtimeSeconds: number,
): Uint8Array {
  const records = files.flatMap(({ name, bytes }, index) =>
    newcRecord(
      name,
      { inode: index + 1, mode: FileType.file | 0o644, nlink: 1, mtime: mtimeSeconds },
      bytes,
    ),
  );
  // An archive that is not compressed has to begin at a multiple of 4 (init/initramfs.c).
  const gap = new Uint8Array(-initrd.length & 3);
  return concatBytes([initrd, gap, ...records, ...newcEnd()]);
}
