/** Volumes' bytes between their pools and the user, over libvirt's calls. */
import type { Connect } from "../../../virt/driver/connect.ts";
import type { StoragePoolRef, StorageVolRef } from "../../../virt/driver/refs.ts";
import {
  StorageVolDownloadFlags,
  StorageVolInfoFlags,
} from "../../../virt/driver/storage-flags.ts";
import { fillVolume } from "../../../virt/manager/fill-volume.ts";
import type { Content } from "../../../virt/manager/upload-stream.ts";
import { element, textElement } from "../../../virt/xml/element.ts";
import type { TaskControl } from "../../shell/tasks.ts";
import { counter, downloadStream, type Sink } from "./volume-streams.ts";

export interface Upload {
  readonly pool: StoragePoolRef;
  /** libvirt's word: what `dir` has are files that grow, others are made in their size. */
  readonly poolType: string;
  readonly name: string;
  readonly content: Content;
}

/**
 * Stores bytes as a new volume. Nothing is left of one that fails or is given up.
 *
 * @throws VmError, and AbortError where it was given up
 */
export async function uploadVolume(
  connect: Connect,
  { pool, poolType, name, content }: Upload,
  control: TaskControl,
): Promise<StorageVolRef> {
  const grows = poolType === "dir";
  const sizeBytes = content.sizeBytes ?? 0;
  const xml = element("volume", {}, [
    textElement("name", name),
    element("capacity", { unit: "bytes" }, [String(grows ? 0 : sizeBytes)]),
    ...(grows ? [element("allocation", { unit: "bytes" }, ["0"])] : []),
  ]);
  const { signal } = control;
  return fillVolume(connect, pool, xml, content, { signal, onBytes: counter(sizeBytes, control) });
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
