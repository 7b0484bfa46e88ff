/** Definitions in files, laid out as libvirt's: `qemu/NAME.xml`, `qemu/autostart/NAME.xml`. */
import type { XmlElement } from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import type { TextFiles } from "./ports.ts";

const XML = ".xml";

export interface StoredDefinition {
  readonly name: string;
  readonly text: string;
  readonly autostart: boolean;
}

/**
 * The definitions of one kind of object. Every change is one write or one removal that counts; what
 * is written before it has no effect alone, and what is left after it is swept up by `load`.
 */
export class DefinitionFiles {
  readonly #files: TextFiles;
  readonly #directory: string;

  /** @param directory `qemu` or `qemu/networks` */
  constructor(files: TextFiles, directory: string) {
    this.#files = files;
    this.#directory = directory;
  }

  async load(): Promise<StoredDefinition[]> {
    const names = await this.#names(this.#directory);
    const marks = new Set(await this.#names(this.#autostartDirectory));
    for (const mark of marks) {
      if (!names.includes(mark)) await this.#files.remove(this.#markOf(mark));
    }
    const found: StoredDefinition[] = [];
    for (const name of names) {
      const text = await this.#files.read(this.#fileOf(name));
      // What browsers leave of a file that was being made.
      if (text === "") await this.remove(name);
      else if (text !== null) found.push({ name, text, autostart: marks.has(name) });
    }
    return found;
  }

  save(name: string, definition: XmlElement): Promise<void> {
    return this.#files.write(this.#fileOf(name), formatXml(definition));
  }

  async remove(name: string): Promise<void> {
    await this.#files.remove(this.#fileOf(name));
    await this.#files.remove(this.#markOf(name));
  }

  async setAutostart(name: string, autostart: boolean): Promise<void> {
    if (autostart) await this.#files.write(this.#markOf(name), "");
    else await this.#files.remove(this.#markOf(name));
  }

  /** Between the two files' changes both are whole, and `load`'s caller keeps one of them. */
  async rename(from: string, to: string, definition: XmlElement, auto: boolean): Promise<void> {
    if (auto) await this.setAutostart(to, true);
    await this.save(to, definition);
    await this.remove(from);
  }

  get #autostartDirectory(): string {
    return `${this.#directory}/autostart`;
  }

  async #names(directory: string): Promise<string[]> {
    const files = await this.#files.list(directory);
    return files.filter((file) => file.endsWith(XML)).map((file) => file.slice(0, -XML.length));
  }

  #fileOf(name: string): string {
    return `${this.#directory}/${name}${XML}`;
  }

  #markOf(name: string): string {
    return `${this.#autostartDirectory}/${name}${XML}`;
  }
}
