/** Which distribution a tree is of. */
import { DISTRIBUTIONS, type Found } from "./distributions.ts";
import type { InstallTree } from "./install-tree.ts";
import { TreeTexts } from "./tree-texts.ts";

/** @param distro what the user says that it is; that one is asked first */
export async function detectTree(
  tree: InstallTree,
  arch: string,
  distro: string,
): Promise<Found | undefined> {
  const texts = new TreeTexts(tree);
  const first = DISTRIBUTIONS.filter((each) => distro !== "" && each.distro === distro);
  const others = DISTRIBUTIONS.filter((each) => !first.includes(each));
  for (const each of [...first, ...others]) {
    // eslint-disable-next-line no-await-in-loop -- the first one counts
    const found = await each.find(texts, arch);
    if (found) return found;
  }
  return undefined;
}

/** Why a tree is of no use, in the real tool's words. */
export async function notInstallable(tree: InstallTree): Promise<string> {
  const isThere = tree.kind !== "web" || (await tree.has(""));
  const hint = isThere ? "" : ": The URL could not be accessed, maybe you mistyped?";
  return (
    `Could not find an installable distribution at URL '${tree.location}'${hint}\n\n` +
    "The location must be the root directory of an install tree.\n" +
    "See virt-install man page for various distro examples."
  );
}
