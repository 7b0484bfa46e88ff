/** Files of new volumes. */
import type { VolumeRequest } from "../../protocol/storage-service.ts";
import { canCreate } from "../../storage/graph/create-options.ts";
import { createImage } from "../../storage/graph/creator.ts";
import { protocolOf, resolveBacking } from "../../storage/graph/filename.ts";
import { ImageOpener } from "../../storage/graph/opener.ts";
import { imageFailure, storageError, systemFailure } from "./failures.ts";
import type { Job } from "./jobs.ts";
import type { StorageHost } from "./storage-host.ts";

const ZERO_STEP = 1 << 20;

/** @throws VmError; the file may be there then */
export async function makeImage(
  host: StorageHost,
  path: string,
  request: VolumeRequest,
  job: Job,
): Promise<void> {
  const { format = "raw", backing } = request;
  if (format === "raw") {
    if (backing) throw storageError("noSupport", "backing storage not supported for raw volumes");
    await makeRaw(host, path, request, job);
    return;
  }
  if (!canCreate(format))
    throw storageError("configUnsupported", `unknown volume format type ${format}`);
  const { sizeBytes, backingFormat } = await whatIsBelow(host, path, request);
  try {
    const options = new Map(imageOptions(request));
    if (backingFormat !== undefined) options.set("backing_fmt", backingFormat);
    await createImage(host.files, {
      filename: path,
      format,
      sizeBytes,
      options,
      nowMs: host.nowMs(),
      report: () => {},
    });
  } catch (error) {
    throw imageFailure(path, error);
  }
}

function* imageOptions(request: VolumeRequest): Generator<[string, string | number | boolean]> {
  const { format, compat, clusterSizeBytes, lazyRefcounts, extendedL2, backing } = request;
  if (format === "qcow2") yield ["compat", compat ?? "0.10"];
  if (clusterSizeBytes !== undefined) yield ["cluster_size", clusterSizeBytes];
  if (lazyRefcounts) yield ["lazy_refcounts", true];
  if (extendedL2) yield ["extended_l2", true];
  if (request.preallocateMetadata) yield ["preallocation", "metadata"];
  if (backing) yield ["backing_file", backing.path];
}

/**
 * What the backing image decides where the request does not: a capacity of 0 is its size, and its
 * format is written down, since a format that is guessed later can be what a guest made it.
 */
async function whatIsBelow(
  host: StorageHost,
  path: string,
  { backing, capacityBytes }: VolumeRequest,
): Promise<{ readonly sizeBytes: number; readonly backingFormat?: string }> {
  if (!backing) return { sizeBytes: capacityBytes };
  const filename = resolveBacking(path, backing.path);
  const isLocal = protocolOf(filename) === undefined;
  if (isLocal && !(await host.files.exists(filename)))
    throw storageError("systemError", `inaccessible backing store volume ${backing.path}`);
  const { format } = backing;
  if (capacityBytes > 0 && format !== undefined)
    return { sizeBytes: capacityBytes, backingFormat: format };
  try {
    const opener = new ImageOpener(host.files, () => {}, host.web);
    const { node, driver } = await opener.open({
      filename,
      driver: format,
      write: false,
      share: true,
    });
    const sizeBytes = capacityBytes > 0 ? capacityBytes : node.sizeBytes;
    await node.close();
    return { sizeBytes, backingFormat: driver };
  } catch (error) {
    throw imageFailure("Could not open backing image", error);
  }
}

async function makeRaw(
  host: StorageHost,
  path: string,
  request: VolumeRequest,
  job: Job,
): Promise<void> {
  const { allocationBytes = request.capacityBytes } = request;
  // libvirt makes a volume at least as long as the space that it is to take.
  const capacity = Math.max(request.capacityBytes, allocationBytes);
  if (!Number.isSafeInteger(capacity))
    throw storageError("systemError", `cannot extend file '${path}': File too large`);
  try {
    const file = await host.files.open(path, { write: true, create: true });
    try {
      if (capacity > 0) await file.truncate(capacity);
      await allocate(file, 0, allocationBytes, job);
      await file.flush();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw systemFailure(`cannot extend file '${path}'`, error);
  }
}

/** Takes space for a stretch that reads as zeroes, where lengthening a file has not taken it. */
export async function allocate(
  file: Awaited<ReturnType<StorageHost["files"]["open"]>>,
  from: number,
  to: number,
  job: Job,
): Promise<void> {
  if (file.allocatedBytes() >= to) return;
  const zeroes = new Uint8Array(ZERO_STEP);
  job.expect(to - from);
  for (let at = from; at < to; at += ZERO_STEP) {
    const length = Math.min(ZERO_STEP, to - at);
    await file.write(at, zeroes.subarray(0, length));
    await job.step(job.done + length);
  }
}
