/** What the connection offers, read from its capabilities. */
import { type XmlElement, childElements, find, textAt } from "../../virt/xml/element.ts";

/** One kind of guest: how it is virtualized, for which processor, and on which machine. */
export interface GuestOffer {
  readonly osType: string;
  readonly arch: string;
  readonly domainType: string;
  readonly emulator: string | undefined;
  readonly loader: string | undefined;
  /** The default one first. */
  readonly machines: readonly string[];
  readonly features: ReadonlySet<string>;
}

export interface Wish {
  readonly osType?: string | undefined;
  readonly arch?: string | undefined;
  readonly domainType?: string | undefined;
  readonly machine?: string | undefined;
}

export function hostArch(capabilities: XmlElement): string | undefined {
  return textAt(capabilities, "host", "cpu", "arch");
}

export function hostCpuModel(capabilities: XmlElement): string | undefined {
  return textAt(capabilities, "host", "cpu", "model");
}

export function securityModels(capabilities: XmlElement): string[] {
  const host = find(capabilities, "host");
  return host ? childElements(host, "secmodel").map((model) => textAt(model, "model") ?? "") : [];
}

/** The best offer for a wish. @throws Error in the real tool's words where there is none */
export function bestOffer(capabilities: XmlElement, wish: Wish): GuestOffer {
  const guest = guestFor(capabilities, wish);
  const arch = find(guest, "arch");
  const domain = arch && bestDomain(arch, wish);
  if (!arch || !domain) throw new Error(noDomainText(guest, wish));
  const features = find(guest, "features");
  return {
    osType: textAt(guest, "os_type") ?? "",
    arch: arch.attributes.get("name") ?? "",
    domainType: domain.attributes.get("type") ?? "",
    emulator: textAt(domain, "emulator") ?? textAt(arch, "emulator"),
    loader: textAt(domain, "loader") ?? textAt(arch, "loader"),
    machines: machinesOf(arch, domain),
    features: new Set(features ? childElements(features).map(({ name }) => name) : []),
  };
}

/** Names of machine types that stand for the newest of their kind. @throws Error as above */
export function machineAliases(capabilities: XmlElement, wish: Wish): string[] {
  const guest = guestFor(capabilities, wish);
  const arch = find(guest, "arch");
  const domain = arch && bestDomain(arch, wish);
  const own = domain ? childElements(domain, "machine") : [];
  const machines = own.length > 0 || !arch ? own : childElements(arch, "machine");
  return machines
    .filter(({ attributes }) => attributes.has("canonical"))
    .map((machine) => textAt(machine) ?? "");
}

function guestFor(capabilities: XmlElement, { osType, arch }: Wish): XmlElement {
  const wanted = osType === "linux" ? "xen" : osType;
  for (const tried of arch === undefined ? [hostArch(capabilities), undefined] : [arch]) {
    const found = childElements(capabilities, "guest").find(
      (guest) =>
        (wanted === undefined || textAt(guest, "os_type") === wanted) &&
        (tried === undefined || find(guest, "arch")?.attributes.get("name") === tried),
    );
    if (found) return found;
  }
  const type = wanted === undefined ? "" : ` type '${wanted}'`;
  if (arch !== undefined && wanted !== undefined) {
    throw new Error(`Host does not support virtualization${type} for architecture '${arch}'`);
  }
  if (arch !== undefined) {
    throw new Error(`Host does not support any virtualization options for architecture '${arch}'`);
  }
  if (wanted !== undefined) throw new Error(`Host does not support virtualization${type}`);
  throw new Error("Host does not support any virtualization options");
}

function machineNames(parent: XmlElement): string[] {
  return childElements(parent, "machine").flatMap((machine) => {
    const name = textAt(machine);
    const canonical = machine.attributes.get("canonical");
    return [name, canonical].filter((each): each is string => each !== undefined);
  });
}

/** A domain type's own machines, or those of the processor. */
function machinesOf(arch: XmlElement, domain: XmlElement): string[] {
  const own = machineNames(domain);
  return own.length > 0 ? own : machineNames(arch);
}

function bestDomain(arch: XmlElement, { domainType, machine }: Wish): XmlElement | undefined {
  const offered = childElements(arch, "domain").filter(
    (domain) =>
      (domainType === undefined || domain.attributes.get("type") === domainType.toLowerCase()) &&
      (machine === undefined || machinesOf(arch, domain).includes(machine)),
  );
  for (const type of ["kvm", "xen", "qemu"]) {
    const found = offered.find((domain) => domain.attributes.get("type") === type);
    if (found) return found;
  }
  return offered.at(-1);
}

function noDomainText(guest: XmlElement, { domainType, machine }: Wish): string {
  const osType = textAt(guest, "os_type") ?? "";
  const arch = find(guest, "arch")?.attributes.get("name") ?? "";
  const type = domainType ?? "None";
  return machine === undefined
    ? `Host does not support domain type ${type} for virtualization type '${osType}' with architecture '${arch}'`
    : `Host does not support domain type ${type} with machine '${machine}' for virtualization type '${osType}' with architecture '${arch}'`;
}
