/** Names of clones and of their disks, as virt-clone makes them. */

/** Resolves to whether something has that name already. */
export type IsTaken = (name: string) => Promise<boolean>;

/** Numbers that are tried. */
const TRIES = 100_000;

interface Numbering {
  readonly suffix?: string;
  readonly from?: number;
  /** Even the first try has a number. */
  readonly always?: boolean;
  readonly separator?: string;
}

/** `base`, or with the first number that is free. */
async function freeName(
  base: string,
  isTaken: IsTaken,
  { suffix = "", from = 1, always = false, separator = "-" }: Numbering,
): Promise<string> {
  if (!always && !(await isTaken(base + suffix))) return base + suffix;
  for (let number = from; number < from + TRIES; number += 1) {
    const name = `${base}${separator}${number}${suffix}`;
    if (!(await isTaken(name))) return name;
  }
  throw new Error(`no free name like ${base}`);
}

/** `debian-clone` of `debian`, `debian-clone2` of `debian-clone1`. */
export async function cloneName(original: string, isTaken: IsTaken): Promise<string> {
  const [ending = ""] = /-clone[1-9]*$/.exec(original) ?? [];
  const base = `${original.slice(0, original.length - ending.length)}-clone`;
  const [number] = /[1-9]+$/.exec(ending) ?? [];
  return freeName(base, isTaken, {
    from: number === undefined ? 1 : Number(number) + 1,
    always: ending !== "",
    separator: "",
  });
}

/** Longer endings of a name are no extension. */
const EXTENSION_MAX = 7;

/**
 * The name of a disk's copy: `disk-clone.img` of `disk.img`; where the disk has its machine's name,
 * the copy has the clone's.
 */
export async function cloneDiskName(
  disk: string,
  original: string,
  clone: string,
  isTaken: IsTaken,
): Promise<string> {
  const dot = disk.lastIndexOf(".");
  const hasExtension = dot >= 0 && disk.length - dot - 1 <= EXTENSION_MAX;
  const stem = hasExtension ? disk.slice(0, dot) : disk;
  const base = stem === original ? clone : `${stem}-clone`;
  return freeName(base, isTaken, hasExtension ? { suffix: disk.slice(dot) } : {});
}
