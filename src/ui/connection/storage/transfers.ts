/** Volumes' bytes between their pools and the user, over libvirt's calls. */
import type { Connect } from "../../../virt/driver/connect.ts";
import type { StoragePoolRef, StorageVolRef } from "../../../virt/driver/refs.ts";
import {
  StorageVolDownloadFlags,
  StorageVolInfoFlags,
  StorageVolUploadFlags,
} from "../../../virt/driver/storage-flags.ts";
import { element, textElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import type { TaskControl } from "../../shell/tasks.ts";
import { downloadStream, type Sink, type Source, uploadStream } from "./volume-streams.ts";

export interface Upload {
  readonly pool: StoragePoolRef;
  /** libvirt's word: what `dir` has are files that grow, others are made in their size. */
  readonly poolType: string;
  readonly name: string;
  readonly source: Source;
  /** 0 where nobody knows. */
  readonly sizeBytes: number;
}

/**
 * Stores bytes as a new volume. Nothing is left of one that fails or is given up.
 *
 * @throws VmError, and AbortError where it was given up
 */
export async function uploadVolume(
  connect: Connect,
  { pool, poolType, name, source, sizeBytes }: Upload,
  control: TaskControl,
): Promise<StorageVolRef> {
  const grows = poolType === "dir";
  const xml = element("volume", {}, [
    textElement("name", name),
    element("capacity", { unit: "bytes" }, [String(grows ? 0 : sizeBytes)]),
    ...(grows ? [element("allocation", { unit: "bytes" }, ["0"])] : []),
  ]);
  const volume = await connect.storageVolCreateXML(pool, formatXml(xml), 0);
  try {
    const stream = uploadStream(source, sizeBytes, control);
    const length = BigInt(sizeBytes);
    await connect.storageVolUpload(volume, stream, 0n, length, StorageVolUploadFlags.stream);
    control.signal.throwIfAborted();
    return volume;
  } catch (error) {
    await connect.storageVolDelete(volume, 0).catch(() => {});
    control.signal.throwIfAborted();
    throw error;
  }
}

/** Bytes of the volume's file. */
export async function physicalBytes(connect: Connect, volume: StorageVolRef): Promise<number> {
  const info = await connect.storageVolGetInfoFlags(volume, StorageVolInfoFlags.getPhysical);
  return Number(info.allocation);
}

/** @throws VmError, and AbortError where it was given up */
export async function downloadVolume(
  connect: Connect,
  volume: StorageVolRef,
  { sink, sizeBytes }: { readonly sink: Sink; readonly sizeBytes: number },
  control: TaskControl,
): Promise<void> {
  try {
    const stream = downloadStream(sink, sizeBytes, control);
    await connect.storageVolDownload(volume, stream, 0n, 0n, StorageVolDownloadFlags.stream);
    control.signal.throwIfAborted();
    await sink.close();
  } catch (error) {
    await sink.abort();
    control.signal.throwIfAborted();
    throw error;
  }
}

/** A name that no volume of the pool has: `disk.img`, `disk-2.img` … */
export function freeVolumeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  const dot = wanted.lastIndexOf(".");
  const [stem, end] = dot > 0 ? [wanted.slice(0, dot), wanted.slice(dot)] : [wanted, ""];
  let number = 2;
  while (taken.has(`${stem}-${number}${end}`)) number += 1;
  return `${stem}-${number}${end}`;
}
