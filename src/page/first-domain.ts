/** What a visitor finds: one click from a booting Linux. */
import { SERVED_ROOT, servedBase } from "../host/browser/served-files.ts";
import type { DriverConnection } from "../virt/driver/driver.ts";
import { parseManifest } from "../virt/guest-manifest.ts";
import { element, textElement } from "../virt/xml/element.ts";
import { formatXml } from "../virt/xml/format.ts";

const GUEST = "shell";
const NAME = "Debian shell";
const MEMORY_MIB = 256;

/** Defines it where the guest is served; a server without guests has nothing to offer. */
export async function defineFirstDomain(connection: DriverConnection): Promise<void> {
  const response = await fetch(new URL(`${GUEST}/manifest.json`, servedBase())).catch(() => null);
  if (response?.ok !== true) return;
  const { boots } = parseManifest(GUEST, await response.json());
  const { firmware, kernel, initrd, append } = boots.fast;
  const file = (path: string): string => `${SERVED_ROOT}${GUEST}/${path}`;
  const domain = element("domain", { type: "qemu" }, [
    textElement("name", NAME),
    element("memory", { unit: "MiB" }, [String(MEMORY_MIB)]),
    textElement("vcpu", 1),
    element("os", {}, [
      element("type", { arch: "riscv64", machine: "virt" }, ["hvm"]),
      element("loader", { type: "rom" }, [file(firmware.path)]),
      textElement("kernel", file(kernel.path)),
      textElement("initrd", file(initrd.path)),
      textElement("cmdline", append),
    ]),
    element("devices", {}, [
      element("serial", { type: "pty" }),
      element("console", { type: "pty" }, [element("target", { type: "serial" })]),
      element("console", { type: "pty" }, [element("target", { type: "virtio" })]),
      element("rng", { model: "virtio" }, [
        element("backend", { model: "random" }, ["/dev/urandom"]),
      ]),
      element("memballoon", { model: "none" }),
    ]),
  ]);
  await connection.domainDefineXMLFlags?.(formatXml(domain), 0);
}
