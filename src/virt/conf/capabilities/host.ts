/** `virsh capabilities` of the qemu driver: the host, and what guests it runs. */
import { element, textElement, type XmlElement } from "../../xml/element.ts";

export interface HostCapabilities {
  readonly uuid: string;
  /** What the host appears as to those who ask for its CPU: `riscv64` for one that emulates. */
  readonly arch: string;
  /** CPUs that run guests, 1 or more. */
  readonly cpus: number;
  readonly memoryKib: number;
  readonly emulator: string;
  readonly maxVcpus: number;
  /** `qemu`, and `kvm` where guests run on the CPU itself. */
  readonly virtTypes: readonly string[];
}

const PAGE_KIB = 4;

/** What libvirt calls a host that labels nothing. */
export const NO_SECURITY = { model: "none", doi: "0" } as const;

/** The document, in libvirt's schema `capability.rng`. */
export function hostCapabilities(host: HostCapabilities): XmlElement {
  return element("capabilities", {}, [hostElement(host), guestElement(host)]);
}

function hostElement(host: HostCapabilities): XmlElement {
  const { uuid, arch, cpus } = host;
  return element("host", {}, [
    textElement("uuid", uuid),
    element("cpu", {}, [
      textElement("arch", arch),
      element("topology", { sockets: 1, dies: 1, cores: cpus, threads: 1 }),
      element("pages", { unit: "KiB", size: PAGE_KIB }),
    ]),
    element("power_management"),
    element("iommu", { support: "no" }),
    element("topology", {}, [element("cells", { num: 1 }, [cell(host)])]),
    element("secmodel", {}, [
      textElement("model", NO_SECURITY.model),
      textElement("doi", NO_SECURITY.doi),
    ]),
  ]);
}

function cell({ cpus, memoryKib }: HostCapabilities): XmlElement {
  const all = Array.from({ length: cpus }, (_, id) =>
    element("cpu", { id, socket_id: 0, die_id: 0, core_id: id, siblings: id }),
  );
  return element("cell", { id: 0 }, [
    element("memory", { unit: "KiB" }, [String(memoryKib)]),
    element("pages", { unit: "KiB", size: PAGE_KIB }, [String(Math.floor(memoryKib / PAGE_KIB))]),
    element("distances", {}, [element("sibling", { id: 0, value: 10 })]),
    element("cpus", { num: cpus }, all),
  ]);
}

function guestElement({ emulator, maxVcpus, virtTypes }: HostCapabilities): XmlElement {
  return element("guest", {}, [
    textElement("os_type", "hvm"),
    element("arch", { name: "riscv64" }, [
      textElement("wordsize", 64),
      textElement("emulator", emulator),
      element("machine", { maxCpus: maxVcpus }, ["virt"]),
      ...virtTypes.map((type) => element("domain", { type })),
    ]),
    element("features", {}, [element("disksnapshot", { default: "on", toggle: "no" })]),
  ]);
}
