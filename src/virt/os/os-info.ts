/** What is known of an operating system, and the shape of the tables' rows. */

export interface OsInfo {
  readonly name: string;
  /** Other names, such as that of the release: `debianbookworm`. */
  readonly aliases: readonly string[];
  /** libosinfo's identifier. */
  readonly id: string;
  /** What it is a release of: `debian`; empty for none. */
  readonly distro: string;
  /** The release's name in small letters, as archives' addresses have it. */
  readonly codename?: string;
  /** Recommended; 0 where nothing is known. */
  readonly ramMib: number;
  readonly minimumRamMib: number;
  /** What an installation from the network needs; 0 where that is not more. */
  readonly networkRamMib: number;
  readonly cpus: number;
  readonly diskGib: number;
  /** Has drivers for virtio devices. */
  readonly hasVirtio: boolean;
  /** Has a driver for virtio's graphics card. */
  readonly hasVirtioGpu: boolean;
  /** The kernel's option that tells its installer where the tree is. */
  readonly treeArgument?: string;
  readonly isGenericLinux?: boolean;
}

/** Recommended and least memory in MiB, processors, disk in GiB. */
type Sizes = readonly [ramMib: number, minimumRamMib: number, cpus: number, diskGib: number];

/** One release: its version, and what sets it apart from the others of its table. */
export interface Release {
  readonly version: string;
  readonly codename?: string;
  readonly aliases?: readonly string[];
  readonly sizes?: Sizes;
  readonly networkRamMib?: number;
  readonly hasVirtio?: false;
  readonly hasVirtioGpu?: boolean;
  /** Behind the table's prefix, where it is not the version. */
  readonly name?: string;
}

/** What a distribution's releases have in common. */
export interface Series {
  readonly distro: string;
  /** In front of the version in the name. */
  readonly prefix: string;
  /** In front of the version in the identifier. */
  readonly idPrefix: string;
  readonly sizes: Sizes;
  readonly treeArgument?: string;
  readonly hasVirtioGpu: boolean;
}

export function releases(series: Series, rows: readonly Release[]): OsInfo[] {
  return rows.map((row) => release(series, row));
}

function release(series: Series, row: Release): OsInfo {
  const { distro, prefix, idPrefix, treeArgument } = series;
  const [ramMib, minimumRamMib, cpus, diskGib] = row.sizes ?? series.sizes;
  const { version, codename, name = version, hasVirtio = true } = row;
  const nickname = codename === undefined ? [] : [`${prefix}${codename}`];
  return {
    name: `${prefix}${name}`,
    aliases: row.aliases ?? nickname,
    id: `${idPrefix}${version}`,
    distro,
    ...(codename === undefined ? {} : { codename }),
    ramMib,
    minimumRamMib,
    networkRamMib: row.networkRamMib ?? 0,
    cpus,
    diskGib,
    hasVirtio,
    hasVirtioGpu: hasVirtio && (row.hasVirtioGpu ?? series.hasVirtioGpu),
    ...(treeArgument === undefined ? {} : { treeArgument }),
    ...(distro === "linux" ? { isGenericLinux: true } : {}),
  };
}
