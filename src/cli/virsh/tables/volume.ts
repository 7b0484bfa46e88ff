/** The commands of `virsh help volume`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";
import {
  ACTIVE_POOL,
  POOL_OPTION,
  PREALLOC_METADATA,
  VALIDATE,
  VOLUME_NAME,
  WRAP,
  XPATH,
} from "./rows.ts";

export const VOLUME = {
  "vol-clone": {
    summary: "clone a volume.",
    description: "Clone an existing volume within the parent pool.",
    options: {
      vol: VOLUME_NAME,
      newname: { kind: "data", required: true, completes: "nothing", help: "clone name" },
      pool: POOL_OPTION,
      "prealloc-metadata": PREALLOC_METADATA,
      reflink: { kind: "bool", help: "use btrfs COW lightweight copy" },
      "print-xml": { kind: "bool", help: "print XML document rather than clone the volume" },
    },
  },
  "vol-create-as": {
    summary: "create a volume from a set of args",
    description: "Create a vol.",
    options: {
      pool: {
        kind: "data",
        required: true,
        completes: "storage-pool-name",
        among: "active",
        help: "pool name",
      },
      name: { kind: "data", required: true, completes: "nothing", help: "name of the volume" },
      capacity: {
        kind: "data",
        required: true,
        completes: "nothing",
        help: "size of the vol, as scaled integer (default bytes)",
      },
      allocation: {
        kind: "string",
        completes: "nothing",
        help: "initial allocation size, as scaled integer (default bytes)",
      },
      format: { kind: "string", help: "file format type raw,bochs,qcow,qcow2,qed,vmdk" },
      "backing-vol": { kind: "string", help: "the backing volume if taking a snapshot" },
      "backing-vol-format": {
        kind: "string",
        help: "format of backing volume if taking a snapshot",
      },
      "prealloc-metadata": PREALLOC_METADATA,
      "print-xml": { kind: "bool", help: "print XML document, but don't define/create" },
    },
  },
  "vol-create": {
    summary: "create a vol from an XML file",
    description: "Create a vol.",
    options: {
      pool: {
        kind: "data",
        required: true,
        completes: "storage-pool-name",
        among: "active",
        help: "pool name",
      },
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML vol description",
      },
      "prealloc-metadata": PREALLOC_METADATA,
      validate: VALIDATE,
    },
  },
  "vol-create-from": {
    summary: "create a vol, using another volume as input",
    description: "Create a vol from an existing volume.",
    options: {
      pool: ACTIVE_POOL,
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML vol description",
      },
      vol: VOLUME_NAME,
      inputpool: {
        kind: "string",
        completes: "storage-pool-name",
        help: "pool name or uuid of the input volume's pool",
      },
      "prealloc-metadata": PREALLOC_METADATA,
      reflink: { kind: "bool", help: "use btrfs COW lightweight copy" },
      validate: VALIDATE,
    },
  },
  "vol-delete": {
    summary: "delete a vol",
    description: "Delete a given vol.",
    options: {
      vol: VOLUME_NAME,
      pool: POOL_OPTION,
      "delete-snapshots": {
        kind: "bool",
        help: "delete snapshots associated with volume (must be supported by storage driver)",
      },
    },
  },
  "vol-download": {
    summary: "download volume contents to a file",
    description: "Download volume contents to a file",
    options: {
      vol: VOLUME_NAME,
      file: { kind: "data", required: true, completes: "path-local-existing", help: "file" },
      pool: POOL_OPTION,
      offset: { kind: "int", help: "volume offset to download from" },
      length: { kind: "int", help: "amount of data to download" },
      sparse: { kind: "bool", help: "preserve sparseness of volume" },
    },
  },
  "vol-dumpxml": {
    summary: "vol information in XML",
    description: "Output the vol information as an XML dump to stdout.",
    options: {
      vol: VOLUME_NAME,
      pool: POOL_OPTION,
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  "vol-info": {
    summary: "storage vol information",
    description: "Returns basic information about the storage vol.",
    options: {
      vol: VOLUME_NAME,
      pool: POOL_OPTION,
      bytes: { kind: "bool", help: "sizes are represented in bytes rather than pretty units" },
      physical: {
        kind: "bool",
        help: "return the physical size of the volume in allocation field",
      },
    },
  },
  "vol-key": {
    summary: "returns the volume key for a given volume name or path",
    description: "",
    options: {
      vol: {
        kind: "data",
        required: true,
        completes: "storage-vol-name",
        help: "volume name or path",
      },
      pool: POOL_OPTION,
    },
  },
  "vol-list": {
    summary: "list vols",
    description: "Returns list of vols by pool.",
    options: {
      pool: ACTIVE_POOL,
      details: { kind: "bool", help: "display extended details for volumes" },
    },
  },
  "vol-name": {
    summary: "returns the volume name for a given volume key or path",
    description: "",
    options: {
      vol: {
        kind: "data",
        required: true,
        completes: "storage-vol-key",
        help: "volume key or path",
      },
    },
  },
  "vol-path": {
    summary: "returns the volume path for a given volume name or key",
    description: "",
    options: {
      vol: {
        kind: "data",
        required: true,
        completes: "storage-vol-name",
        help: "volume name or key",
      },
      pool: POOL_OPTION,
    },
  },
  "vol-pool": {
    summary: "returns the storage pool for a given volume key or path",
    description: "",
    options: {
      vol: {
        kind: "data",
        required: true,
        completes: "storage-vol-key",
        help: "volume key or path",
      },
      uuid: { kind: "bool", help: "return the pool uuid rather than pool name" },
    },
  },
  "vol-resize": {
    summary: "resize a vol",
    description:
      "Resizes a storage volume. This is safe only for storage volumes not in use by an active guest.\nSee blockresize for live resizing.",
    options: {
      vol: VOLUME_NAME,
      capacity: {
        kind: "data",
        required: true,
        completes: "nothing",
        help: "new capacity for the vol, as scaled integer (default bytes)",
      },
      pool: POOL_OPTION,
      allocate: { kind: "bool", help: "allocate the new capacity, rather than leaving it sparse" },
      delta: {
        kind: "bool",
        help: "use capacity as a delta to current size, rather than the new size",
      },
      shrink: { kind: "bool", help: "allow the resize to shrink the volume" },
    },
  },
  "vol-upload": {
    summary: "upload file contents to a volume",
    description: "Upload file contents to a volume",
    options: {
      vol: VOLUME_NAME,
      file: { kind: "data", required: true, completes: "path-local-existing", help: "file" },
      pool: POOL_OPTION,
      offset: { kind: "int", help: "volume offset to upload to" },
      length: { kind: "int", help: "amount of data to upload" },
      sparse: { kind: "bool", help: "preserve sparseness of volume" },
    },
  },
  "vol-wipe": {
    summary: "wipe a vol",
    description: "Ensure data previously on a volume is not accessible to future reads",
    options: {
      vol: VOLUME_NAME,
      pool: POOL_OPTION,
      algorithm: {
        kind: "string",
        completes: "storage-vol-wipe-algorithm",
        help: "perform selected wiping algorithm",
      },
    },
  },
} as const satisfies CommandTable;
