/** Ports of character devices, and what the first console and the first serial port are to each other. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { childAt, childrenOf, type Draft, draft, draftText, ensureChild } from "../../xml/draft.ts";

const CONF = { domain: ErrorDomain.domain } as const;

/** Kinds of serial ports that guests may use as their console. */
const CONSOLE_SERIALS: readonly (string | undefined)[] = [
  undefined,
  "none",
  "isa-serial",
  "spapr-vio-serial",
  "system-serial",
  "sclp-serial",
];

/**
 * Numbers serial and parallel ports and consoles; in a full virtual machine the first serial port is also
 * its console, and the other way round (virDomainDefAddConsoleCompat).
 *
 * @throws VmError configUnsupported
 */
export function fillConsoles(domain: Draft, devices: Draft): void {
  for (const name of ["parallel", "serial"]) numberPorts(childrenOf(devices, name));
  for (const [port, console] of childrenOf(devices, "console").entries()) {
    const target = ensureChild(console, "target");
    const type = target.attributes.get("type") ?? "none";
    target.attributes = new Map([
      ["type", type === "none" ? "serial" : type],
      ["port", String(port)],
    ]);
    target.children = [];
    if (port > 0 && target.attributes.get("type") === "serial") {
      throw vmError("configUnsupported", "Only the first console can be a serial port", CONF);
    }
  }
  const type = childAt(domain, "os", "type");
  if (type && draftText(type).trim() === "hvm") joinFirst(devices);
}

/** Ports without a number get the one after the highest. */
function numberPorts(ports: readonly Draft[]): void {
  const targets = ports.map((each) => ensureChild(each, "target"));
  for (const { attributes } of targets) {
    if (attributes.has("port")) continue;
    const taken = targets.flatMap((each) => each.attributes.get("port") ?? []).map(Number);
    attributes.set("port", String(Math.max(-1, ...taken) + 1));
  }
}

function joinFirst(devices: Draft): void {
  const [console] = childrenOf(devices, "console");
  const isSerial = console && childAt(console, "target")?.attributes.get("type") === "serial";
  if (isSerial && childrenOf(devices, "serial").length === 0) {
    devices.children.push(likeOf(console, "serial", { port: 0 }));
  }
  const [serial] = childrenOf(devices, "serial");
  if (!serial) return;
  const target = childAt(serial, "target")?.attributes;
  const made = likeOf(serial, "console", { type: "serial", port: target?.get("port") });
  if (isSerial) devices.children[devices.children.indexOf(console)] = made;
  else if (CONSOLE_SERIALS.includes(target?.get("type"))) {
    const at = console ? devices.children.indexOf(console) : devices.children.length;
    devices.children.splice(at, 0, made);
  }
}

/** The same device under another name, with another target. */
function likeOf(
  device: Draft,
  name: "serial" | "console",
  target: Readonly<Record<string, string | number | undefined>>,
): Draft {
  return {
    ...draft(name),
    attributes: new Map(device.attributes),
    children: [
      ...device.children.filter((each) => each.kind !== "element" || each.name !== "target"),
      draft("target", target),
    ],
  };
}
