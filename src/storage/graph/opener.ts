import type { BlockNode } from "../block-node.ts";
import { StorageError, errnoOf, strerror } from "../errors.ts";
import { RawNode } from "../formats/raw/raw-node.ts";
import { checkQcow2 } from "../formats/qcow2/check.ts";
import { openQcow2 } from "../formats/qcow2/open.ts";
import { Qcow2Node } from "../formats/qcow2/qcow2-node.ts";
import type { FileHost, ImageFile, OpenFileOptions } from "../ports.ts";
import { FileNode } from "../protocol/file-node.ts";
import { NullNode } from "../protocol/null-node.ts";
import { type WebImages, isWebDriver, openWeb } from "../protocol/web/open-web.ts";
import { run } from "../task.ts";
import { AccessTable, lockRefused } from "./access.ts";
import type { FormatDriver } from "../formats/driver.ts";
import { findDriver } from "../formats/drivers.ts";
import { pathOf, protocolOf, resolveBacking } from "./filename.ts";
import { PROBE_BYTES, probeFormat } from "./formats.ts";
import { type ImageOptions, parseJsonName, parseSwitch } from "./image-options.ts";

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
  /** Leaves the backing image out. */
  readonly noBacking?: boolean | undefined;
  /** Opens backing images for writing too (commit). */
  readonly writeBacking?: boolean | undefined;
}

/** An image of the graph with what it was opened from. */
export interface OpenImage {
  readonly node: BlockNode;
  readonly driver: string;
  readonly filename: string;
  readonly protocol: BlockNode;
  readonly backing: OpenImage | undefined;
  /** The format was guessed, so block 0 of a raw image must not become another format's header. */
  readonly probed: boolean;
  /** Bytes that its own files take on the host; undefined where the host does not say. */
  readonly allocatedBytes: number | undefined;
}

/** Longer chains than anyone has are cycles through names that look different. */
const MAX_CHAIN = 200;

/** Opens images by name: protocols, probing, backing chains. */
export class ImageOpener {
  readonly #files: FileHost;
  readonly #access = new AccessTable();
  readonly #report: (message: string) => void;
  readonly #web: WebImages | null;

  /**
   * @param report hears warnings and corruption
   * @param web null where addresses are not known
   */
  constructor(files: FileHost, report: (message: string) => void, web: WebImages | null = null) {
    this.#files = files;
    this.#report = report;
    this.#web = web;
  }

  /** @throws StorageError with QEMU's words, the image's name in front */
  async open(request: OpenRequest): Promise<OpenImage> {
    return this.#open(request, []);
  }

  async #open(request: OpenRequest, chain: readonly string[]): Promise<OpenImage> {
    const options = optionsOf(request);
    const name = nameOf(request, options);
    return this.#openNamed(request, options, name, chain);
  }

  async #openNamed(
    request: OpenRequest,
    options: ImageOptions,
    name: string,
    chain: readonly string[],
  ): Promise<OpenImage> {
    const write = request.write && parseSwitch("read-only", options["read-only"]) !== true;
    const protocol = await this.#protocol(name, options, { ...request, write });
    try {
      const given = request.driver ?? stringOf(options["driver"]);
      const isProtocol = given !== undefined && PROTOCOLS.has(given);
      const driver = isProtocol ? "raw" : (given ?? (await probe(protocol, name)));
      const probed = given === undefined;
      return await this.#format(
        driver,
        protocol,
        { ...request, write },
        { options, name, chain, probed },
      );
    } catch (error) {
      await protocol.close();
      throw error;
    }
  }

  async #protocol(name: string, options: ImageOptions, request: OpenRequest): Promise<BlockNode> {
    const file = typeof options["file"] === "object" ? (options["file"] as ImageOptions) : options;
    const driver = stringOf(file["driver"]) ?? "file";
    if (file !== options && (driver === "qcow2" || driver === "raw")) {
      const { write, share } = request;
      return (await this.#open({ options: file, write, share }, [])).node;
    }
    if (driver === "null-co" || driver === "null-aio" || /^null-(?:co|aio):\/\//.test(name))
      return new NullNode(Number(file["size"] ?? 1 << 30));
    const scheme = protocolOf(name);
    const url = stringOf(file["url"]);
    if (isWebDriver(driver) && url === undefined)
      throw new StorageError("EINVAL", "Parameter 'url' is missing");
    if (isWebDriver(driver) || isWebDriver(scheme))
      return openWeb(this.#web, url ?? name, request.write);
    if (scheme !== undefined && scheme !== "file")
      throw new StorageError("EINVAL", `Unknown protocol '${scheme}'`);
    const path = pathOf(name);
    if (path === "")
      throw new StorageError("EINVAL", "The 'file' block driver requires a file name");
    const { write, share = false } = request;
    const opened = await this.#openFile(path, { write, share });
    try {
      const identity = this.#files.identity(path);
      const release = this.#access.acquire(identity, { write, share }, path);
      return new FileNode(opened, !write, release);
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  async #openFile(path: string, options: OpenFileOptions): Promise<ImageFile> {
    try {
      return await this.#files.open(path, options);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === "EAGAIN") throw lockRefused(options.write, path);
      if (errno === "EISDIR") {
        throw new StorageError(
          "EINVAL",
          "The 'file' driver requires '" + path + "' to be a regular file",
        );
      }
      throw new StorageError(errno, `Could not open '${path}': ${strerror(errno)}`, error);
    }
  }

  async #format(
    driver: string,
    protocol: BlockNode,
    request: OpenRequest,
    context: { options: ImageOptions; name: string; chain: readonly string[]; probed: boolean },
  ): Promise<OpenImage> {
    const { name, probed, options } = context;
    const common = { driver, filename: name, protocol, probed };
    if (driver === "raw") {
      if (probed && request.write) this.#report(probedRaw(name));
      const offset = numberOf(options["offset"]);
      const size = numberOf(options["size"]);
      const window = {
        ...(offset !== undefined && { offset }),
        ...(size !== undefined && { size }),
      };
      const node = new RawNode(protocol, window);
      return { ...common, node, backing: undefined, allocatedBytes: allocatedBytes(protocol) };
    }
    if (driver === "qcow2") return this.#qcow2(protocol, request, context);
    const other = findDriver(driver);
    if (other !== undefined) return this.#other(other, protocol, request, context);
    throw new StorageError("EINVAL", `Unknown driver '${driver}'`);
  }

  /** An image of any format that keeps to the common interface. */
  async #other(
    driver: FormatDriver,
    protocol: BlockNode,
    request: OpenRequest,
    context: { options: ImageOptions; name: string; chain: readonly string[]; probed: boolean },
  ): Promise<OpenImage> {
    const { options, name, chain, probed } = context;
    const { write, share } = request;
    const node = await driver.open(protocol, {
      filename: name,
      readOnly: !write,
      forCheck: request.forCheck === true,
      entropy: this.#files.entropy,
      option: (key) => stringOf(options[key]),
      report: this.#report,
      openFile: async (file) =>
        (
          await this.#open(
            { filename: resolveBacking(name, file), driver: "raw", write, share },
            [],
          )
        ).node,
    });
    const others = node.otherFiles ?? [];
    try {
      const { backingFile, backingFormat } = node.describe();
      const from = { ...request, name, options, chain };
      const backing = await this.#backing({ backingFile, backingFormat }, from);
      node.backing = backing?.node;
      if (node.attached !== undefined) await run(node.attached());
      const sizes = [protocol, ...others].map(allocatedBytes);
      const isKnown = sizes.every((size) => size !== undefined);
      const allocated = isKnown ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
      const found = { node, driver: driver.name, filename: name, protocol, backing, probed };
      return { ...found, allocatedBytes: allocated };
    } catch (error) {
      for (const other of others) await other.close();
      await node.backing?.close();
      throw error;
    }
  }

  async #qcow2(
    protocol: BlockNode,
    request: OpenRequest,
    context: { options: ImageOptions; name: string; chain: readonly string[]; probed: boolean },
  ): Promise<OpenImage> {
    const { options, name, chain, probed } = context;
    let dataFile: OpenImage | undefined;
    const image = await openQcow2(protocol, {
      readOnly: !request.write,
      forCheck: request.forCheck === true,
      lazyRefcounts: parseSwitch("lazy-refcounts", options["lazy-refcounts"]),
      report: this.#report,
      openDataFile: async (inImage) => {
        dataFile = await this.#dataFile(inImage, name, options, request);
        return dataFile?.node;
      },
    });
    const node = new Qcow2Node(image);
    if (request.write && request.forCheck !== true && (image.header.incompatible & 1) !== 0)
      await run(checkQcow2(image, "all"));
    const backing = await this.#backing(image.header, { ...request, name, options, chain });
    image.backing = backing?.node;
    const own = allocatedBytes(protocol);
    const others = dataFile?.allocatedBytes ?? 0;
    const allocated = own === undefined ? undefined : own + others;
    return {
      node,
      driver: "qcow2",
      filename: name,
      protocol,
      backing,
      probed,
      allocatedBytes: allocated,
    };
  }

  async #dataFile(
    inImage: string | undefined,
    name: string,
    options: ImageOptions,
    request: OpenRequest,
  ): Promise<OpenImage | undefined> {
    const given = options["data-file"];
    const { write, share } = request;
    if (typeof given === "object" && given !== null)
      return this.#open({ options: given, driver: "raw", write, share }, []);
    if (inImage === undefined) return undefined;
    const filename = resolveBacking(name, inImage);
    return this.#open({ filename, driver: "raw", write, share }, []);
  }

  async #backing(
    header: {
      readonly backingFile: string | undefined;
      readonly backingFormat: string | undefined;
    },
    request: OpenRequest & { name: string; options: ImageOptions; chain: readonly string[] },
  ): Promise<OpenImage | undefined> {
    const { options, name, chain } = request;
    const given = options["backing"];
    if (request.noBacking === true || given === null || given === "") return undefined;
    const { backingFile, backingFormat } = header;
    const isGiven = typeof given === "object";
    if (backingFile === undefined && !isGiven) return undefined;
    const filename = backingFile === undefined ? undefined : resolveBacking(name, backingFile);
    const identity = filename === undefined ? "" : this.#files.identity(pathOf(filename));
    const own = this.#files.identity(pathOf(name));
    if ([...chain, own].includes(identity) || chain.length > MAX_CHAIN)
      throw new StorageError("EINVAL", "The backing file chain leads back to the image itself");
    const write = request.writeBacking === true;
    const rest = { write, writeBacking: write, share: request.share };
    try {
      if (isGiven && given["file"] !== undefined)
        return await this.#open({ ...rest, options: given }, [...chain, own]);
      const driver = stringOf(isGiven ? given["driver"] : undefined) ?? backingFormat;
      return await this.#open({ ...rest, filename, driver }, [...chain, own]);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      const inner = error.message;
      throw new StorageError(error.errno, `Could not open backing file: ${inner}`, error);
    }
  }
}

const PROTOCOLS = new Set(["file", "null-co", "null-aio", "http", "https"]);

function optionsOf(request: OpenRequest): ImageOptions {
  const { filename, options = {} } = request;
  return filename?.startsWith("json:") === true
    ? { ...parseJsonName(filename), ...options }
    : options;
}

function nameOf({ filename }: OpenRequest, options: ImageOptions): string {
  if (filename !== undefined && !filename.startsWith("json:")) return filename;
  let at: ImageOptions = options;
  while (typeof at["file"] === "object" && at["file"] !== null) at = at["file"];
  return (
    stringOf(at["filename"]) ??
    stringOf(at["url"]) ??
    (typeof at["driver"] === "string" ? `${at["driver"]}://` : "")
  );
}

function stringOf(value: ImageOptions[string] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function numberOf(value: ImageOptions[string] | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function allocatedBytes(protocol: BlockNode): number | undefined {
  if (protocol instanceof RawNode) return allocatedBytes(protocol.file);
  return protocol instanceof FileNode ? protocol.allocatedBytes() : undefined;
}

async function probe(protocol: BlockNode, name: string): Promise<string> {
  const head = new Uint8Array(Math.min(PROBE_BYTES, protocol.sizeBytes));
  await protocol.read(0, [head]);
  return probeFormat(head, name);
}

function probedRaw(name: string): string {
  return (
    `WARNING: Image format was not specified for '${name}' and probing guessed raw.\n` +
    "         Automatically detecting the format is dangerous for raw images, write operations on block 0 will be restricted.\n" +
    "         Specify the 'raw' format explicitly to remove the restrictions."
  );
}
