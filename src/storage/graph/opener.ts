import { NO_KEYS } from "../crypto/secrets.ts";
import { StorageError } from "../errors.ts";
import { CopyOnReadNode } from "../filters/copy-on-read-node.ts";
import type { FileHost } from "../ports.ts";
import type { WebImages } from "../protocol/web/open-web.ts";
import { AccessTable } from "./access.ts";
import { type Driver, findDriver } from "./drivers/driver-table.ts";
import { protocolOf } from "./filename.ts";
import { PROBE_BYTES, probeFormat } from "./formats.ts";
import {
  type ImageOptions,
  childOptions,
  mergeOptions,
  parseJsonName,
  textOf,
} from "./image-options.ts";
import type { NodeOpener, NodeRequest, OpenImage, OpenRequest } from "./node-request.ts";
import { switchOption } from "./option-values.ts";

export type { OpenImage, OpenRequest } from "./node-request.ts";

/** What a host may have besides, who else hears something, and what images are opened with. */
type Extras = Partial<
  Pick<NodeOpener, "complain" | "trace" | "opened" | "keys" | "legacyAes" | "sockets">
>;

/** Opens images by name: protocols, probing, backing chains. */
export class ImageOpener {
  readonly #nodes: NodeOpener;

  /**
   * @param report hears warnings and corruption
   * @param web null where addresses are not known
   * @param extras complaints are reported when nobody else hears them
   */
  constructor(
    files: FileHost,
    report: (message: string) => void,
    web: WebImages | null = null,
    extras: Extras = {},
  ) {
    const access = new AccessTable();
    const open = (request: NodeRequest): Promise<OpenImage> => this.#open(request);
    const presets = {
      complain: report,
      trace: () => {},
      opened: () => {},
      keys: NO_KEYS,
      legacyAes: true,
      sockets: null,
    };
    this.#nodes = { files, web, access, report, ...presets, ...extras, open };
  }

  /** @throws StorageError with QEMU's words, the image's name in front */
  async open(request: OpenRequest): Promise<OpenImage> {
    return this.#open({ ...request, options: request.options ?? {}, isProtocol: false, chain: [] });
  }

  async #open(given: NodeRequest): Promise<OpenImage> {
    const request = withJson(given);
    const { options } = request;
    const write = request.write && switchOption(options, "read-only") !== true;
    const driver = namedDriver(request);
    const { copyOnRead = switchOption(options, "copy-on-read") ?? false, ...rest } = request;
    const image =
      driver?.kind === "protocol"
        ? await driver.open(this.#nodes, { ...rest, write })
        : await this.#openAbove({ ...rest, write }, driver);
    return copyOnRead ? withCopyOnRead(image, write) : image;
  }

  /** A format or a filter: what is below it is opened first, and tells the format if need be. */
  async #openAbove(request: NodeRequest, known: Driver | undefined): Promise<OpenImage> {
    const { options, isProtocol, filename } = request;
    const isFilter = known?.kind === "filter";
    demandNoReference(options, "file");
    const file = await this.#nodes.open({
      filename,
      options: childOptions(options, "file"),
      write: request.write,
      share: request.share,
      forCheck: isFilter ? request.forCheck : undefined,
      lookOnly: request.lookOnly,
      noBacking: isFilter ? request.noBacking : undefined,
      writeBacking: isFilter ? request.writeBacking : undefined,
      isProtocol: isFilter ? isProtocol : true,
      chain: isFilter ? request.chain : [],
    });
    try {
      const driver = known ?? (await probe(file));
      if (driver.kind === "protocol") throw new Error(`${driver.name} is no format`);
      const image = await driver.open(this.#nodes, request, file);
      return known === undefined ? this.#guessed(image, request) : image;
    } catch (error) {
      await file.node.close();
      throw error;
    }
  }

  #guessed(image: OpenImage, { write }: NodeRequest): OpenImage {
    if (write && image.driver === "raw") this.#nodes.report(probedRaw(image.filename));
    return { ...image, probed: true };
  }
}

/** What is read from below is kept in the image, whatever its format. */
async function withCopyOnRead(image: OpenImage, write: boolean): Promise<OpenImage> {
  if (write) return { ...image, node: new CopyOnReadNode(image.node) };
  await image.node.close();
  throw new StorageError("EINVAL", "Can't use copy-on-read on read-only device");
}

/** Options out of a `json:` name; those given beside it go first. */
function withJson(request: NodeRequest): NodeRequest {
  const { filename, options } = request;
  if (filename?.startsWith("json:") !== true) return request;
  return {
    ...request,
    filename: undefined,
    options: mergeOptions(parseJsonName(filename), options),
  };
}

/** The driver that was named, or that the name of a protocol leads to; undefined: to be probed. */
function namedDriver(request: NodeRequest): Driver | undefined {
  const { options, filename, isProtocol } = request;
  const name = request.driver ?? textOf(options, "driver");
  if (name !== undefined) {
    const driver = findDriver(name);
    if (driver === undefined) throw new StorageError("EINVAL", `Unknown driver '${name}'`);
    return driver;
  }
  if (!isProtocol) return undefined;
  const given = filename ?? textOf(options, "filename");
  if (given === undefined) throw new StorageError("EINVAL", "Must specify either driver or file");
  const scheme = filename === undefined ? undefined : protocolOf(filename);
  const driver =
    scheme === undefined
      ? findDriver("file")
      : findDriver((scheme.split("+")[0] as string).toLowerCase());
  if (driver?.kind !== "protocol") throw new StorageError("EINVAL", `Unknown protocol '${scheme}'`);
  return driver;
}

function demandNoReference(options: ImageOptions, name: string): void {
  const value = options[name];
  if (typeof value !== "string") return;
  throw new StorageError("EINVAL", `Cannot find device='' nor node-name='${value}'`);
}

async function probe({ node, filename }: OpenImage): Promise<Driver> {
  const head = new Uint8Array(Math.min(PROBE_BYTES, node.sizeBytes));
  await node.read(0, [head]);
  const name = probeFormat(head, filename);
  const driver = findDriver(name);
  if (driver === undefined) throw new StorageError("EINVAL", `Unknown driver '${name}'`);
  return driver;
}

function probedRaw(name: string): string {
  return (
    `WARNING: Image format was not specified for '${name}' and probing guessed raw.\n` +
    "         Automatically detecting the format is dangerous for raw images, write operations on block 0 will be restricted.\n" +
    "         Specify the 'raw' format explicitly to remove the restrictions."
  );
}
