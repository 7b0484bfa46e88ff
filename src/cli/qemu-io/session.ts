import { ImageOpener, type OpenImage, type OpenRequest } from "../../storage/graph/opener.ts";
import type { Keys } from "../../storage/crypto/secrets.ts";
import { StorageError } from "../../storage/errors.ts";
import { createQcow2 } from "../../storage/formats/qcow2/create.ts";
import { openQcow2 } from "../../storage/formats/qcow2/open.ts";
import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import { judgeQcow2 } from "../../storage/graph/creator.ts";
import { MemoryNode } from "../../storage/protocol/memory-node.ts";
import { Refusal } from "./arguments.ts";
import type { ImageTools } from "../image/tools.ts";

/** Signals that end the program as a crash would. */
export interface QemuIoTools extends ImageTools {
  raise(signal: number): void;
  sleep(ms: number): Promise<void>;
}

/** A qemu-io at work: the image that is open, if any. */
export class Session {
  readonly tools: QemuIoTools;
  readonly #opener: ImageOpener;
  image: OpenImage | undefined;
  /** Every write is followed by a flush. */
  writeThrough = false;
  /** What the image was opened by. */
  request: OpenRequest | undefined;
  readonly #running = new Set<Promise<unknown>>();

  constructor(tools: QemuIoTools, keys: Keys) {
    this.tools = tools;
    const report = (message: string): void => tools.err(`${message}\n`);
    const trace = (message: string): void => tools.out(`${message}\n`);
    const complain = (message: string): void => tools.err(`qemu-io: ${message}\n`);
    this.#opener = new ImageOpener(tools.files, report, tools.web, {
      trace,
      complain,
      keys,
      sockets: tools.sockets,
    });
  }

  /**
   * @param snapshot writes go to memory and are gone at the end
   * @returns false, with the reason on stderr, when the image cannot be opened
   */
  async open(name: string | undefined, request: OpenRequest, snapshot = false): Promise<boolean> {
    if (this.image !== undefined) {
      this.tools.err("file open already, try 'help close'\n");
      return false;
    }
    try {
      this.image = snapshot
        ? await temporaryOverlay(await this.#opener.open({ ...request, write: false }))
        : await this.#opener.open(request);
      this.request = request;
      return true;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      const device = name === undefined ? "" : ` ${name}`;
      this.tools.err(
        `qemu-io: can't open${name === undefined ? "" : " device"}${device}: ${error.message}\n`,
      );
      return false;
    }
  }

  /**
   * Opens the image again in another way.
   *
   * @throws StorageError when that cannot be; it is open as before then
   */
  async replace(request: OpenRequest): Promise<void> {
    const before = this.request as OpenRequest;
    await this.close();
    try {
      this.image = await this.#opener.open(request);
      this.request = request;
    } catch (error) {
      this.image = await this.#opener.open(before);
      throw error;
    }
  }

  /** Starts a request that nobody waits for before `settle`; a refusal is said at once. */
  startRequest(request: () => Promise<boolean>): void {
    const running: Promise<unknown> = request()
      .catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
        this.tools.out(error.message);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Waits for all requests that were started. */
  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }

  async close(): Promise<void> {
    await this.settle();
    const { image } = this;
    this.image = undefined;
    try {
      await image?.node.close();
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.tools.err(`qemu-io: Failed to close the image: ${error.message}\n`);
    }
  }
}

/** An image in memory over one that stays as it is. */
async function temporaryOverlay(base: OpenImage): Promise<OpenImage> {
  const file = new MemoryNode();
  const report = (): void => {};
  const request = { sizeBytes: base.node.sizeBytes, options: new Map<string, string>() };
  const judged = judgeQcow2(request);
  const { dataFileName: _name, dataFileRaw: _raw, encryption: _none, ...options } = judged;
  await createQcow2(file, { ...options, report });
  const image = await openQcow2(file, { readOnly: false, report });
  image.backing = base.node;
  const node = new Qcow2Node(image);
  return { ...base, node, driver: "qcow2", backing: base, probed: false };
}
