/** What a storage worker needs of its host. */
import type { DirectoryHost, FileHost } from "../../storage/ports.ts";
import type { WebImages } from "../../storage/protocol/web/open-web.ts";

export interface HostSpace {
  readonly capacityBytes: number;
  readonly availableBytes: number;
}

/** The part of `fetch` that is used. */
export type Fetch = (
  url: string,
  init: { readonly method?: "GET" | "HEAD"; readonly headers?: Record<string, string> },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}>;

export interface StorageHost {
  readonly files: FileHost;
  readonly directories: DirectoryHost;
  readonly fetch: Fetch;
  /** Images by address; null where they cannot be read. */
  readonly web: WebImages | null;
  /** How much room there is where `path` is. */
  space(path: string): Promise<HostSpace>;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Lets the event loop take messages; resolves in a later turn of it. */
  turn(): Promise<void>;
}
