/** What a volume stands on, from image to image. */
import type { Connect } from "../driver/connect.ts";
import { find, textAt, type XmlElement } from "../xml/element.ts";
import { parseXml } from "../xml/parse.ts";

export interface Backing {
  readonly path: string;
  readonly format: string | undefined;
}

/** Longer chains have a loop in them. */
const MAX_LENGTH = 200;

/** What the volume stands on at once, or null. */
export function volumeBacking(definition: XmlElement): Backing | null {
  const path = textAt(definition, "backingStore", "path");
  if (path === undefined) return null;
  return { path, format: find(definition, "backingStore", "format")?.attributes.get("type") };
}

/** The images below, the nearest first; it ends where an image is no volume of an active pool. */
export async function backingChain(
  connect: Connect,
  definition: XmlElement,
): Promise<readonly Backing[]> {
  const chain: Backing[] = [];
  const seen = new Set<string>();
  let below = volumeBacking(definition);
  while (below !== null && !seen.has(below.path) && chain.length < MAX_LENGTH) {
    chain.push(below);
    seen.add(below.path);
    below = await belowOf(connect, below.path);
  }
  return chain;
}

async function belowOf(connect: Connect, path: string): Promise<Backing | null> {
  try {
    const volume = await connect.storageVolLookupByPath(path);
    const xml = await connect.storageVolGetXMLDesc(volume, 0);
    return volumeBacking(parseXml(xml, "(storage_volume_definition)"));
  } catch {
    // An image of the web, or outside of all pools: what it stands on is not known.
    return null;
  }
}
