/** `<serial>`: which of the machine's ports it is. */
import { ErrorDomain, vmError } from "../../../../protocol/vm-error.ts";
import { childAt, type Draft, draft, ensureChild } from "../../../xml/draft.ts";

/** The device by target. */
const MODELS: Readonly<Record<string, string>> = {
  "system-serial": "16550a",
  "usb-serial": "usb-serial",
  "pci-serial": "pci-serial",
};

/** The board's own UART is the default, and what `isa-serial` has always meant. */
export function fillSerial(serial: Draft): void {
  const target = ensureChild(serial, "target");
  const given = target.attributes.get("type");
  if (given === "isa-debug") {
    throw vmError("configUnsupported", "isa-debug serial type only valid on x86 architecture", {
      domain: ErrorDomain.domain,
    });
  }
  const type = given === undefined || given === "isa-serial" ? "system-serial" : given;
  target.attributes.set("type", type);
  const model = MODELS[type];
  if (model !== undefined && !childAt(target, "model")) {
    target.children.push(draft("model", { name: model }));
  }
}
