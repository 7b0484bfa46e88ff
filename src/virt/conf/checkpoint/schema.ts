/** What libvirt's schema allows in a checkpoint (domaincheckpoint.rng). */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { childrenOf, type Draft, draftText } from "../../xml/draft.ts";

const NAME = /^[a-zA-Z0-9_-][a-zA-Z0-9_.-]*$/;
const NUMBER = /^\s*\d+\s*$/;
const TARGET = /^(?:ioemu:)?(?:fd|hd|sd|vd|xvd|ubd)[a-zA-Z0-9_]+$/;
const PATH = /^(?:\/|[a-zA-Z]:\\).+$/;

const CHILDREN: Readonly<Record<string, (child: Draft) => boolean>> = {
  name: (child) => NAME.test(draftText(child)),
  description: (child) => childrenOf(child).length === 0,
  creationTime: (child) => NUMBER.test(draftText(child)),
  disks: (child) => childrenOf(child).length > 0 && childrenOf(child).every(isDisk),
  domain: () => true,
  parent: (child) => {
    const [name, ...others] = childrenOf(child);
    return name?.name === "name" && others.length === 0 && NAME.test(draftText(name));
  },
};

/** @throws VmError xmlInvalidSchema in the words of libvirt's XML library */
export function checkSchema(checkpoint: Draft): void {
  const seen = new Set<string>();
  for (const child of childrenOf(checkpoint)) {
    if (!Object.hasOwn(CHILDREN, child.name)) {
      refuse(`Element domaincheckpoint has extra content: ${child.name}\n`);
    }
    if (seen.has(child.name) || CHILDREN[child.name]?.(child) !== true) {
      const failed = "Element domaincheckpoint failed to validate content";
      refuse(`Extra element ${child.name} in interleave\n${failed}\n`);
    }
    seen.add(child.name);
  }
}

function refuse(why: string): never {
  throw vmError(
    "xmlInvalidSchema",
    `Unable to validate doc against /usr/share/libvirt/schemas/domaincheckpoint.rng\n${why}`,
    { domain: ErrorDomain.xml },
  );
}

/** A disk that is part of the checkpoint may have a bitmap; one that is not has none. */
function isDisk(disk: Draft): boolean {
  const { name = "", checkpoint, bitmap, size, ...others } = Object.fromEntries(disk.attributes);
  if (disk.name !== "disk" || Object.keys(others).length > 0) return false;
  if (!TARGET.test(name) && !PATH.test(name)) return false;
  if (checkpoint === "no") return bitmap === undefined && size === undefined;
  return (checkpoint ?? "bitmap") === "bitmap" && (size === undefined || NUMBER.test(size));
}
