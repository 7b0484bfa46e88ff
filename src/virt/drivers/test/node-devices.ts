/** The test driver's node devices. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { childElements, textAt, type XmlElement } from "../../xml/element.ts";
import { parseXml } from "../../xml/parse.ts";

export class TestNodeDevices {
  readonly #byName = new Map<string, XmlElement>();

  all(): XmlElement[] {
    return [...this.#byName.values()];
  }

  /** @throws VmError noNodeDevice */
  get(name: string): XmlElement {
    const found = this.#byName.get(name);
    if (!found) {
      throw vmError("noNodeDevice", `no node device with matching name '${name}'`, {
        domain: ErrorDomain.nodedev,
      });
    }
    return found;
  }

  /** @throws VmError xmlError, xmlDetail */
  add(text: string): XmlElement {
    const device = parseXml(text, "node_device_definition", "device");
    const name = textAt(device, "name");
    if (name === undefined) {
      throw vmError("xmlError", "no device name specified", { domain: ErrorDomain.nodedev });
    }
    this.#byName.set(name, device);
    return device;
  }

  remove(name: string): void {
    this.get(name);
    this.#byName.delete(name);
  }
}

/** The types of a device's capabilities. */
export function capabilitiesOf(device: XmlElement): string[] {
  return childElements(device, "capability").flatMap((each) => each.attributes.get("type") ?? []);
}
