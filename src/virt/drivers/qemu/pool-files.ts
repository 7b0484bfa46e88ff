/** Pools' definitions in files, laid out as libvirt's: `storage/NAME.xml`, `storage/autostart/NAME.xml`. */
import { vmError } from "../../../protocol/vm-error.ts";
import { checkUnique } from "../../storage/pool-checks.ts";
import { inactivePool, type PoolDefinition } from "../../storage/pool.ts";
import type { PoolStore } from "../../storage/ports.ts";
import { formatXml } from "../../xml/format.ts";
import { DefinitionFiles } from "./definition-files.ts";
import { poolDefinition, storedPoolXml } from "./pool-xml.ts";
import type { QemuPorts } from "./ports.ts";

/** Left before a pool is forgotten, so that who forgets every pool does not get the first ones back. */
const MARK = "storage/visited";
const JSON_FILE = ".json";

type Ports = Pick<QemuPorts, "files" | "newUuid" | "earlierPools">;

export class PoolFiles implements PoolStore {
  readonly #ports: Ports;
  readonly #files: DefinitionFiles;
  readonly #damaged: (name: string, error: unknown) => void;

  /** @param damaged told each file that is no definition; it is left alone */
  constructor(ports: Ports, damaged: (name: string, error: unknown) => void) {
    this.#ports = ports;
    this.#files = new DefinitionFiles(ports.files, "storage");
    this.#damaged = damaged;
  }

  async load(): Promise<readonly PoolDefinition[] | null> {
    const stored = await this.#stored();
    const all = [...stored, ...(await this.#convertEarlier(stored))];
    const isFirst = all.length === 0 && (await this.#ports.files.read(MARK)) === null;
    return isFirst ? null : all;
  }

  /** One write that counts: a mark for autostart has no effect without the definition. */
  async save(definition: PoolDefinition): Promise<void> {
    if (definition.autostart) await this.#files.setAutostart(definition.name, true);
    await this.#files.save(definition.name, storedPoolXml(definition));
  }

  setAutostart({ name }: PoolDefinition, autostart: boolean): Promise<void> {
    return this.#files.setAutostart(name, autostart);
  }

  async remove({ name }: PoolDefinition): Promise<void> {
    await this.#ports.files.write(MARK, "");
    await this.#files.remove(name);
  }

  async #stored(): Promise<PoolDefinition[]> {
    const found: PoolDefinition[] = [];
    for (const { name, text, autostart } of await this.#files.load()) {
      try {
        const definition = poolDefinition(text, this.#ports, autostart);
        if (definition.name !== name) {
          throw vmError("internalError", `it is of the pool '${definition.name}'`);
        }
        checkUnique(
          definition,
          found.map((each) => inactivePool(each, true)),
          false,
        );
        found.push(definition);
      } catch (error) {
        this.#damaged(name, error);
      }
    }
    return found;
  }

  /**
   * Writes what an earlier version left as libvirt's XML. A file goes once its XML is there, so that
   * a crash leaves it to the next time.
   */
  async #convertEarlier(stored: readonly PoolDefinition[]): Promise<PoolDefinition[]> {
    const earlier = this.#ports.earlierPools;
    const names = (await earlier?.list()) ?? null;
    if (!earlier || names === null) return [];
    const converted: PoolDefinition[] = [];
    for (const name of names.filter((each) => each.endsWith(JSON_FILE))) {
      try {
        const definition = this.#fromJson((await earlier.read(name)) ?? "");
        if (!stored.some(({ uuid }) => uuid === definition.uuid)) {
          await this.save(definition);
          converted.push(definition);
        }
        await earlier.remove(name);
      } catch (error) {
        this.#damaged(name, error);
      }
    }
    if (stored.length + converted.length === 0) await this.#ports.files.write(MARK, "");
    await earlier.clear();
    return converted;
  }

  /** What its XML keeps of it. */
  #fromJson(text: string): PoolDefinition {
    const { form, definition } = JSON.parse(text) as { form: unknown; definition: PoolDefinition };
    if (form !== 1) throw vmError("internalError", `unknown form ${String(form)}`);
    const xml = formatXml(storedPoolXml(definition));
    return poolDefinition(xml, this.#ports, definition.autostart);
  }
}
