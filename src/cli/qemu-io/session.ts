import type { ImageOptions } from "../../storage/graph/image-options.ts";
import { ImageOpener, type OpenImage, type OpenRequest } from "../../storage/graph/opener.ts";
import { StorageError } from "../../storage/errors.ts";
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
  #request: OpenRequest | undefined;

  constructor(tools: QemuIoTools) {
    this.tools = tools;
    this.#opener = new ImageOpener(tools.files, (message) => tools.err(`${message}\n`));
  }

  /** @returns false, with the reason on stderr, when the image cannot be opened */
  async open(name: string | undefined, request: OpenRequest): Promise<boolean> {
    if (this.image !== undefined) {
      this.tools.err("file open already, try 'help close'\n");
      return false;
    }
    try {
      this.image = await this.#opener.open(request);
      this.#request = request;
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

  /** Opens the image again in another way. */
  async reopen(write: boolean | undefined, options: ImageOptions): Promise<boolean> {
    const request = this.#request as OpenRequest;
    await this.close();
    const { options: before = {}, ...rest } = request;
    return this.open(request.filename, {
      ...rest,
      write: write ?? request.write,
      options: { ...before, ...options },
    });
  }

  async close(): Promise<void> {
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
