/** Device addresses: numbers in the form in which libvirt writes each part. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { childAt, type Draft } from "../../xml/draft.ts";
import { hex, wholeAttribute } from "../values.ts";

/** Digits of the hexadecimal parts, or `decimal`, by type of address; each with its default. */
const PARTS: Readonly<
  Record<
    string,
    Readonly<Record<string, { readonly digits: number | "decimal"; readonly default: number }>>
  >
> = {
  pci: {
    domain: { digits: 4, default: 0 },
    bus: { digits: 2, default: 0 },
    slot: { digits: 2, default: 0 },
    function: { digits: 1, default: 0 },
  },
  drive: {
    controller: { digits: "decimal", default: 0 },
    bus: { digits: "decimal", default: 0 },
    target: { digits: "decimal", default: 0 },
    unit: { digits: "decimal", default: 0 },
  },
  "virtio-serial": {
    controller: { digits: "decimal", default: 0 },
    bus: { digits: "decimal", default: 0 },
    port: { digits: "decimal", default: 0 },
  },
  ccid: {
    controller: { digits: "decimal", default: 0 },
    slot: { digits: "decimal", default: 0 },
  },
};

/** Writes the numbers of the device's address canonically. @throws VmError xmlError, internalError */
export function fillAddress(device: Draft): void {
  const address = childAt(device, "address");
  const parts = PARTS[address?.attributes.get("type") ?? ""];
  if (!address || !parts) return;
  // An address of only a type asks for one to be chosen.
  if (address.attributes.size === 1) return;
  const written = new Map([["type", address.attributes.get("type") ?? ""]]);
  for (const [name, { digits, default: missing }] of Object.entries(parts)) {
    const value = wholeAttribute(address, name) ?? missing;
    written.set(name, digits === "decimal" ? String(value) : hex(value, digits));
  }
  for (const [name, value] of address.attributes) if (!written.has(name)) written.set(name, value);
  address.attributes = written;
  if (address.attributes.get("type") === "pci") checkPci(address);
  if (address.attributes.get("multifunction") === "default") {
    address.attributes.delete("multifunction");
  }
}

function checkPci(address: Draft): void {
  const limits = { domain: 0xffff, bus: 0xff, slot: 0x1f, function: 7 };
  for (const [name, max] of Object.entries(limits)) {
    const value = Number(address.attributes.get(name));
    if (value > max) {
      throw vmError(
        "xmlError",
        `Invalid PCI address ${name}='${hex(value, 1)}', must be <= ${hex(max, 1).toUpperCase().replace("X", "x")}`,
        { domain: ErrorDomain.domain },
      );
    }
  }
}
