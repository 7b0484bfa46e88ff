import { StorageError } from "../../errors.ts";
import type { WebCacheHost, WebHost } from "../../ports.ts";
import { BlockCache } from "./block-cache.ts";
import { BLOCK_BYTES } from "./block-loader.ts";
import { WebResource } from "./resource.ts";
import { WebNode } from "./web-node.ts";

/** How images are read from the web. */
export interface WebImages {
  readonly web: WebHost;
  /** Where blocks are kept between runs; null for nowhere. */
  readonly cache: WebCacheHost | null;
}

/** @throws StorageError in QEMU's words */
export async function openWeb(
  images: WebImages | null,
  url: string,
  write: boolean,
): Promise<WebNode> {
  const scheme = url.slice(0, url.indexOf(":"));
  if (images === null) throw new StorageError("EINVAL", `Unknown protocol '${scheme}'`);
  if (write) throw new StorageError("EACCES", "curl driver does not support writes");
  const resource = await WebResource.open(images.web, url);
  const { identity, isWhole, sizeBytes } = resource;
  const keeps = images.cache !== null && identity !== null && !isWhole;
  const cache = keeps
    ? await BlockCache.open(images.cache, identity, BLOCK_BYTES, sizeBytes)
    : null;
  return new WebNode(resource, cache);
}
