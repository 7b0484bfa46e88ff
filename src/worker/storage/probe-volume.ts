/** What a file says of itself: read as libvirt reads it, with no trust and no failure. */
import type { BackingStore, VolumeRecord } from "../../protocol/storage-service.ts";
import { viewOf } from "../../util/bytes.ts";
import {
  COMPATIBLE_LAZY_REFCOUNTS,
  Incompatible,
  KNOWN_INCOMPATIBLE,
  MAX_CLUSTER_BITS,
} from "../../storage/formats/qcow2/format.ts";
import { parseHeader } from "../../storage/formats/qcow2/header.ts";
import { resolveBacking } from "../../storage/graph/filename.ts";
import { probeFormat } from "../../storage/graph/formats.ts";
import { ImageOpener } from "../../storage/graph/opener.ts";
import type { FileHost, ImageFile } from "../../storage/ports.ts";

type Known = Omit<VolumeRecord, "name" | "key" | "type" | "modifiedMs">;

/** Enough for the headers of all formats but qcow2 with large clusters. */
const HEAD_BYTES = 1 << 16;

/** @param path of a file. @throws an error with an errno when it cannot be read */
export async function probeVolume(files: FileHost, path: string): Promise<Known> {
  const file = await files.open(path, { write: false, share: true });
  let known: Known;
  try {
    known = await probeHead(file, path);
  } finally {
    await file.close();
  }
  const isOther = known.format !== "raw" && known.format !== "qcow2";
  return isOther ? { ...known, ...(await openedSize(files, path, known.format)) } : known;
}

async function probeHead(file: ImageFile, path: string): Promise<Known> {
  const head = await readHead(file, HEAD_BYTES);
  const format = probeFormat(head, path);
  const known = {
    path,
    format,
    capacityBytes: file.sizeBytes,
    allocationBytes: file.allocatedBytes(),
    physicalBytes: file.sizeBytes,
  };
  if (format !== "qcow2") return known;
  const bits = head.length >= 24 ? viewOf(head).getUint32(20) : 0;
  const isLarge = bits <= MAX_CLUSTER_BITS && 2 ** bits > HEAD_BYTES;
  return { ...known, ...qcow2Facts(isLarge ? await readHead(file, 2 ** bits) : head, path) };
}

async function readHead(file: ImageFile, most: number): Promise<Uint8Array> {
  const head = new Uint8Array(Math.min(most, file.sizeBytes));
  await file.read(0, head);
  return head;
}

function qcow2Facts(head: Uint8Array, path: string): Partial<Known> {
  let header: ReturnType<typeof parseHeader>;
  try {
    header = parseHeader(head, KNOWN_INCOMPATIBLE);
  } catch {
    // A damaged header: the file is shown with its length.
    return {};
  }
  const { backingFile, backingFormat } = header;
  const backing: BackingStore | undefined =
    backingFile === undefined
      ? undefined
      : {
          path: resolveBacking(path, backingFile),
          ...(backingFormat !== undefined && { format: backingFormat }),
        };
  return {
    capacityBytes: header.sizeBytes,
    compat: header.version === 2 ? "0.10" : "1.1",
    clusterSizeBytes: 2 ** header.clusterBits,
    lazyRefcounts: (header.compatible & BigInt(COMPATIBLE_LAZY_REFCOUNTS)) !== 0n,
    extendedL2: (header.incompatible & Incompatible.extendedL2) !== 0,
    encrypted: header.cryptMethod !== 0,
    ...(backing && { backing }),
  };
}

/** The size that a format's own code finds; nothing where it refuses the image. */
async function openedSize(
  files: FileHost,
  path: string,
  driver: string,
): Promise<{ capacityBytes?: number }> {
  const opener = new ImageOpener(files, () => {});
  try {
    const request = { filename: `file:${path}`, driver, write: false, share: true };
    const { node } = await opener.open({ ...request, noBacking: true });
    const capacityBytes = node.sizeBytes;
    await node.close();
    return { capacityBytes };
  } catch {
    return {};
  }
}
