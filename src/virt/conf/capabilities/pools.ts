/** `virsh pool-capabilities`: libvirt's types of pools, and which of them the driver has. */
import { element, textElement, type XmlElement } from "../../xml/element.ts";
import { POOL_TYPES as POOL_ROWS } from "../pool/types.ts";
import { VOLUME_FORMATS } from "../volume/parse.ts";

/** `virStoragePoolType`, in its order. */
export const POOL_TYPES: readonly string[] = [
  ...["dir", "fs", "netfs", "logical", "disk", "iscsi", "iscsi-direct", "scsi", "mpath", "rbd"],
  ...["sheepdog", "gluster", "zfs", "vstorage"],
];

const IMAGES = { first: "raw", all: [...VOLUME_FORMATS] };
const PARTITIONS = {
  first: "none",
  all: [
    ...["none", "linux", "fat16", "fat32", "linux-swap", "linux-lvm", "linux-raid", "extended"],
  ],
};

/** The default format of volumes and all of them; types that are not here have none. */
const VOLUMES: Readonly<
  Record<string, { readonly first: string; readonly all: readonly string[] }>
> = {
  dir: IMAGES,
  fs: IMAGES,
  netfs: IMAGES,
  disk: PARTITIONS,
  // libvirt forgets to list them.
  rbd: { first: "raw", all: [] },
  gluster: IMAGES,
  vstorage: IMAGES,
};

/** The document, in libvirt's schema `storagepoolcaps.rng`. */
export function poolCapabilities(supported: ReadonlySet<string>): XmlElement {
  return element(
    "storagepoolCapabilities",
    {},
    POOL_TYPES.map((type) => {
      const [source, volumes] = [POOL_ROWS[type]?.formats ?? [], VOLUMES[type]];
      const options = [
        ...(source.length > 0
          ? [formats("poolOptions", source[0] ?? "", "sourceFormatType", inOrder(source))]
          : []),
        ...(volumes ? [formats("volOptions", volumes.first, "targetFormatType", volumes.all)] : []),
      ];
      const word = supported.has(type) ? "yes" : "no";
      return element("pool", { type, supported: word }, listed(options));
    }),
  );
}

/** The unknown one is libvirt's first, whatever the default is. */
function inOrder(names: readonly string[]): readonly string[] {
  return names.toSorted((a, b) => Number(b === "unknown") - Number(a === "unknown"));
}

function formats(name: string, first: string, kind: string, all: readonly string[]): XmlElement {
  return element(name, {}, [
    element("defaultFormat", { type: first }),
    element("enum", { name: kind }, listed(all.map((value) => textElement("value", value)))),
  ]);
}

/** Lists have end tags, empty ones too. */
function listed(elements: readonly XmlElement[]) {
  return elements.length > 0 ? elements : [{ kind: "open" } as const];
}
