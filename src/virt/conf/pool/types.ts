/** What each type of storage pool has in its XML (libvirt's poolOptions). */

export interface PoolTypeRow {
  /** What the source must have. */
  readonly source: readonly ("host" | "device" | "dir" | "adapter" | "name")[];
  /** A source name that is not needed stays. */
  readonly keepsName?: true;
  /** The source's directory is `/` where none is given. */
  readonly dirDefault?: true;
  /** Formats of the source, the default one first; none where the source has none. */
  readonly formats: readonly string[];
  /** The target's path: given by the user, made of the source's name, a default, or none. */
  readonly target: "given" | "fixed" | "none" | { readonly path: string };
}

export const POOL_TYPES: Readonly<Record<string, PoolTypeRow>> = {
  dir: { source: [], formats: [], target: "given" },
  fs: {
    source: ["device"],
    formats: [
      "auto",
      "ext2",
      "ext3",
      "ext4",
      "ufs",
      "iso9660",
      "udf",
      "gfs",
      "gfs2",
      "vfat",
      "hfs+",
      "xfs",
      "ocfs2",
      "vmfs",
    ],
    target: "given",
  },
  netfs: {
    source: ["host", "dir"],
    formats: ["auto", "nfs", "glusterfs", "cifs"],
    target: "given",
  },
  logical: { source: ["name"], formats: ["lvm2", "unknown"], target: "fixed" },
  disk: {
    source: ["device"],
    formats: ["unknown", "dos", "dvh", "gpt", "mac", "bsd", "pc98", "sun", "lvm2"],
    target: { path: "/dev" },
  },
  iscsi: { source: ["host", "device"], formats: [], target: { path: "/dev/disk/by-path" } },
  "iscsi-direct": { source: ["host", "device"], formats: [], target: "none" },
  scsi: { source: ["adapter"], formats: [], target: { path: "/dev/disk/by-path" } },
  mpath: { source: [], formats: [], target: { path: "/dev/mapper" } },
  rbd: { source: ["name"], formats: [], target: "none" },
  gluster: { source: ["host", "name"], dirDefault: true, formats: [], target: "none" },
  zfs: { source: ["name"], formats: [], target: "fixed" },
  vstorage: { source: ["name"], formats: [], target: "given" },
  /** Ours: images on a web server, read only. */
  http: { source: [], keepsName: true, formats: [], target: "none" },
};
