/** From a disk's `<source>` to its image: files, volumes of pools, web servers; and what unlocks it. */
import type { DriveImage, SecretSpec } from "../../../protocol/drive-spec.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import { diskSource } from "../../conf/domain/view.ts";
import { SecretUsageType } from "../../driver/host-flags.ts";
import { isActive, type StoragePool } from "../../storage/pool.ts";
import type { Storage } from "../../storage/storage.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import type { HostImages } from "./ports.ts";
import type { Secrets } from "./secrets.ts";

/** What disks are looked up in. */
export interface DiskPlaces {
  readonly images: HostImages;
  readonly storage: Storage;
  readonly secrets: Secrets;
}

export interface DiskImage {
  /** Absent for a drive without a medium. */
  readonly image?: DriveImage;
  /** What the image's options name. */
  readonly secrets: readonly SecretSpec[];
}

/**
 * A disk's image, which is there and can be used.
 *
 * @param id what the machine calls the drive
 * @throws VmError configUnsupported, systemError, noStoragePool, noStorageVol or noSecret
 */
export async function diskImage(
  disk: XmlElement,
  id: string,
  { images, storage, secrets }: DiskPlaces,
): Promise<DiskImage> {
  const format = find(disk, "driver")?.attributes.get("type");
  checkFormat(disk, format);
  const image = imageOf(disk, format, storage);
  if (!image) return { secrets: [] };
  if (image.kind === "file") await images.check(image.filename);
  return unlocked(disk, image, `${id}-luks-secret0`, secrets);
}

/** @throws VmError configUnsupported in libvirt's words */
function checkFormat(disk: XmlElement, format: string | undefined): void {
  const isDirectory = disk.attributes.get("type") === "dir";
  const refuse = (words: string): never => {
    throw vmError("configUnsupported", words);
  };
  if (format === "iso") {
    refuse("storage format 'iso' is not directly supported by QEMU, use 'raw' instead");
  }
  if (format === "fat" && !isDirectory) {
    refuse("storage format 'fat' is supported only with 'dir' storage type");
  }
  if (!isDirectory) return;
  if (format !== undefined && format !== "fat") {
    refuse("storage type 'dir' requires use of storage format 'fat'");
  }
  if (!find(disk, "readonly")) {
    refuse("virtual FAT storage can't be accessed in read-write mode");
  }
}

function imageOf(
  disk: XmlElement,
  format: string | undefined,
  storage: Storage,
): DriveImage | undefined {
  const type = disk.attributes.get("type") ?? "file";
  if (type === "network") return networkImage(disk, format);
  if (type === "volume") return volumeImage(disk, format, storage);
  if (type !== "file" && type !== "block") {
    throw vmError("configUnsupported", `disk type '${type}' is not supported by this machine`);
  }
  const filename = diskSource(disk);
  return filename === undefined ? undefined : fileImage(filename, format);
}

function fileImage(filename: string, format: string | undefined): DriveImage {
  return { kind: "file", filename, ...(format !== undefined && { format }) };
}

/** Images of web servers, read in parts. */
function networkImage(disk: XmlElement, format: string | undefined): DriveImage {
  const source = find(disk, "source");
  const protocol = source?.attributes.get("protocol");
  const host = source && find(source, "host");
  if ((protocol !== "http" && protocol !== "https") || !host) {
    throw vmError(
      "configUnsupported",
      `disk protocol '${protocol}' is not supported by this machine`,
    );
  }
  const port = host.attributes.get("port");
  const authority = `${host.attributes.get("name")}${port === undefined ? "" : `:${port}`}`;
  const query = source?.attributes.get("query");
  const path = source?.attributes.get("name") ?? "";
  const url = `${protocol}://${authority}/${path}${query === undefined ? "" : `?${query}`}`;
  return webImage(url, format);
}

function webImage(url: string, format = "raw"): DriveImage {
  const driver = url.slice(0, url.indexOf(":"));
  return { kind: "options", options: { driver: format, file: { driver, url } } };
}

/** @throws VmError noStoragePool, noStorageVol, configUnsupported in libvirt's words */
function volumeImage(
  disk: XmlElement,
  format: string | undefined,
  storage: Storage,
): DriveImage | undefined {
  const source = find(disk, "source");
  if (!source) return undefined;
  const name = source.attributes.get("pool") ?? "";
  const volume = source.attributes.get("volume") ?? "";
  const pool = storage.poolByName(name);
  if (!isActive(pool)) {
    throw vmError(
      "configUnsupported",
      `storage pool '${name}' containing volume '${volume}' is not active`,
    );
  }
  const found = volumeIn(pool, volume);
  if (!found) throw vmError("noStorageVol", `no storage vol with matching name '${volume}'`);
  if (found.type === "network") return webImage(found.path, format ?? found.format);
  if (found.type === "file") return fileImage(found.path, format ?? found.format);
  throw vmError(
    "configUnsupported",
    `using '${pool.definition.type}' pools for backing 'volume' disks isn't yet supported`,
  );
}

function volumeIn({ volumes }: StoragePool, name: string) {
  return volumes.find((each) => each.name === name);
}

/** The path of a disk's image; undefined where it has none, or is of a pool that is not active. */
export function imagePath(disk: XmlElement, storage: Storage): string | undefined {
  if (disk.attributes.get("type") !== "volume") return diskSource(disk);
  const source = find(disk, "source")?.attributes;
  const pool = storage.pools().find(({ definition }) => definition.name === source?.get("pool"));
  return pool && volumeIn(pool, source?.get("volume") ?? "")?.path;
}

/** @throws VmError configUnsupported, noSecret */
function unlocked(disk: XmlElement, image: DriveImage, id: string, secrets: Secrets): DiskImage {
  const encryption = find(disk, "encryption") ?? find(disk, "source", "encryption");
  if (!encryption) return { image, secrets: [] };
  const kind = encryption.attributes.get("format");
  if (kind !== "luks" || image.kind !== "file") {
    throw vmError(
      "configUnsupported",
      `encryption of format '${kind}' is not supported for this disk`,
    );
  }
  const secret = find(encryption, "secret")?.attributes;
  if (!secret) throw vmError("configUnsupported", "missing secret for 'luks' encryption");
  const bytes = secrets.valueFor(SecretUsageType.volume, secret.get("uuid"), secret.get("usage"));
  const own = image.format === "qcow2" ? { encrypt: { format: "luks", "key-secret": id } } : null;
  const options = own ?? { "key-secret": id };
  return {
    image: { ...image, format: own ? "qcow2" : "luks", options },
    secrets: [{ id, bytes }],
  };
}
