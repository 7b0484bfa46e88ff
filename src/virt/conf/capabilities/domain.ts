/** `virsh domcapabilities` of the qemu driver: what a guest may have. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { element, textElement, type XmlElement } from "../../xml/element.ts";

export interface DomainCapabilities {
  readonly emulator: string;
  /** `qemu`, or `kvm` where guests run on the CPU itself. */
  readonly virtTypes: readonly string[];
  readonly maxVcpus: number;
  /** The EFI firmware in flash; null where there is none. */
  readonly efiLoader: string | null;
}

/** What was asked for; what is null is the driver's choice. */
export interface DomainCapabilitiesQuery {
  readonly emulator: string | null;
  readonly arch: string | null;
  readonly machine: string | null;
  readonly virttype: string | null;
}

type Supported = Readonly<Record<string, readonly string[]>>;

/** Devices by element and list, in the order of the schema; null for what the machine does not have. */
const DEVICES: readonly (readonly [string, Supported | null])[] = [
  [
    "disk",
    {
      diskDevice: ["disk", "cdrom"],
      bus: ["scsi", "virtio"],
      model: ["virtio"],
    },
  ],
  ["graphics", null],
  ["video", null],
  ["hostdev", null],
  ["rng", { model: ["virtio"], backendModel: ["random"] }],
  ["filesystem", null],
  ["tpm", null],
  ["redirdev", null],
  ["channel", { type: ["pty", "unix"] }],
];

const FEATURES = [
  ["gic", "no"],
  ["vmcoreinfo", "no"],
  ["genid", "no"],
  ["backingStoreInput", "yes"],
  ["backup", "no"],
  ["sev", "no"],
  ["sgx", "no"],
] as const;

/**
 * The document, in libvirt's schema `domaincaps.rng`.
 *
 * @throws VmError invalidArg for what the driver has not
 */
export function domainCapabilities(
  driver: DomainCapabilities,
  query: DomainCapabilitiesQuery,
): XmlElement {
  const type = checkQuery(driver, query);
  return element("domainCapabilities", {}, [
    textElement("path", driver.emulator),
    textElement("domain", type),
    textElement("machine", "virt"),
    textElement("arch", "riscv64"),
    element("vcpu", { max: driver.maxVcpus }),
    element("iothreads", { supported: "no" }),
    osElement(driver),
    cpuElement(),
    element("memoryBacking", { supported: "no" }),
    element("devices", {}, DEVICES.map(deviceElement)),
    element(
      "features",
      {},
      FEATURES.map(([name, supported]) => element(name, { supported })),
    ),
  ]);
}

/** The type of domain that the answer is for. */
function checkQuery(driver: DomainCapabilities, query: DomainCapabilitiesQuery): string {
  const { emulator, arch, machine, virttype } = query;
  const type = virttype ?? driver.virtTypes[0] ?? "qemu";
  if (!driver.virtTypes.includes(type)) {
    throw refusal(`the accel '${type}' is not supported by '${driver.emulator}' on this host`);
  }
  if (arch !== null && arch !== "riscv64") {
    throw refusal(`unable to find any emulator to serve '${arch}' architecture`);
  }
  if (emulator !== null && emulator !== driver.emulator) {
    throw refusal(`Cannot check QEMU binary ${emulator}: No such file or directory`);
  }
  if (machine !== null && machine !== "virt") {
    throw refusal(`the machine '${machine}' is not supported by emulator '${driver.emulator}'`);
  }
  return type;
}

function osElement({ efiLoader }: DomainCapabilities): XmlElement {
  return element("os", { supported: "yes" }, [
    list("firmware", efiLoader === null ? [] : ["efi"]),
    element("loader", { supported: "yes" }, [
      ...(efiLoader === null ? [] : [textElement("value", efiLoader)]),
      list("type", ["rom", "pflash"]),
      list("readonly", ["yes", "no"]),
      list("secure", ["no"]),
    ]),
  ]);
}

/** There is one CPU, which has all that the machine has. */
function cpuElement(): XmlElement {
  return element("cpu", {}, [
    element("mode", { name: "host-passthrough", supported: "no" }),
    element("mode", { name: "maximum", supported: "yes" }),
    element("mode", { name: "host-model", supported: "no" }),
    element("mode", { name: "custom", supported: "no" }),
  ]);
}

function deviceElement([name, lists]: readonly [string, Supported | null]): XmlElement {
  if (!lists) return element(name, { supported: "no" });
  return element(
    name,
    { supported: "yes" },
    Object.entries(lists).map(([key, values]) => list(key, values)),
  );
}

function list(name: string, values: readonly string[]): XmlElement {
  return element(
    "enum",
    { name },
    values.map((value) => textElement("value", value)),
  );
}

function refusal(message: string): Error {
  return vmError("invalidArg", message, { domain: ErrorDomain.qemu });
}
