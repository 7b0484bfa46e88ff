import { StorageError, errnoOf, strerror } from "../errors.ts";
import type { BlockNode, Preallocation } from "../block-node.ts";
import { type Qcow2CreateOptions, createQcow2 } from "../formats/qcow2/create.ts";
import { type Keys, NO_KEYS } from "../crypto/secrets.ts";
import { findDriver } from "../formats/drivers.ts";
import type { FileHost, SocketHost } from "../ports.ts";
import { type EncryptionWish, encryptionChoice, encryptionWish } from "./encryption-options.ts";
import { ImageOpener } from "./opener.ts";
import { resolveBacking } from "./filename.ts";
import { type NewFileHost, createFile, isExport, removeFile } from "./new-file.ts";

/** A new image: its options have been read, but not judged. */
export interface CreateRequest {
  readonly filename: string;
  readonly format: string;
  readonly sizeBytes: number;
  /** By the names of `create-options.ts`: text, numbers or switches. */
  readonly options: ReadonlyMap<string, string | number | boolean>;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** The secrets that options name; none when absent. */
  readonly keys?: Keys | undefined;
  /** For images on NBD servers; none when absent. */
  readonly sockets?: SocketHost | null;
  report(message: string): void;
}

function invalid(message: string): StorageError {
  return new StorageError("EINVAL", message);
}

/**
 * Makes an image, over whatever the file held.
 *
 * @throws StorageError with QEMU's words
 */
export async function createImage(files: FileHost, request: CreateRequest): Promise<void> {
  if (request.format === "raw") return createRaw(files, request);
  if (request.format === "qcow2") return createQcow2File(files, request);
  const driver = findDriver(request.format);
  if (driver?.create !== undefined) {
    return driver.create.make({
      ...request,
      report: (message) => request.report(message),
      entropy: files.entropy,
      keys: request.keys ?? NO_KEYS,
      removeFile: (name) => removeFile(files, name),
      createFile: (name) => createFile(hostOf(files, request), name),
      openImage: (name) => openReferred(files, request, name),
    });
  }
  throw invalid(`Format driver '${request.format}' does not support image creation`);
}

/** An image that a new one refers to, with its own backing images. */
async function openReferred(
  files: FileHost,
  { filename, report, keys = NO_KEYS }: CreateRequest,
  name: string,
): Promise<BlockNode> {
  const opener = new ImageOpener(files, report, null, { keys });
  const request = { filename: resolveBacking(filename, name), write: false, share: true };
  return (await opener.open(request)).node;
}

function hostOf(files: FileHost, { sockets = null, report }: CreateRequest): NewFileHost {
  return { files, sockets, report };
}

async function createRaw(files: FileHost, request: CreateRequest): Promise<void> {
  const preallocation = modeOf(request, ["off", "falloc", "full"]);
  const file = await createFile(hostOf(files, request), request.filename);
  try {
    if (isExport(request.filename) && file.sizeBytes >= request.sizeBytes) return;
    await file.truncate(request.sizeBytes, { preallocation });
  } catch (error) {
    throw new StorageError(errnoOf(error), `Could not resize file: ${strerror(errnoOf(error))}`);
  } finally {
    await file.close();
  }
}

function modeOf(
  { options }: CreateRequest,
  allowed: readonly Preallocation[] = ["off", "metadata", "falloc", "full"],
): Preallocation {
  const mode = String(options.get("preallocation") ?? "off");
  const known = allowed.find((candidate) => candidate === mode);
  if (known === undefined)
    throw invalid(`Parameter 'preallocation' does not accept value '${mode}'`);
  return known;
}

type Judged = Omit<Qcow2CreateOptions, "dataFile" | "report" | "encryption"> & {
  readonly encryption: EncryptionWish | undefined;
  readonly dataFileName: string | undefined;
  readonly dataFileRaw: boolean;
};

/** What a user gave for a qcow2 image, judged in QEMU's order. */
export function judgeQcow2(request: Pick<CreateRequest, "options" | "sizeBytes">): Judged {
  const { options, sizeBytes } = request;
  const text = (name: string): string | undefined => {
    const value = options.get(name);
    return value === undefined ? undefined : String(value);
  };
  const on = (name: string): boolean => options.get(name) === true;
  const version = versionOf(text("compat"));
  const preallocation = modeOf(request as CreateRequest);
  const compression = text("compression_type") ?? "zlib";
  if (compression !== "zlib" && compression !== "zstd")
    throw invalid(`Parameter 'compression-type' does not accept value '${compression}'`);
  const judged: Judged = {
    sizeBytes: Math.ceil(sizeBytes / 512) * 512,
    version,
    preallocation,
    compression,
    clusterSize: Number(options.get("cluster_size") ?? 65_536),
    refcountBits: Number(options.get("refcount_bits") ?? 16),
    lazyRefcounts: on("lazy_refcounts"),
    extendedL2: on("extended_l2"),
    backingFile: text("backing_file") || undefined,
    backingFormat: text("backing_fmt") || undefined,
    dataFileName: text("data_file"),
    dataFileRaw: on("data_file_raw"),
    encryption: encryptionWish(options),
  };
  demandFitting(judged);
  return judged;
}

function versionOf(compat: string | undefined): 2 | 3 {
  if (compat === undefined || compat === "1.1" || compat === "v3") return 3;
  if (compat === "0.10" || compat === "v2") return 2;
  throw invalid(`Parameter 'version' does not accept value '${compat}'`);
}

const isPowerOf2 = (value: number): boolean => value > 0 && Number.isInteger(Math.log2(value));

function demandFitting(options: Judged): void {
  const { clusterSize, extendedL2, version, preallocation, backingFile, refcountBits } = options;
  if (!isPowerOf2(clusterSize) || clusterSize < 512 || clusterSize > 2 << 20)
    throw invalid("Cluster size must be a power of two between 512 and 2048k");
  if (extendedL2 && clusterSize < 16_384) {
    throw invalid(
      "Extended L2 entries are only supported with cluster sizes of at least 16384 bytes",
    );
  }
  if (extendedL2 && version < 3) {
    throw invalid(
      "Extended L2 entries are only supported with compatibility level 1.1 and above " +
        "(use version=v3 or greater)",
    );
  }
  if (preallocation !== "off" && backingFile !== undefined && !extendedL2) {
    throw invalid(
      "Backing file and preallocation can only be used at the same time if extended_l2 is on",
    );
  }
  if (options.backingFormat !== undefined && backingFile === undefined)
    throw invalid("Backing format cannot be used without backing file");
  if (options.lazyRefcounts && version < 3) {
    throw invalid(
      "Lazy refcounts only supported with compatibility level 1.1 and above (use version=v3 or greater)",
    );
  }
  if (!isPowerOf2(refcountBits) || refcountBits > 64)
    throw invalid("Refcount width must be a power of two and may not exceed 64 bits");
  if (version < 3 && refcountBits !== 16) {
    throw invalid(
      "Different refcount widths than 16 bits require compatibility level 1.1 or above (use version=v3 or greater)",
    );
  }
  demandDataFile(options);
}

function demandDataFile(options: Judged): void {
  const { dataFileName, dataFileRaw, version, backingFile, compression } = options;
  if (dataFileRaw && dataFileName === undefined) throw invalid("data-file-raw requires data-file");
  if (dataFileRaw && backingFile !== undefined)
    throw invalid("Backing file and data-file-raw cannot be used at the same time");
  if (dataFileName !== undefined && version < 3) {
    throw invalid(
      "External data files are only supported with compatibility level 1.1 and above (use version=v3 or greater)",
    );
  }
  if (compression === "zstd" && version < 3) {
    throw invalid(
      "Non-zlib compression type is only supported with compatibility level 1.1 and above (use version=v3 or greater)",
    );
  }
}

async function createQcow2File(files: FileHost, request: CreateRequest): Promise<void> {
  const host = hostOf(files, request);
  const file = await createFile(host, request.filename);
  let data: BlockNode | undefined;
  try {
    const { dataFileName, dataFileRaw, encryption: wish, ...rest } = judgeQcow2(request);
    const encryption =
      wish === undefined ? undefined : encryptionChoice(wish, request.keys ?? NO_KEYS);
    if (dataFileName !== undefined)
      data = await createFile(host, resolveBacking(request.filename, dataFileName));
    const dataFile =
      data === undefined ? undefined : { name: dataFileName ?? "", node: data, raw: dataFileRaw };
    await createQcow2(file, { ...rest, encryption, dataFile, report: request.report });
    await data?.close();
    await file.close();
  } catch (error) {
    await data?.close();
    await file.close();
    await removeFile(files, request.filename);
    throw error;
  }
}
