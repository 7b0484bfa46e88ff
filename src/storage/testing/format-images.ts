/** Images of any format in memory: made, opened, and opened again. */
import { Xorshift } from "../../util/xorshift.ts";
import type { BlockNode } from "../block-node.ts";
import { type Keys, NO_KEYS } from "../crypto/secrets.ts";
import { StorageError } from "../errors.ts";
import type { FormatDriver, FormatNode } from "../formats/driver.ts";
import { MemoryNode } from "../protocol/memory-node.ts";
import { run } from "../task.ts";

export interface MemoryImageOptions {
  readonly readOnly?: boolean;
  readonly forCheck?: boolean;
  readonly lookOnly?: boolean;
  /** Options of the node. */
  readonly openOptions?: Readonly<Record<string, string>>;
  /** Images by name, for those that refer to others. */
  readonly images?: ReadonlyMap<string, BlockNode>;
  readonly report?: (message: string) => void;
}

/** The files of one image, by name; the image itself is `image`. */
export class MemoryImage {
  readonly files = new Map<string, MemoryNode>();
  readonly #driver: FormatDriver;
  readonly #random = new Xorshift(1);
  readonly #entropy = {
    fill: (target: Uint8Array): void => {
      for (let i = 0; i < target.length; i++) target[i] = this.#random.below(256);
    },
  };

  readonly #keys: Keys;

  constructor(
    driver: FormatDriver,
    files: ReadonlyMap<string, MemoryNode> = new Map(),
    keys: Keys = NO_KEYS,
  ) {
    this.#keys = keys;
    this.#driver = driver;
    for (const [name, file] of files) this.files.set(name, file);
  }

  get file(): MemoryNode {
    return this.#fileOf("image");
  }

  #fileOf(name: string): MemoryNode {
    const file = this.files.get(name);
    if (file === undefined) throw new StorageError("ENOENT");
    return file;
  }

  async make(
    sizeBytes: number,
    options: Readonly<Record<string, string | number | boolean>> = {},
    images: ReadonlyMap<string, BlockNode> = new Map(),
  ): Promise<this> {
    const { create } = this.#driver;
    if (create === undefined) throw new Error(`${this.#driver.name} images cannot be made`);
    await create.make({
      filename: "image",
      sizeBytes,
      options: new Map(Object.entries(options)),
      entropy: this.#entropy,
      keys: this.#keys,
      // oxlint-disable-next-line require-await
      removeFile: async (name) => void this.files.delete(name),
      nowMs: 1_700_000_000_000,
      report: () => {},
      // oxlint-disable-next-line require-await
      createFile: async (name) => {
        const file = new MemoryNode();
        this.files.set(name, file);
        return file;
      },
      // oxlint-disable-next-line require-await
      openImage: async (name) => {
        const image = images.get(name);
        if (image === undefined) throw new StorageError("ENOENT");
        return image;
      },
    });
    return this;
  }

  open(options: MemoryImageOptions = {}): Promise<FormatNode> {
    return this.openOver(this.file, options);
  }

  /** Opens it over another node than the file in memory. */
  async openOver(file: BlockNode, options: MemoryImageOptions = {}): Promise<FormatNode> {
    const { readOnly = false, forCheck = false, images, report = () => {} } = options;
    const { lookOnly = false, openOptions = {} } = options;
    const node = await this.#driver.open(file, {
      filename: "image",
      readOnly,
      forCheck,
      lookOnly,
      entropy: this.#entropy,
      keys: this.#keys,
      option: (name) => openOptions[name],
      report,
      resolve: (name) => name,
      openFile: (name) => Promise.resolve(this.#fileOf(name)),
    });
    const { backingFile } = node.describe();
    if (backingFile !== undefined) node.backing = images?.get(backingFile);
    if (node.attached !== undefined) await run(node.attached());
    return node;
  }
}
