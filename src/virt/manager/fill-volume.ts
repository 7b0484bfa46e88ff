/** New volumes, with what is to be in them. */
import type { Connect } from "../driver/connect.ts";
import type { StoragePoolRef, StorageVolRef } from "../driver/refs.ts";
import { StorageVolUploadFlags } from "../driver/storage-flags.ts";
import type { XmlElement } from "../xml/element.ts";
import { formatXml } from "../xml/format.ts";
import { type Content, type UploadControl, uploadStream } from "./upload-stream.ts";

/**
 * Makes a volume and puts the bytes into it. Nothing is left of one that fails or is given up.
 *
 * @throws VmError, and what `content` or the signal rejects with
 */
export async function fillVolume(
  connect: Connect,
  pool: StoragePoolRef,
  xml: XmlElement,
  content: Content | undefined,
  control: UploadControl,
): Promise<StorageVolRef> {
  control.signal.throwIfAborted();
  const volume = await connect.storageVolCreateXML(pool, formatXml(xml), 0);
  if (!content || content.sizeBytes === 0) return volume;
  const stream = uploadStream(content, control);
  try {
    const length = BigInt(content.sizeBytes ?? 0);
    await connect.storageVolUpload(volume, stream, 0n, length, StorageVolUploadFlags.stream);
    control.signal.throwIfAborted();
    return volume;
  } catch (error) {
    await connect.storageVolDelete(volume, 0).catch(() => {});
    // Of the two it is the reason.
    control.signal.throwIfAborted();
    throw error;
  } finally {
    stream.close();
  }
}
