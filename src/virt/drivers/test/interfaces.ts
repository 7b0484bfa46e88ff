/** The test driver's host interfaces: one at first, with changes in transactions. */
import { ErrorDomain, vmError, wordedVmError } from "../../../protocol/vm-error.ts";
import type { InterfaceRef } from "../../driver/refs.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import { parseXml } from "../../xml/parse.ts";

const ERRORS = { domain: ErrorDomain.interface } as const;

export interface TestInterface {
  readonly definition: XmlElement;
  readonly active: boolean;
}

export function interfaceRef({ definition }: TestInterface): InterfaceRef {
  return {
    name: definition.attributes.get("name") ?? "",
    mac: find(definition, "mac")?.attributes.get("address") ?? "",
  };
}

export class TestInterfaces {
  #byName = new Map<string, TestInterface>();
  /** What there was when the transaction began; null without one. */
  #before: Map<string, TestInterface> | null = null;

  all(): TestInterface[] {
    return [...this.#byName.values()];
  }

  /** @throws VmError noInterface */
  get(name: string): TestInterface {
    const found = this.#byName.get(name);
    if (!found) throw vmError("noInterface", `no interface with matching name '${name}'`, ERRORS);
    return found;
  }

  /** @throws VmError xmlError, xmlDetail */
  define(text: string, active = false): TestInterface {
    const definition = parseXml(text, "interface_definition", "interface");
    const name = definition.attributes.get("name");
    if (name === undefined) throw vmError("xmlError", "interface has no name", ERRORS);
    const made = { definition, active: this.#byName.get(name)?.active ?? active };
    this.#byName.set(name, made);
    return made;
  }

  remove(name: string): void {
    this.get(name);
    this.#byName.delete(name);
  }

  /** @throws VmError operationInvalid where it is so already */
  setActive(name: string, active: boolean): void {
    const old = this.get(name);
    if (old.active === active)
      throw wordedVmError("operationInvalid", "Requested operation is not valid", ERRORS);
    this.#byName.set(name, { ...old, active });
  }

  begin(): void {
    if (this.#before) {
      throw vmError("operationInvalid", "there is another transaction running.", ERRORS);
    }
    this.#before = new Map(this.#byName);
  }

  commit(): void {
    if (!this.#before) {
      throw vmError("operationInvalid", "no transaction running, nothing to be committed.", ERRORS);
    }
    this.#before = null;
  }

  rollback(): void {
    if (!this.#before) {
      throw vmError("operationInvalid", "no transaction running, nothing to rollback.", ERRORS);
    }
    this.#byName = this.#before;
    this.#before = null;
  }
}
