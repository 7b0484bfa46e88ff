import { StorageError } from "../../storage/errors.ts";
import type { ImageHost } from "./open-drives.ts";

/**
 * Makes a file with the bytes of `template` unless it is there.
 *
 * @throws StorageError ENOTSUP where the host has no files
 */
export async function makeFrom(
  template: Uint8Array,
  filename: string,
  { files, directories }: ImageHost,
): Promise<void> {
  if (files === null || directories === null) throw new StorageError("ENOTSUP");
  if (await files.exists(filename)) return;
  const slash = filename.lastIndexOf("/");
  if (slash > 0) await directories.mkdir(filename.slice(0, slash), { recursive: true });
  // Under another name first: a crash leaves no half of it.
  const part = `${filename}.part`;
  const file = await files.open(part, { write: true, create: true });
  try {
    await file.truncate(0);
    await file.write(0, template);
    await file.flush();
  } finally {
    await file.close();
  }
  await directories.rename(part, filename);
}
