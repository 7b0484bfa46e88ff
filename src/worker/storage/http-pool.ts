/** Pools of images on web servers: read-only, listed by a document or one by one. */
import type { PoolContents, PoolSpec, VolumeRecord } from "../../protocol/storage-service.ts";
import { utf8Text, viewOf } from "../../util/bytes.ts";
import { probeFormat } from "../../storage/graph/formats.ts";
import { storageError } from "./failures.ts";
import type { PoolBackend } from "./pool-backend.ts";
import type { StorageHost } from "./storage-host.ts";

/** Bytes that are asked for to know a format. */
const HEAD_BYTES = 2048;
/** Names in an index page that are taken for images. */
const IMAGE = /\.(?:img|raw|qcow2|iso|vmdk|vdi|vhdx?|qed)$/i;
const MAX_VOLUMES = 1000;

export class HttpPool implements PoolBackend {
  readonly #host: StorageHost;

  constructor(host: StorageHost) {
    this.#host = host;
  }

  /** There is nothing to make on a server. */
  async build(): Promise<void> {}

  async start(pool: PoolSpec): Promise<void> {
    await this.#addresses(pool);
  }

  async scan(pool: PoolSpec): Promise<PoolContents> {
    const addresses = await this.#addresses(pool);
    const found = await Promise.all([...addresses].map((each) => this.#record(...each)));
    const volumes = found.filter((volume) => volume !== null);
    const capacityBytes = volumes.reduce((sum, { physicalBytes }) => sum + physicalBytes, 0);
    return { capacityBytes, allocationBytes: capacityBytes, availableBytes: 0, volumes };
  }

  async deletePool(): Promise<void> {
    throw storageError("noSupport", "pool does not support pool deletion");
  }

  async stat(pool: PoolSpec, name: string): Promise<VolumeRecord> {
    const url = (await this.#addresses(pool)).get(name);
    const found = url === undefined ? null : await this.#record(name, url);
    if (found) return found;
    throw storageError("noStorageVol", `no storage vol with matching name '${name}'`);
  }

  async create(): Promise<void> {
    throw storageError("noSupport", "storage pool does not support volume creation");
  }

  async remove(): Promise<void> {
    throw storageError("noSupport", "storage pool does not support vol deletion");
  }

  async resizeRaw(): Promise<void> {
    throw storageError("noSupport", "storage pool does not support changing of volume capacity");
  }

  /** Addresses by name. */
  async #addresses({ source }: PoolSpec): Promise<ReadonlyMap<string, string>> {
    const listed = source.url === undefined ? [] : await this.#listed(source.url);
    const found = new Map<string, string>();
    for (const url of [...listed, ...(source.urls ?? [])].slice(0, MAX_VOLUMES)) {
      const name = nameOf(url);
      if (name !== "" && !found.has(name)) found.set(name, url);
    }
    return found;
  }

  async #listed(url: string): Promise<readonly string[]> {
    let text: string;
    try {
      const response = await this.#host.fetch(url, {});
      if (response.status !== 200) throw new Error(`the server answers ${response.status}`);
      text = await response.text();
    } catch (error) {
      const why = error instanceof Error ? error.message : "the server does not answer";
      throw storageError("openFailed", `cannot read '${url}': ${why}`, error);
    }
    return addressesIn(text, url);
  }

  /** Null for an address that the server does not give. */
  async #record(name: string, url: string): Promise<VolumeRecord | null> {
    try {
      const headers = { Range: `bytes=0-${HEAD_BYTES - 1}` };
      const response = await this.#host.fetch(url, { headers });
      const total = /\/(\d+)$/.exec(response.headers.get("Content-Range") ?? "")?.[1];
      if (response.status !== 206 || total === undefined) return null;
      const head = new Uint8Array(await response.arrayBuffer());
      return recordOf(name, url, head, Number(total));
    } catch {
      return null;
    }
  }
}

function recordOf(name: string, url: string, head: Uint8Array, length: number): VolumeRecord {
  const format = probeFormat(head, name);
  const isQcow2 = format === "qcow2" && head.length >= 32;
  const capacityBytes = isQcow2 ? Number(viewOf(head).getBigUint64(24)) : length;
  return {
    name,
    key: url,
    path: url,
    type: "network",
    format,
    capacityBytes,
    allocationBytes: length,
    physicalBytes: length,
    readOnly: true,
    modifiedMs: 0,
  };
}

/** JSON: addresses, or objects with one as `url`; else the links of an index page. */
export function addressesIn(text: string, base: string): readonly string[] {
  const found = jsonAddresses(text) ?? linkAddresses(text);
  return found.flatMap((each) => resolved(each, base));
}

function jsonAddresses(text: string): readonly string[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((each: unknown) => {
    const url = typeof each === "object" && each !== null ? (each as { url?: unknown }).url : each;
    return typeof url === "string" ? [url] : [];
  });
}

function linkAddresses(text: string): readonly string[] {
  return [...text.matchAll(/<a\s[^>]*href="([^"]+)"/gi)]
    .map(([, href]) => (href ?? "").replaceAll("&amp;", "&"))
    .filter((href) => IMAGE.test(href));
}

/** Absolute addresses of the web; others are left out. */
function resolved(address: string, base: string): readonly string[] {
  try {
    const url = new URL(address, base);
    return url.protocol === "http:" || url.protocol === "https:" ? [url.href] : [];
  } catch {
    return [];
  }
}

/** The last name of an address's path. */
function nameOf(url: string): string {
  try {
    const last = new URL(url).pathname.split("/").at(-1) ?? "";
    return percentDecoded(last);
  } catch {
    return "";
  }
}

function percentDecoded(text: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const hex = /^%([0-9a-f]{2})/i.exec(text.slice(at, at + 3))?.[1];
    bytes.push(hex === undefined ? text.charCodeAt(at) & 0xff : Number.parseInt(hex, 16));
    if (hex !== undefined) at += 2;
  }
  return utf8Text(Uint8Array.from(bytes)).replaceAll("/", "_");
}
