/** `virsh capabilities`: the host, and what guests it runs. */
import { element, textElement, type XmlElement } from "../../xml/element.ts";
import { MAX_VCPUS } from "./machine-config.ts";
import type { HostFacts } from "./ports.ts";

export function capabilities({ node }: HostFacts): XmlElement {
  return element("capabilities", {}, [hostOf(node), guest()]);
}

function hostOf({ model, cpus, memoryKib }: HostFacts["node"]): XmlElement {
  const cpu = (id: number): XmlElement =>
    element("cpu", { id, socket_id: 0, die_id: 0, core_id: id, siblings: id });
  const cell = element("cell", { id: 0 }, [
    element("memory", { unit: "KiB" }, [String(memoryKib)]),
    element(
      "cpus",
      { num: cpus },
      Array.from({ length: cpus }, (_, id) => cpu(id)),
    ),
  ]);
  return element("host", {}, [
    element("cpu", {}, [textElement("arch", model)]),
    element("topology", {}, [element("cells", { num: 1 }, [cell])]),
  ]);
}

function guest(): XmlElement {
  return element("guest", {}, [
    textElement("os_type", "hvm"),
    element("arch", { name: "riscv64" }, [
      textElement("wordsize", 64),
      element("machine", { maxCpus: MAX_VCPUS }, ["virt"]),
      element("domain", { type: "qemu" }),
      element("domain", { type: "kvm" }),
    ]),
  ]);
}
