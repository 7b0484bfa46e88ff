/** What a connection runs guests on. */
import type { Connect } from "../driver/connect.ts";
import { childElements, find, textAt, type XmlElement } from "../xml/element.ts";
import { parseXml } from "../xml/parse.ts";
import type { Platform } from "./new-domain.ts";

/** The architecture of our guests; a connection without it offers its first one. */
const ARCH = "riscv64";

/** @throws VmError */
export async function platformOf(connect: Connect): Promise<Platform> {
  const capabilities = parseXml(await connect.connectGetCapabilities(), "(capabilities)");
  const arches = childElements(capabilities, "guest").flatMap((guest) => find(guest, "arch") ?? []);
  const arch = arches.find((each) => each.attributes.get("name") === ARCH) ?? arches[0];
  return {
    virtType: arch ? virtType(arch) : "qemu",
    arch: arch?.attributes.get("name") ?? ARCH,
    machine: arch && textAt(arch, "machine"),
  };
}

/** KVM where there is any, as virt-install chooses. */
function virtType(arch: XmlElement): string {
  const types = childElements(arch, "domain").flatMap(({ attributes }) => {
    return attributes.get("type") ?? [];
  });
  return types.includes("kvm") ? "kvm" : (types[0] ?? "qemu");
}
