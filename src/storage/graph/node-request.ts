import type { BlockNode } from "../block-node.ts";
import type { BlkdebugNode } from "../filters/blkdebug/blkdebug-node.ts";
import type { Keys } from "../crypto/secrets.ts";
import type { JsonObject } from "../json.ts";
import type { FileHost, SocketHost } from "../ports.ts";
import type { FileNode } from "../protocol/file-node.ts";
import type { WebImages } from "../protocol/web/open-web.ts";
import type { AccessTable } from "./access.ts";
import type { ImageOptions } from "./image-options.ts";

export interface OpenRequest {
  /** A path, `json:{…}` or `protocol:…`; absent when the options name a file. */
  readonly filename?: string | undefined;
  readonly options?: ImageOptions | undefined;
  /** The format; probed when absent. */
  readonly driver?: string | undefined;
  readonly write: boolean;
  readonly share?: boolean | undefined;
  /** Damage that makes other uses unsafe is let pass. */
  readonly forCheck?: boolean | undefined;
  /** Only metadata are looked at: encrypted images need no password. */
  readonly lookOnly?: boolean | undefined;
  /** Leaves the backing image out. */
  readonly noBacking?: boolean | undefined;
  /** Opens backing images for writing too (commit). */
  readonly writeBacking?: boolean | undefined;
  /** What is read from a backing image is kept in the image. */
  readonly copyOnRead?: boolean | undefined;
}

/** One node to be opened, with all that it inherits. */
export interface NodeRequest extends OpenRequest {
  readonly options: ImageOptions;
  /** Without a driver it is a protocol, chosen by the name; otherwise a format, which is probed. */
  readonly isProtocol: boolean;
  /** The images of the backing chain above, as the host names them. */
  readonly chain: readonly string[];
}

/** An image of the graph with what it was opened from. */
export interface OpenImage {
  readonly node: BlockNode;
  readonly driver: string;
  /** The name that users see. */
  readonly filename: string;
  /** The name that opens the same nodes again; undefined where only options can. */
  readonly exactName: string | undefined;
  /** Options that open the same nodes again. */
  readonly fullOptions: JsonObject;
  /** The name of the file that holds its data. */
  readonly dataName: string;
  /** The file that names of other files are relative to. */
  readonly basePath: string | undefined;
  readonly backing: OpenImage | undefined;
  /** The format was guessed, so block 0 of a raw image must not become another format's header. */
  readonly probed: boolean;
  /** Bytes that its own files take on the host; undefined where the host does not say. */
  readonly allocatedBytes: number | undefined;
  /** Where breakpoints can be set, if anywhere below. */
  readonly debugger?: BlkdebugNode | undefined;
}

/** What drivers need to open their nodes. */
export interface NodeOpener {
  readonly files: FileHost;
  /** Null where addresses are not known. */
  readonly web: WebImages | null;
  /** Null where the host has none. */
  readonly sockets: SocketHost | null;
  readonly access: AccessTable;
  readonly keys: Keys;
  /** Images with qcow2's legacy AES are taken; machines do not run from them. */
  readonly legacyAes: boolean;
  /** Hears warnings and corruption. */
  report(message: string): void;
  /** Hears what went wrong and no operation can fail for; the program's name goes in front. */
  complain(message: string): void;
  /** Hears of each file of the host that is opened. */
  opened(path: string, node: FileNode): void;
  /** Hears what a debugging node does. */
  trace(message: string): void;
  open(request: NodeRequest): Promise<OpenImage>;
}
