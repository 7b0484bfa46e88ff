/** Names and paths of clones that nobody chose, as virt-clone makes them. */

/** `base`, else `base-1`, `base-2` …, before `suffix`. */
export function freeName(
  base: string,
  isTaken: (name: string) => boolean,
  { suffix = "", start = 1, separator = "-", always = false } = {},
): string {
  if (!always && !isTaken(`${base}${suffix}`)) return `${base}${suffix}`;
  let number = start;
  while (isTaken(`${base}${separator}${number}${suffix}`)) number += 1;
  return `${base}${separator}${number}${suffix}`;
}

/** `web` becomes `web-clone`, and that one `web-clone1`. */
export function cloneName(original: string, isTaken: (name: string) => boolean): string {
  const [end = "", number] = /-clone([1-9]*)$/.exec(original) ?? [];
  const base = original.slice(0, original.length - end.length);
  return freeName(`${base}-clone`, isTaken, {
    separator: "",
    start: number === undefined || number === "" ? 1 : Number(number) + 1,
    always: number !== undefined,
  });
}

/** More is no file name's ending. */
const SUFFIX_LENGTH = 7;

/** Candidates for a disk's new path, best first: `a.img`, `a-1.img` … */
export function* clonePaths(
  original: string,
  { from, to }: { readonly from: string; readonly to: string },
): Generator<string> {
  const dot = original.lastIndexOf(".");
  const hasSuffix = dot >= 0 && original.length - dot - 1 <= SUFFIX_LENGTH;
  const stem = hasSuffix ? original.slice(0, dot) : original;
  const suffix = hasSuffix ? original.slice(dot) : "";
  const slash = stem.lastIndexOf("/") + 1;
  const name = stem.slice(slash);
  // A disk that is called as its guest gets the clone's name.
  const base = `${stem.slice(0, slash)}${from !== "" && name === from ? to : `${name}-clone`}`;
  yield `${base}${suffix}`;
  for (let number = 1; ; number += 1) yield `${base}-${number}${suffix}`;
}
